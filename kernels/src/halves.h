/* Rounding float32 to nearest even into 16 bits, in integers. */

#ifndef FANWISE_HALVES_H
#define FANWISE_HALVES_H

#include <stdint.h>
#include <string.h>

static inline uint32_t bits_of(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static inline uint16_t to_bfloat16(float value)
{
    uint32_t bits = bits_of(value);
    return (uint16_t)((bits + (0x7FFFu + ((bits >> 16) & 1))) >> 16);
}

/* The last place is fixed below 2**-14. */
static inline uint16_t to_float16(float value)
{
    uint32_t bits = bits_of(value), magnitude = bits & 0x7FFFFFFFu, exponent = magnitude >> 23;
    uint32_t below = exponent < 113 ? 113 - exponent : 0;
    uint32_t gone = below < 18 ? 13 + below : 31;
    uint32_t mantissa = (magnitude & 0x7FFFFFu) | 0x800000u;
    uint32_t kept = below ? mantissa : magnitude - (112u << 23);
    uint32_t half = ((uint32_t)1 << (gone - 1)) - 1;
    uint32_t rounded = (kept + half + ((kept >> gone) & 1)) >> gone;
    if (magnitude >= 0x47800000u)
        rounded = 0x7C00u;
    return (uint16_t)(((bits >> 16) & 0x8000u) | rounded);
}

#endif
