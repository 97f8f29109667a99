/* Holds the quantile of one instruction set against its definition, over all 2**32 words.
   exhaustive.py compiles it for each set, and hands it the table. */

#include <stdio.h>

#include SET

static row_t table[2048] ALIGNED;

static int32_t defined(uint32_t word)
{
    uint32_t m = word >> 31 ? ~word : word, exponent = 31;
    uint64_t x = (uint64_t)m * 2 + 1;
    while (!(x >> exponent))
        exponent--;
    uint64_t fraction = (x << (32 - exponent)) & 0xFFFFFFFF;
    const row_t *row = table + (exponent * 64 + (fraction >> 26));
    uint64_t t = (fraction << 6) & 0xFFFFFFFF;
    uint64_t step = row->c1 - ((t * row->c2) >> 32);
    int32_t z = (int32_t)(row->c0 - ((t * step) >> 41));
    return word >> 31 ? z : -z;
}

int main(void)
{
    uint64_t wrong = 0;
    for (int row = 0; row < 2048; row++)
        if (scanf("%u %u %u", &table[row].c0, &table[row].c1, &table[row].c2) != 3)
            return 2;
    for (uint64_t start = 0; start < (uint64_t)1 << 32; start += 4 * LANES) {
        uint32_t words[4 * LANES], got[4 * LANES];
        located_t located;
        for (int i = 0; i < 4 * LANES; i++)
            words[i] = (uint32_t)(start + (uint64_t)i);
        for (int i = 0; i < 4; i++)
            locate_one(loaded(words + i * LANES), &located, i);
        for (int i = 0; i < 4; i++)
            store_words(look_up(&located, i, table), got + i * LANES);
        for (int i = 0; i < 4 * LANES; i++)
            wrong += (int32_t)got[i] != defined(words[i]);
    }
    printf("%llu of 2**32 words are wrong\n", (unsigned long long)wrong);
    return wrong != 0;
}
