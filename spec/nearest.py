"""The float64 nearest to a real number that can be computed within any bound."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

#: A number as integers: ``(m, exponent, bound)`` is m * 2**exponent, wrong by less than the bound
#: in units of 2**exponent.
Bounded = tuple[int, int, int]

#: The bits that are tried first. A hundred leave one number in 2**35 or so to a second attempt.
_FIRST: Final = 100
_MANTISSA: Final = 53
#: The exponent of the smallest float64.
_LOWEST: Final = -1074


def nearest(compute: Callable[[int], Bounded]) -> float:
    """Round a real number once to the nearest float64, halves to even.

    It is computed with more bits until everything within the bound rounds to one float. So it must
    not be exactly half way between two.

    Args:
        compute: the number, by the bits of it that are asked for.

    Raises:
        OverflowError: if it is too large.

    Reference:
        A. Ziv, Fast evaluation of elementary mathematical functions with correctly rounded last
        bit, ACM Transactions on Mathematical Software 17 (1991).
    """
    bits = _FIRST
    while True:
        m, exponent, bound = compute(bits)
        low, high = rounded(m - bound, exponent), rounded(m + bound, exponent)
        if low == high:
            if math.isinf(low):
                raise OverflowError("the result is too large")
            return low
        bits *= 2


def rounded(m: int, exponent: int) -> float:
    """Round m * 2**exponent to the nearest float64, halves to even; to an infinity if too large."""
    size = abs(m)
    shift = max(size.bit_length() - _MANTISSA, _LOWEST - exponent)
    if shift > 0:
        kept = size >> shift
        rest, half = size - (kept << shift), 1 << (shift - 1)
        size = kept + (rest > half or (rest == half and kept & 1))
        exponent += shift
    try:
        value = math.ldexp(size, exponent)
    except OverflowError:
        value = math.inf
    return -value if m < 0 else value
