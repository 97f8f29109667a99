/* NEON, which every 64-bit ARM has: vectors of 4 words. */

#include "target.h"

#if HAS_NEON

#include <arm_neon.h>
#include <stdint.h>

#include "layout.h"

#define DRAW fanwise_draw_neon
#define LANES 4
#define LISTED(p) (p)

typedef uint32x4_t words_t;
typedef int32x4_t ints_t;

#define all(word) vdupq_n_u32((uint32_t)(word))
#define xor2 veorq_u32
#define xor3(a, b, c) veorq_u32(a, veorq_u32(b, c))
#define loaded vld1q_u32
#define joined vreinterpretq_s32_u32
#define count_on(low, by) vaddq_u32(low, vdupq_n_u32((uint32_t)(by)))

/* The lower, or the upper, halves of four numbers. */
INLINE words_t lower(uint64x2_t a, uint64x2_t b)
{
    return vuzp1q_u32(vreinterpretq_u32_u64(a), vreinterpretq_u32_u64(b));
}

INLINE words_t upper(uint64x2_t a, uint64x2_t b)
{
    return vuzp2q_u32(vreinterpretq_u32_u64(a), vreinterpretq_u32_u64(b));
}

INLINE void multiply(words_t words, uint32_t factor, words_t *high, words_t *low)
{
    uint64x2_t a = vmull_n_u32(vget_low_u32(words), factor);
    uint64x2_t b = vmull_high_n_u32(words, factor);
    *low = lower(a, b);
    *high = upper(a, b);
}

INLINE words_t multiply_high(words_t a, words_t b)
{
    return upper(vmull_u32(vget_low_u32(a), vget_low_u32(b)), vmull_high_u32(a, b));
}

INLINE void listed(const uint64_t *list, words_t *low, words_t *high)
{
    uint64x2_t a = vld1q_u64(list), b = vld1q_u64(list + 2);
    *low = lower(a, b);
    *high = upper(a, b);
}

INLINE words_t squeeze(words_t words, uint32_t first, uint32_t count)
{
    return vaddq_u32(multiply_high(words, all(count)), all(first));
}

INLINE words_t signs(words_t words)
{
    return vreinterpretq_u32_s32(vshrq_n_s32(vreinterpretq_s32_u32(words), 31));
}

/* Four vectors of words, and what the table is asked for: where their rows lie, and t. */
typedef struct {
    words_t words[4], t[4], at[4];
} located_t;

INLINE void locate_one(words_t words, located_t *located, int i)
{
    words_t x = vorrq_u32(vshlq_n_u32(veorq_u32(words, signs(words)), 1), all(1));
    words_t zeros = vclzq_u32(x);
    words_t f = vshlq_n_u32(vshlq_u32(x, vreinterpretq_s32_u32(zeros)), 1);
    words_t octave = vsubq_u32(all(31), zeros);
    located->words[i] = words;
    located->t[i] = vshlq_n_u32(f, 6);
    located->at[i] = vshlq_n_u32(vsraq_n_u32(vshlq_n_u32(octave, 6), f, 26), 4);
}

INLINE ints_t look_up(const located_t *located, int i, const row_t *table)
{
    words_t words = located->words[i], t = located->t[i], at = located->at[i];
    uint64_t first = vgetq_lane_u64(vreinterpretq_u64_u32(at), 0);
    uint64_t second = vgetq_lane_u64(vreinterpretq_u64_u32(at), 1);
#define ROW(offset) vld1q_u32((const uint32_t *)((const char *)table + (offset)))
    words_t row0 = ROW(first & 0xFFFFFFFF), row1 = ROW(first >> 32);
    words_t row2 = ROW(second & 0xFFFFFFFF), row3 = ROW(second >> 32);
#undef ROW
    uint64x2_t even0 = vreinterpretq_u64_u32(vtrn1q_u32(row0, row1));
    uint64x2_t even2 = vreinterpretq_u64_u32(vtrn1q_u32(row2, row3));
    uint64x2_t odd0 = vreinterpretq_u64_u32(vtrn2q_u32(row0, row1));
    uint64x2_t odd2 = vreinterpretq_u64_u32(vtrn2q_u32(row2, row3));
    words_t c2 = vreinterpretq_u32_u64(vzip1q_u64(even0, even2));
    words_t c1 = vreinterpretq_u32_u64(vzip1q_u64(odd0, odd2));
    words_t c0 = vreinterpretq_u32_u64(vzip2q_u64(even0, even2));
    words_t step = vsubq_u32(c1, multiply_high(t, c2));
    words_t z = vsubq_u32(c0, vshrq_n_u32(multiply_high(t, step), 9));
    /* Negative where the top bit is clear. */
    return vreinterpretq_s32_u32(vsubq_u32(signs(words), veorq_u32(z, signs(words))));
}

INLINE ints_t odd(words_t words)
{
    words = vorrq_u32(vshrq_n_u32(words, 7), all(1));
    return vreinterpretq_s32_u32(vsubq_u32(words, all(1 << 24)));
}

INLINE void interleave(ints_t z[4])
{
    int64x2_t a = vreinterpretq_s64_s32(vzip1q_s32(z[0], z[1]));
    int64x2_t b = vreinterpretq_s64_s32(vzip2q_s32(z[0], z[1]));
    int64x2_t c = vreinterpretq_s64_s32(vzip1q_s32(z[2], z[3]));
    int64x2_t d = vreinterpretq_s64_s32(vzip2q_s32(z[2], z[3]));
    z[0] = vreinterpretq_s32_s64(vzip1q_s64(a, c));
    z[1] = vreinterpretq_s32_s64(vzip2q_s64(a, c));
    z[2] = vreinterpretq_s32_s64(vzip1q_s64(b, d));
    z[3] = vreinterpretq_s32_s64(vzip2q_s64(b, d));
}

INLINE void store_words(ints_t words, uint32_t *out)
{
    vst1q_u32(out, vreinterpretq_u32_s32(words));
}

INLINE float32x4_t scaled(ints_t ints, float unit, float mean)
{
    float32x4_t values = vmulq_f32(vcvtq_f32_s32(ints), vdupq_n_f32(unit));
    return vaddq_f32(values, vdupq_n_f32(mean));
}

INLINE void store_float32(ints_t ints, float unit, float mean, char *out)
{
    vst1q_u8((uint8_t *)out, vreinterpretq_u8_f32(scaled(ints, unit, mean)));
}

/* Bits that, cut to their upper halves, are rounded. */
INLINE uint16x8_t rounded(float32x4_t values)
{
    uint32x4_t bits = vreinterpretq_u32_f32(values);
    uint32x4_t even = vandq_u32(vshrq_n_u32(bits, 16), all(1));
    return vreinterpretq_u16_u32(vaddq_u32(bits, vaddq_u32(even, all(0x7FFF))));
}

INLINE void store_bfloat16(ints_t first, ints_t second, float unit, float mean, char *out)
{
    uint16x8_t a = rounded(scaled(first, unit, mean)), b = rounded(scaled(second, unit, mean));
    vst1q_u8((uint8_t *)out, vreinterpretq_u8_u16(vuzp2q_u16(a, b)));
}

INLINE void store_float16(ints_t ints, float unit, float mean, char *out)
{
    float16x4_t halves = vcvt_f16_f32(scaled(ints, unit, mean));
    vst1_u8((uint8_t *)out, vreinterpret_u8_f16(halves));
}

INLINE float64x2_t wide_scaled(int32x2_t ints, double unit, double mean)
{
    float64x2_t values = vmulq_f64(vcvtq_f64_s64(vmovl_s32(ints)), vdupq_n_f64(unit));
    return vaddq_f64(values, vdupq_n_f64(mean));
}

INLINE void store_float64(ints_t ints, double unit, double mean, char *out)
{
    float64x2_t low = wide_scaled(vget_low_s32(ints), unit, mean);
    float64x2_t high = wide_scaled(vget_high_s32(ints), unit, mean);
    vst1q_u8((uint8_t *)out, vreinterpretq_u8_f64(low));
    vst1q_u8((uint8_t *)(out + 16), vreinterpretq_u8_f64(high));
}

#include "body.h"

#endif
