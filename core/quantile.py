"""The normal quantile in integers, by the normative table."""

from __future__ import annotations

import math
from functools import cache, lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fanwise.core.philox import Wide, Words, constant
from fanwise.core.scratch import scratch
from fanwise.spec.errors import FanwiseError
from fanwise.spec.quantile_table import quantile_table

#: One standard deviation, in units of the integer quantile.
ONE_SIGMA: Final = 1 << 28
#: A cut that leaves fewer words than this cannot be sampled.
SMALLEST_WINDOW: Final = 1 << 20
#: All words: a cut that removes nothing.
ALL_WORDS: Final = 1 << 32

_LOW: Final = constant(0xFFFFFFFF)
_HALF: Final = constant(32)
_SIGN: Final = np.array(31, np.int32)
_MIDDLE: Final = np.array(0.5)
#: Shifts: from the bits of a float64 to the row and to t, and from the last product to a fall.
_TO_ROW: Final = constant(46)
_TO_T: Final = constant(14)
#: One shift for mulhi and the slope's extra bits: floors of floors compose.
_TO_FALL: Final = constant(32 + 9)
#: What the leading bits of the float64 of ½ are, down to the sixth of the mantissa.
_FIRST_ROW: Final = 1022 << 6


def normal_integer(words: Words, out: NDArray[np.int32] | None = None) -> NDArray[np.int32]:
    """Compute the quantile of (word + ½) / 2³², in units of 2⁻²⁸ standard deviations.

    The float64 of x / 2 = m + ½ is exact, and its bits already hold what the definition
    asks of x: the exponent is less by one, the top 6 bits of the mantissa choose the piece,
    and the 32 bits that follow them are t.

    Args:
        words: uniform 32-bit words, any shape.
        out: where to write; None for a new array. It may be the memory of the words.

    Returns:
        Signed integers of that shape, between ±6.338·2²⁸.
    """
    # All ones where the top bit is set: then m is the complement. Masks are much quicker
    # than np.where.
    shape, signed = words.shape, words.view(np.int32)
    lower = np.right_shift(signed, _SIGN, scratch("lower", shape, np.int32))
    m = np.bitwise_xor(signed, lower, scratch("m", shape, np.int32))
    x = scratch("x", shape, np.float64)
    x[...] = m
    x += _MIDDLE
    t = x.view(np.uint64)
    row = np.right_shift(t, _TO_ROW, scratch("row", shape, np.uint64))
    heads, slopes = _rows()
    # No row is out of bounds. The mode is the quickest one; "raise" would hold the result twice.
    rows = row.view(np.int64)
    slope = slopes.take(rows, out=scratch("slope", shape, np.uint64), mode="wrap")
    z = heads.take(rows, out=m, mode="wrap")
    t >>= _TO_T
    t &= _LOW
    step = np.bitwise_and(slope, _LOW, row)
    step *= t
    step >>= _HALF
    slope >>= _HALF
    slope -= step
    slope *= t
    slope >>= _TO_FALL
    fall = scratch("fall", shape, np.int32)
    fall[...] = slope
    # The lower half's; then two's complement, where the top bit is set.
    np.subtract(fall, z, z)
    z ^= lower
    integers: NDArray[np.int32] = np.subtract(z, lower, out)
    return integers


@cache
def _rows() -> tuple[NDArray[np.int32], Wide]:
    """Return c0 of every row, and c1 with c2 below it, where the bits of m + ½ lead to."""
    c0, c1, c2 = columns()
    size = _FIRST_ROW + c0.size
    heads, slopes = np.zeros(size, np.int32), np.zeros(size, np.uint64)
    heads[_FIRST_ROW:] = c0
    slopes[_FIRST_ROW:] = c1 << _HALF | c2
    return heads, slopes


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


def into_window(words: Words, first: int, count: int, out: Words | None = None) -> Words:
    """Squeeze uniform words into a window: first + mulhi(word, count).

    Args:
        words: uniform 32-bit words, any shape.
        first: the first word of the window.
        count: how many words it has.
        out: where to write; None for a new array. It may be the memory of the words.
    """
    if count == ALL_WORDS:
        return words
    wide = scratch("wide", words.shape, np.uint64)
    wide[...] = words
    wide *= np.uint64(count)
    wide >>= _HALF
    if out is None:
        out = np.empty(words.shape, np.uint32)
    out[...] = wide
    out += np.uint32(first)
    return out
