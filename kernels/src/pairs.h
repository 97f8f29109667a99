/* Vectors of words on x86, where products of 32-bit numbers lie in slots of 64 bits: a vector is a
   pair of registers, of its even lanes and its odd ones. A multiplication reads the low half of
   a slot alone, so what is above it is anything, and a round needs neither shuffle nor blend.

   Included after what it is written in: `wide_t` of SLOTS slots and its operations. */

#define LANES (2 * SLOTS)
#define LISTED(p) (((p) & 1) * SLOTS + ((p) >> 1))

typedef struct {
    wide_t even, odd;
} words_t;

INLINE words_t all(uint64_t word)
{
    return (words_t){wide_all(word), wide_all(word)};
}

INLINE words_t xor2(words_t a, words_t b)
{
    return (words_t){wide_xor(a.even, b.even), wide_xor(a.odd, b.odd)};
}

INLINE words_t xor3(words_t a, words_t b, words_t c)
{
    return (words_t){wide_xor3(a.even, b.even, c.even), wide_xor3(a.odd, b.odd, c.odd)};
}

INLINE void multiply(words_t words, uint32_t factor, words_t *high, words_t *low)
{
    low->even = wide_multiply(words.even, wide_all(factor));
    low->odd = wide_multiply(words.odd, wide_all(factor));
    high->even = wide_high(low->even);
    high->odd = wide_high(low->odd);
}

INLINE void listed(const uint64_t *list, words_t *low, words_t *high)
{
    *low = (words_t){wide_load(list), wide_load(list + SLOTS)};
    *high = (words_t){wide_high(low->even), wide_high(low->odd)};
}

INLINE words_t count_on(words_t low, uint64_t by)
{
    return (words_t){wide_add(low.even, wide_all(by)), wide_add(low.odd, wide_all(by))};
}

INLINE words_t loaded(const uint32_t *source)
{
    wide_t words = wide_load(source);
    return (words_t){words, wide_high(words)};
}

INLINE wide_t wide_squeeze(wide_t words, uint32_t first, uint32_t count)
{
    return wide_add(wide_right(wide_multiply(words, wide_all(count)), 32), wide_all(first));
}

INLINE words_t squeeze(words_t words, uint32_t first, uint32_t count)
{
    return (words_t){
        wide_squeeze(words.even, first, count), wide_squeeze(words.odd, first, count)};
}

/* Four vectors of words, and what the table is asked for: where their rows lie, and t. */
typedef struct {
    words_t words[4], t[4];
    uint64_t at[8][SLOTS] ALIGNED;
} located_t;

/* The magnitude m of a word, as the double m + 1/2, has in its bits what is asked for: the
   exponent and the first six places choose the row, and the 32 that follow are t. */
INLINE wide_t wide_locate(wide_t words, uint64_t *at)
{
    wide_t bits = wide_and_half(wide_xor(words, wide_signs(words)));
    wide_store(at, wide_and(wide_right(bits, 42), wide_all(~(uint64_t)15)));
    return wide_right(bits, 14);
}

INLINE wide_t wide_look_up(wide_t words, wide_t t, const row_t *table, const uint64_t *at)
{
    wide_t both, heads, upper = wide_signs(words);
    wide_rows((uintptr_t)table - ((uintptr_t)1022 << 10), at, &both, &heads);
    wide_t step = wide_subtract(wide_high(both), wide_high(wide_multiply(t, both)));
    wide_t z = wide_subtract(heads, wide_right(wide_multiply(t, step), 41));
    /* Negative where the top bit is clear. */
    return wide_subtract(upper, wide_xor(z, upper));
}

INLINE void locate_one(words_t words, located_t *located, int i)
{
    located->words[i] = words;
    located->t[i].even = wide_locate(words.even, located->at[2 * i]);
    located->t[i].odd = wide_locate(words.odd, located->at[2 * i + 1]);
    KEEP_IN_MEMORY(located->at[2 * i]);
    KEEP_IN_MEMORY(located->at[2 * i + 1]);
}

INLINE ints_t look_up(const located_t *located, int i, const row_t *table)
{
    words_t words = located->words[i], t = located->t[i];
    return wide_joined(wide_look_up(words.even, t.even, table, located->at[2 * i]),
                       wide_look_up(words.odd, t.odd, table, located->at[2 * i + 1]));
}

INLINE ints_t joined(words_t words)
{
    return wide_joined(words.even, words.odd);
}

INLINE ints_t odd(words_t words)
{
    return ints_odd(joined(words));
}
