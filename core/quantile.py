"""The normal quantile in integers, by the normative table."""

from __future__ import annotations

import math
from functools import cache, lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fanwise.core.philox import Wide, Words
from fanwise.core.scratch import scratch
from fanwise.spec.errors import FanwiseError
from fanwise.spec.quantile_table import quantile_table

#: One standard deviation, in units of the integer quantile.
ONE_SIGMA: Final = 1 << 28
#: A cut that leaves fewer words than this cannot be sampled.
SMALLEST_WINDOW: Final = 1 << 20
#: All words: a cut that removes nothing.
ALL_WORDS: Final = 1 << 32

_LOW: Final = np.uint64(0xFFFFFFFF)
_HALF: Final = np.uint64(32)
_EXPONENT_BIAS: Final = np.uint64(1023 << 6)


def normal_integer(words: Words) -> NDArray[np.int32]:
    """Compute the quantile of (word + ½) / 2³², in units of 2⁻²⁸ standard deviations.

    The float64 of x = 2m + 1 is exact, and its bits already hold what the definition
    asks for: the exponent is 31 less the leading zeros, the top 6 bits of the
    mantissa choose the piece, and the 32 bits that follow them are t.

    Args:
        words: uniform 32-bit words, any shape.

    Returns:
        Signed integers of that shape, between ±6.338·2²⁸.
    """
    # All ones where the top bit is set: then m is the complement. Masks are much quicker
    # than np.where.
    shape = words.shape
    lower = np.right_shift(words.view(np.int32), np.int32(31), out=scratch("lower", shape, "i4"))
    x = scratch("x", shape, "f8")
    np.copyto(x, np.bitwise_xor(words, lower.view(np.uint32), out=scratch("m", shape, "u4")))
    x *= 2.0
    x += 1.0
    t = x.view(np.uint64)
    row = np.right_shift(t, np.uint64(46), out=scratch("row", shape, "u8"))
    row -= _EXPONENT_BIAS
    t >>= np.uint64(14)
    t &= _LOW
    c0, c1, c2 = columns()
    rows = row.view(np.int64)
    # mode="clip" changes no row; without it take would hold the result twice.
    step = np.take(c2, rows, out=scratch("step", shape, "u8"), mode="clip")
    step *= t
    step >>= _HALF
    slope = np.take(c1, rows, out=scratch("slope", shape, "u8"), mode="clip")
    slope -= step
    slope *= t
    # One shift for mulhi and the slope's extra bits: floors of floors compose.
    slope >>= np.uint64(32 + 9)
    np.take(c0, rows, out=step, mode="clip")
    step -= slope
    z = step.astype(np.int32)
    # Two's complement: negative where the top bit is clear.
    np.invert(lower, out=lower)
    z ^= lower
    z -= lower
    return z


@cache
def columns() -> tuple[Wide, Wide, Wide]:
    """Return the table's three columns."""
    table = np.array(quantile_table().rows, np.uint64)
    c0, c1, c2 = (np.ascontiguousarray(column) for column in table.T)
    return c0, c1, c2


@lru_cache(maxsize=256)
def window(low: float, high: float) -> tuple[int, int]:
    """Find the words whose quantile lies within [low, high] standard deviations.

    Found by bisection in the integer quantile itself, so no libm takes part.

    Returns:
        The first such word, and their number.

    Raises:
        FanwiseError: where fewer than 2²⁰ words are left.
    """
    lowest = math.ceil(_in_range(low) * ONE_SIGMA)
    highest = math.floor(_in_range(high) * ONE_SIGMA)
    first = _count_below(lowest)
    count = _count_below(highest + 1) - first
    if count < SMALLEST_WINDOW:
        raise FanwiseError(
            "bounds that keep at least 2**20 of the 2**32 words",
            (low, high),
            "Move the bounds, in standard deviations, towards 0, or apart.",
        )
    return first, count


def _in_range(bound: float) -> float:
    """Hold a bound to where the quantile ends (6.338), so that its integer is small."""
    return min(max(bound, -8.0), 8.0)


def _count_below(integer: int) -> int:
    """Count the words with a quantile below an integer: the quantile is monotone."""
    first, last = 0, ALL_WORDS
    while first < last:
        middle = (first + last) // 2
        if int(normal_integer(np.array([middle], np.uint32))[0]) < integer:
            first = middle + 1
        else:
            last = middle
    return first


def into_window(words: Words, first: int, count: int) -> Words:
    """Squeeze uniform words into a window: first + mulhi(word, count)."""
    if count == ALL_WORDS:
        return words
    wide = scratch("wide", words.shape, "u8")
    np.copyto(wide, words)
    wide *= np.uint64(count)
    wide >>= _HALF
    wide += np.uint64(first)
    return wide.astype(np.uint32)
