"""From words to weights, compiled: the same integers, and the same two roundings.

The look-up in the table, which LLVM cannot vectorize, has a loop to itself.
"""

from __future__ import annotations

from fanwise.core.fast.kernel_parts import (
    COUNT,
    FIRST,
    IS_NORMAL,
    STEP,
    Array,
    Ints,
    i32,
    leading_zeros,
    part,
    smaller,
    u16,
    u32,
    u64,
)


@part
def uniform(words: Array, scale: Array, values: Array) -> None:
    """Multiply the odd integer of each word by the unit."""
    unit = scale[0]
    for i in range(len(words)):
        odd = i32(i32(words[i] >> u32(8)) * i32(2) + i32(1 - (1 << 24)))
        values[i] = values.dtype.type(odd) * unit


@part
def squeeze(words: Array, first: int, count: int) -> None:
    """Squeeze words into a window: first + mulhi(word, count)."""
    for i in range(len(words)):
        words[i] = u32(u32((u64(words[i]) * u64(count)) >> u64(32)) + u32(first))


@part
def locate(words: Array, rows: Array, inside: Array) -> None:
    """Find the row of the table for each word, and how far into its piece the word lies."""
    for i in range(len(words)):
        # All ones where the word's top bit is set.
        upper = u32(i32(words[i]) >> i32(31))
        x = u32(u32(u32(words[i] ^ upper) << u32(1)) | u32(1))
        zeros = leading_zeros(x)
        f = u32(u32(x << zeros) << u32(1))
        rows[i] = u32(u32(u32(31) - zeros) << u32(6)) + u32(f >> u32(26))
        inside[i] = u32(f << u32(6))


@part
def look_up(rows: Array, heads: Array, slopes: Ints, head: Array, slope: Ints) -> None:
    """Look up the row's three numbers, of which the last two are one."""
    for i in range(len(rows)):
        row = rows[i]
        head[i] = heads[row]
        slope[i] = slopes[row]


@part
def quantile(
    words: Array, inside: Array, head: Array, slope: Ints, scale: Array, values: Array
) -> None:
    """Multiply the quantile, negative where the word's top bit is clear, by the unit."""
    unit = scale[0]
    for i in range(len(words)):
        t, both = u64(inside[i]), u64(slope[i])
        step = (both >> u64(32)) - ((t * (both & u64(0xFFFFFFFF))) >> u64(32))
        z = i32(u32(head[i] - u32((t * step) >> u64(41))))
        lower = ~(i32(words[i]) >> i32(31))
        z = i32(i32(z ^ lower) - lower)
        values[i] = values.dtype.type(z) * unit


@part
def normal(
    words: Array,
    scale: Array,
    heads: Array,
    slopes: Ints,
    small: Array,
    slope: Ints,
    values: Array,
) -> None:
    """Compute the quantile of every word, some at a time."""
    start = 0
    while start < len(words):
        here = smaller(len(words) - start, STEP)
        word, value = words[start : start + here], values[start : start + here]
        rows, inside = small[:here], small[STEP : STEP + here]
        head, both = small[2 * STEP : 2 * STEP + here], slope[:here]
        locate(word, rows, inside)
        look_up(rows, heads, slopes, head, both)
        quantile(word, inside, head, both, scale, value)
        start += STEP


@part
def centred(values: Array, scale: Array) -> None:
    """Add the mean, to products held to a bound that none of them exceeds."""
    mean, bound = scale[1], scale[2]
    for i in range(len(values)):
        values[i] = -smaller(-smaller(values[i], bound), bound) + mean


@part
def make_values(
    job: Ints,
    words: Array,
    scale: Array,
    heads: Array,
    slopes: Ints,
    small: Array,
    slope: Ints,
    values: Array,
) -> None:
    """Turn the words of a tile into weights."""
    if job[IS_NORMAL]:
        if job[COUNT] != 1 << 32:
            squeeze(words, job[FIRST], job[COUNT])
        normal(words, scale, heads, slopes, small, slope, values)
    else:
        uniform(words, scale, values)
    if scale[1] != 0:
        centred(values, scale)


@part
def to_bfloat16(bits: Array, stored: Array) -> None:
    """Round float32 values to nearest even into the bits of bfloat16."""
    for i in range(len(bits)):
        even = u32(u32(bits[i] >> u32(16)) & u32(1))
        stored[i] = u16(u32(bits[i] + u32(u32(0x7FFF) + even)) >> u32(16))


@part
def to_float16(bits: Array, stored: Array) -> None:
    """Round them into those of float16, whose last place is fixed below 2**-14."""
    for i in range(len(bits)):
        magnitude = u32(bits[i] & u32(0x7FFFFFFF))
        exponent = u32(magnitude >> u32(23))
        below = u32(u32(113) - exponent) if exponent < u32(113) else u32(0)
        gone = u32(u32(13) + below) if below < u32(18) else u32(31)
        mantissa = u32(u32(magnitude & u32(0x7FFFFF)) | u32(0x800000))
        kept = mantissa if below else u32(magnitude - u32(112 << 23))
        even = u32(u32(kept >> gone) & u32(1))
        half = u32(u32(u32(1) << u32(gone - u32(1))) - u32(1))
        rounded = u32(u32(kept + u32(half + even)) >> gone)
        infinite = magnitude >= u32(0x47800000)
        sign = u32(u32(bits[i] >> u32(16)) & u32(0x8000))
        stored[i] = u16(sign | (u32(0x7C00) if infinite else rounded))
