/* AVX2: vectors of 8 words. */

#include "target.h"

#if HAS_AVX

#include <immintrin.h>
#include <stdint.h>

#include "layout.h"

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,f16c"))), apply_to = function)
#else
#pragma GCC target("avx2,f16c")
#endif

#define DRAW fanwise_draw_avx2
#define SLOTS 4

typedef __m256i wide_t;
typedef __m256i ints_t;

#define wide_all(word) _mm256_set1_epi64x((long long)(word))
#define wide_xor _mm256_xor_si256
#define wide_xor3(a, b, c) _mm256_xor_si256(a, _mm256_xor_si256(b, c))
#define wide_and _mm256_and_si256
#define wide_add _mm256_add_epi64
#define wide_subtract _mm256_sub_epi64
#define wide_multiply _mm256_mul_epu32
#define wide_right _mm256_srli_epi64
#define wide_high(a) _mm256_shuffle_epi32(a, 0xF5)
#define wide_load(source) _mm256_loadu_si256((const __m256i *)(source))
#define wide_store(out, a) _mm256_store_si256((__m256i *)(out), a)
#define wide_signs(a) _mm256_srai_epi32(a, 31)

/* The bits of the double that is half more than the low half of a slot. */
INLINE wide_t wide_and_half(wide_t a)
{
    __m256i whole = _mm256_blend_epi32(a, wide_all(0x4330000000000000), 0xAA);
    return _mm256_castpd_si256(
        _mm256_sub_pd(_mm256_castsi256_pd(whole), _mm256_set1_pd(4503599627370495.5)));
}

INLINE __m256i two_rows(uintptr_t table, const uint64_t *at)
{
    __m256i rows = _mm256_castsi128_si256(_mm_load_si128((const __m128i *)(table + at[0])));
    return _mm256_inserti128_si256(rows, _mm_load_si128((const __m128i *)(table + at[2])), 1);
}

INLINE void wide_rows(uintptr_t table, const uint64_t *at, wide_t *both, wide_t *heads)
{
    __m256i even = two_rows(table, at), odd = two_rows(table, at + 1);
    *both = _mm256_unpacklo_epi64(even, odd);
    *heads = _mm256_unpackhi_epi64(even, odd);
}

INLINE ints_t wide_joined(wide_t even, wide_t odd)
{
    return _mm256_blend_epi32(even, _mm256_slli_epi64(odd, 32), 0xAA);
}

INLINE ints_t ints_odd(ints_t words)
{
    words = _mm256_or_si256(_mm256_srli_epi32(words, 7), _mm256_set1_epi32(1));
    return _mm256_sub_epi32(words, _mm256_set1_epi32(1 << 24));
}

INLINE void interleave(ints_t z[4])
{
    __m256i a = _mm256_unpacklo_epi32(z[0], z[1]), b = _mm256_unpackhi_epi32(z[0], z[1]);
    __m256i c = _mm256_unpacklo_epi32(z[2], z[3]), d = _mm256_unpackhi_epi32(z[2], z[3]);
    z[0] = _mm256_unpacklo_epi64(a, c);
    z[1] = _mm256_unpackhi_epi64(a, c);
    z[2] = _mm256_unpacklo_epi64(b, d);
    z[3] = _mm256_unpackhi_epi64(b, d);
}

INLINE void store_words(ints_t words, uint32_t *out)
{
    _mm256_storeu_si256((__m256i *)out, words);
}

INLINE __m256 scaled(ints_t ints, float unit, float mean)
{
    __m256 values = _mm256_mul_ps(_mm256_cvtepi32_ps(ints), _mm256_set1_ps(unit));
    return _mm256_add_ps(values, _mm256_set1_ps(mean));
}

INLINE void store_float32(ints_t ints, float unit, float mean, char *out)
{
    _mm256_storeu_ps((float *)out, scaled(ints, unit, mean));
}

/* Bits that, cut to their upper halves, are rounded. */
INLINE __m256i rounded(__m256 values)
{
    __m256i bits = _mm256_castps_si256(values);
    __m256i even = _mm256_and_si256(_mm256_srli_epi32(bits, 16), _mm256_set1_epi32(1));
    return _mm256_add_epi32(bits, _mm256_add_epi32(even, _mm256_set1_epi32(0x7FFF)));
}

INLINE void store_bfloat16(ints_t first, ints_t second, float unit, float mean, char *out)
{
    __m256i a = _mm256_srli_epi32(rounded(scaled(first, unit, mean)), 16);
    __m256i b = _mm256_srli_epi32(rounded(scaled(second, unit, mean)), 16);
    __m256i halves = _mm256_permute4x64_epi64(_mm256_packus_epi32(a, b), 0xD8);
    _mm256_storeu_si256((__m256i *)out, halves);
}

INLINE void store_float16(ints_t ints, float unit, float mean, char *out)
{
    _mm_storeu_si128((__m128i *)out, _mm256_cvtps_ph(scaled(ints, unit, mean), 0));
}

INLINE __m256d wide_scaled(__m128i ints, double unit, double mean)
{
    __m256d values = _mm256_mul_pd(_mm256_cvtepi32_pd(ints), _mm256_set1_pd(unit));
    return _mm256_add_pd(values, _mm256_set1_pd(mean));
}

INLINE void store_float64(ints_t ints, double unit, double mean, char *out)
{
    __m128i low = _mm256_castsi256_si128(ints), high = _mm256_extracti128_si256(ints, 1);
    _mm256_storeu_pd((double *)out, wide_scaled(low, unit, mean));
    _mm256_storeu_pd((double *)(out + 32), wide_scaled(high, unit, mean));
}

#include "pairs.h"
/* after the vectors */
#include "body.h"

#if defined(__clang__)
#pragma clang attribute pop
#endif

#endif
