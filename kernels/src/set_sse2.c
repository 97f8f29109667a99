/* SSE2, which every x86-64 has: vectors of 4 words. */

#include "target.h"

#if HAS_SSE2

#include <emmintrin.h>
#include <stdint.h>

#include "halves.h"
#include "layout.h"

#define DRAW fanwise_draw_sse2
#define SLOTS 2

typedef __m128i wide_t;
typedef __m128i ints_t;

#define wide_all(word) _mm_set1_epi64x((long long)(word))
#define wide_xor _mm_xor_si128
#define wide_xor3(a, b, c) _mm_xor_si128(a, _mm_xor_si128(b, c))
#define wide_and _mm_and_si128
#define wide_add _mm_add_epi64
#define wide_subtract _mm_sub_epi64
#define wide_multiply _mm_mul_epu32
#define wide_right _mm_srli_epi64
#define wide_high(a) _mm_shuffle_epi32(a, 0xF5)
#define wide_load(source) _mm_loadu_si128((const __m128i *)(source))
#define wide_store(out, a) _mm_storeu_si128((__m128i *)(out), a)
#define wide_signs(a) _mm_srai_epi32(a, 31)

/* The bits of the double that is half more than the low half of a slot. */
INLINE wide_t wide_and_half(wide_t a)
{
    __m128i low = _mm_and_si128(a, wide_all(0xFFFFFFFF));
    __m128i whole = _mm_or_si128(low, wide_all(0x4330000000000000));
    return _mm_castpd_si128(
        _mm_sub_pd(_mm_castsi128_pd(whole), _mm_set1_pd(4503599627370495.5)));
}

INLINE void wide_rows(uintptr_t table, const uint64_t *at, wide_t *both, wide_t *heads)
{
    __m128i even = _mm_load_si128((const __m128i *)(table + (uintptr_t)at[0]));
    __m128i odd = _mm_load_si128((const __m128i *)(table + (uintptr_t)at[1]));
    *both = _mm_unpacklo_epi64(even, odd);
    *heads = _mm_unpackhi_epi64(even, odd);
}

INLINE ints_t wide_joined(wide_t even, wide_t odd)
{
    return _mm_or_si128(_mm_and_si128(even, wide_all(0xFFFFFFFF)), _mm_slli_epi64(odd, 32));
}

INLINE ints_t ints_odd(ints_t words)
{
    words = _mm_or_si128(_mm_srli_epi32(words, 7), _mm_set1_epi32(1));
    return _mm_sub_epi32(words, _mm_set1_epi32(1 << 24));
}

INLINE void interleave(ints_t z[4])
{
    __m128i a = _mm_unpacklo_epi32(z[0], z[1]), b = _mm_unpackhi_epi32(z[0], z[1]);
    __m128i c = _mm_unpacklo_epi32(z[2], z[3]), d = _mm_unpackhi_epi32(z[2], z[3]);
    z[0] = _mm_unpacklo_epi64(a, c);
    z[1] = _mm_unpackhi_epi64(a, c);
    z[2] = _mm_unpacklo_epi64(b, d);
    z[3] = _mm_unpackhi_epi64(b, d);
}

INLINE void store_words(ints_t words, uint32_t *out)
{
    _mm_storeu_si128((__m128i *)out, words);
}

INLINE __m128 scaled(ints_t ints, float unit, float mean)
{
    __m128 values = _mm_mul_ps(_mm_cvtepi32_ps(ints), _mm_set1_ps(unit));
    return _mm_add_ps(values, _mm_set1_ps(mean));
}

INLINE void store_float32(ints_t ints, float unit, float mean, char *out)
{
    _mm_storeu_ps((float *)out, scaled(ints, unit, mean));
}

/* Bits that, cut to their upper halves, are rounded. */
INLINE __m128i rounded(__m128 values)
{
    __m128i bits = _mm_castps_si128(values);
    __m128i even = _mm_and_si128(_mm_srli_epi32(bits, 16), _mm_set1_epi32(1));
    return _mm_add_epi32(bits, _mm_add_epi32(even, _mm_set1_epi32(0x7FFF)));
}

INLINE void store_bfloat16(ints_t first, ints_t second, float unit, float mean, char *out)
{
    /* With their signs, as they are packed. */
    __m128i a = _mm_srai_epi32(rounded(scaled(first, unit, mean)), 16);
    __m128i b = _mm_srai_epi32(rounded(scaled(second, unit, mean)), 16);
    _mm_storeu_si128((__m128i *)out, _mm_packs_epi32(a, b));
}

INLINE void store_float16(ints_t ints, float unit, float mean, char *out)
{
    float values[4];
    uint16_t halves[4];
    _mm_storeu_ps(values, scaled(ints, unit, mean));
    for (int i = 0; i < 4; i++)
        halves[i] = to_float16(values[i]);
    memcpy(out, halves, sizeof halves);
}

INLINE __m128d wide_scaled(__m128i ints, double unit, double mean)
{
    __m128d values = _mm_mul_pd(_mm_cvtepi32_pd(ints), _mm_set1_pd(unit));
    return _mm_add_pd(values, _mm_set1_pd(mean));
}

INLINE void store_float64(ints_t ints, double unit, double mean, char *out)
{
    _mm_storeu_pd((double *)out, wide_scaled(ints, unit, mean));
    _mm_storeu_pd((double *)(out + 16), wide_scaled(_mm_srli_si128(ints, 8), unit, mean));
}

#include "pairs.h"
/* after the vectors */
#include "body.h"

#endif
