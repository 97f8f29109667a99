/* AVX-512: vectors of 16 words. */

#include "target.h"

#if HAS_AVX

#include <immintrin.h>
#include <stdint.h>

#include "layout.h"

#if defined(__clang__)
#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl"))), apply_to = function)
#else
#pragma GCC target("avx512f,avx512bw,avx512dq,avx512vl")
#endif

#define DRAW fanwise_draw_avx512
#define SLOTS 8

typedef __m512i wide_t;
typedef __m512i ints_t;

#define wide_all(word) _mm512_set1_epi64((long long)(word))
#define wide_xor _mm512_xor_si512
#define wide_xor3(a, b, c) _mm512_ternarylogic_epi64(a, b, c, 0x96)
#define wide_and _mm512_and_si512
#define wide_add _mm512_add_epi64
#define wide_subtract _mm512_sub_epi64
#define wide_multiply _mm512_mul_epu32
#define wide_right _mm512_srli_epi64
#define wide_high(a) _mm512_shuffle_epi32(a, 0xF5)
#define wide_load _mm512_loadu_si512
#define wide_store _mm512_store_si512
#define wide_signs(a) _mm512_srai_epi32(a, 31)

/* The bits of the double that is half more than the low half of a slot. */
INLINE wide_t wide_and_half(wide_t a)
{
    __m512i whole = _mm512_mask_mov_epi32(wide_all(0x4330000000000000), 0x5555, a);
    return _mm512_castpd_si512(
        _mm512_sub_pd(_mm512_castsi512_pd(whole), _mm512_set1_pd(4503599627370495.5)));
}

INLINE __m512i four_rows(uintptr_t table, const uint64_t *at)
{
#define ROW(i) _mm_load_si128((const __m128i *)(table + at[2 * (i)]))
    __m512i rows = _mm512_castsi128_si512(ROW(0));
    rows = _mm512_inserti32x4(rows, ROW(1), 1);
    rows = _mm512_inserti32x4(rows, ROW(2), 2);
    return _mm512_inserti32x4(rows, ROW(3), 3);
#undef ROW
}

INLINE void wide_rows(uintptr_t table, const uint64_t *at, wide_t *both, wide_t *heads)
{
    __m512i even = four_rows(table, at), odd = four_rows(table, at + 1);
    *both = _mm512_unpacklo_epi64(even, odd);
    *heads = _mm512_unpackhi_epi64(even, odd);
}

INLINE ints_t wide_joined(wide_t even, wide_t odd)
{
    return _mm512_mask_shuffle_epi32(even, 0xAAAA, odd, 0xA0);
}

INLINE ints_t ints_odd(ints_t words)
{
    words = _mm512_or_si512(_mm512_srli_epi32(words, 7), _mm512_set1_epi32(1));
    return _mm512_sub_epi32(words, _mm512_set1_epi32(1 << 24));
}

INLINE void interleave(ints_t z[4])
{
    __m512i a = _mm512_unpacklo_epi32(z[0], z[1]), b = _mm512_unpackhi_epi32(z[0], z[1]);
    __m512i c = _mm512_unpacklo_epi32(z[2], z[3]), d = _mm512_unpackhi_epi32(z[2], z[3]);
    z[0] = _mm512_unpacklo_epi64(a, c);
    z[1] = _mm512_unpackhi_epi64(a, c);
    z[2] = _mm512_unpacklo_epi64(b, d);
    z[3] = _mm512_unpackhi_epi64(b, d);
}

INLINE void store_words(ints_t words, uint32_t *out)
{
    _mm512_storeu_si512(out, words);
}

INLINE __m512 scaled(ints_t ints, float unit, float mean)
{
    __m512 values = _mm512_mul_ps(_mm512_cvtepi32_ps(ints), _mm512_set1_ps(unit));
    return _mm512_add_ps(values, _mm512_set1_ps(mean));
}

INLINE void store_float32(ints_t ints, float unit, float mean, char *out)
{
    _mm512_storeu_ps(out, scaled(ints, unit, mean));
}

/* Bits that, cut to their upper halves, are rounded. */
INLINE __m512i rounded(__m512 values)
{
    __m512i bits = _mm512_castps_si512(values);
    __m512i even = _mm512_and_si512(_mm512_srli_epi32(bits, 16), _mm512_set1_epi32(1));
    return _mm512_add_epi32(bits, _mm512_add_epi32(even, _mm512_set1_epi32(0x7FFF)));
}

INLINE void store_bfloat16(ints_t first, ints_t second, float unit, float mean, char *out)
{
    static const uint16_t UPPER[32] ALIGNED = {1,  3,  5,  7,  9,  11, 13, 15, 17, 19, 21,
                                               23, 25, 27, 29, 31, 33, 35, 37, 39, 41, 43,
                                               45, 47, 49, 51, 53, 55, 57, 59, 61, 63};
    __m512i halves = _mm512_permutex2var_epi16(
        rounded(scaled(first, unit, mean)), _mm512_load_si512(UPPER),
        rounded(scaled(second, unit, mean)));
    _mm512_storeu_si512(out, halves);
}

INLINE void store_float16(ints_t ints, float unit, float mean, char *out)
{
    _mm256_storeu_si256((__m256i *)out, _mm512_cvtps_ph(scaled(ints, unit, mean), 0));
}

INLINE __m512d wide_scaled(__m256i ints, double unit, double mean)
{
    __m512d values = _mm512_mul_pd(_mm512_cvtepi32_pd(ints), _mm512_set1_pd(unit));
    return _mm512_add_pd(values, _mm512_set1_pd(mean));
}

INLINE void store_float64(ints_t ints, double unit, double mean, char *out)
{
    __m256i low = _mm512_castsi512_si256(ints), high = _mm512_extracti64x4_epi64(ints, 1);
    _mm512_storeu_pd(out, wide_scaled(low, unit, mean));
    _mm512_storeu_pd(out + 64, wide_scaled(high, unit, mean));
}

#include "pairs.h"
/* after the vectors */
#include "body.h"

#if defined(__clang__)
#pragma clang attribute pop
#endif

#endif
