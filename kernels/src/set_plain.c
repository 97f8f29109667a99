/* Plain C, for processors and compilers of which the others know nothing. */

#include "halves.h"
#include "layout.h"
#include "target.h"

#define DRAW fanwise_draw_plain
#define LANES 4
#define LISTED(p) (p)

typedef struct {
    uint32_t lane[LANES];
} words_t;
typedef struct {
    int32_t lane[LANES];
} ints_t;

#define EACH for (int p = 0; p < LANES; p++)

INLINE words_t all(uint64_t word)
{
    words_t words;
    EACH words.lane[p] = (uint32_t)word;
    return words;
}

INLINE words_t xor2(words_t a, words_t b)
{
    EACH a.lane[p] ^= b.lane[p];
    return a;
}

INLINE words_t xor3(words_t a, words_t b, words_t c)
{
    return xor2(xor2(a, b), c);
}

INLINE void multiply(words_t words, uint32_t factor, words_t *high, words_t *low)
{
    EACH {
        uint64_t product = (uint64_t)words.lane[p] * factor;
        high->lane[p] = (uint32_t)(product >> 32);
        low->lane[p] = (uint32_t)product;
    }
}

INLINE void listed(const uint64_t *list, words_t *low, words_t *high)
{
    EACH low->lane[p] = (uint32_t)list[p], high->lane[p] = (uint32_t)(list[p] >> 32);
}

INLINE words_t count_on(words_t low, uint64_t by)
{
    EACH low.lane[p] += (uint32_t)by;
    return low;
}

INLINE words_t loaded(const uint32_t *source)
{
    words_t words;
    memcpy(&words, source, sizeof words);
    return words;
}

INLINE ints_t joined(words_t words)
{
    ints_t ints;
    memcpy(&ints, &words, sizeof ints);
    return ints;
}

INLINE void store_words(ints_t words, uint32_t *out)
{
    memcpy(out, &words, sizeof words);
}

INLINE ints_t odd(words_t words)
{
    ints_t ints;
    EACH ints.lane[p] = (int32_t)(words.lane[p] >> 8) * 2 + (1 - (1 << 24));
    return ints;
}

INLINE words_t squeeze(words_t words, uint32_t first, uint32_t count)
{
    EACH words.lane[p] = first + (uint32_t)(((uint64_t)words.lane[p] * count) >> 32);
    return words;
}

INLINE uint32_t leading_zeros(uint32_t word)
{
#if defined(__GNUC__)
    return (uint32_t)__builtin_clz(word);
#else
    uint32_t zeros = 0;
    for (uint32_t half = 16; half; half >>= 1)
        if (!(word >> (32 - half)))
            zeros += half, word <<= half;
    return zeros;
#endif
}

typedef struct {
    words_t words[4];
} located_t;

INLINE void locate_one(words_t words, located_t *located, int i)
{
    located->words[i] = words;
}

INLINE ints_t look_up(const located_t *located, int i, const row_t *table)
{
    ints_t ints;
    EACH {
        uint32_t word = located->words[i].lane[p], upper = 0u - (word >> 31);
        uint32_t x = (word ^ upper) << 1 | 1, zeros = leading_zeros(x);
        uint32_t f = x << zeros << 1;
        const row_t *row = table + (((31 - zeros) << 6) + (f >> 26));
        uint64_t t = f << 6;
        uint64_t step = row->c1 - ((t * row->c2) >> 32);
        int32_t z = (int32_t)(row->c0 - (uint32_t)((t * step) >> 41));
        ints.lane[p] = upper ? z : -z;
    }
    return ints;
}

INLINE void interleave(ints_t z[4])
{
    for (int i = 0; i < 4; i++)
        for (int j = 0; j < i; j++) {
            int32_t kept = z[i].lane[j];
            z[i].lane[j] = z[j].lane[i];
            z[j].lane[i] = kept;
        }
}

INLINE float scaled(int32_t integer, float unit, float mean)
{
    return (float)integer * unit + mean;
}

INLINE void store_float32(ints_t ints, float unit, float mean, char *out)
{
    float values[LANES];
    EACH values[p] = scaled(ints.lane[p], unit, mean);
    memcpy(out, values, sizeof values);
}

INLINE void store_float64(ints_t ints, double unit, double mean, char *out)
{
    double values[LANES];
    EACH values[p] = ints.lane[p] * unit + mean;
    memcpy(out, values, sizeof values);
}

INLINE void store_bfloat16(ints_t first, ints_t second, float unit, float mean, char *out)
{
    uint16_t values[2 * LANES];
    EACH values[p] = to_bfloat16(scaled(first.lane[p], unit, mean));
    EACH values[LANES + p] = to_bfloat16(scaled(second.lane[p], unit, mean));
    memcpy(out, values, sizeof values);
}

INLINE void store_float16(ints_t ints, float unit, float mean, char *out)
{
    uint16_t values[LANES];
    EACH values[p] = to_float16(scaled(ints.lane[p], unit, mean));
    memcpy(out, values, sizeof values);
}

#include "body.h"
