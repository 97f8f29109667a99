"""The functions of arrays that come from e^x."""

from __future__ import annotations

from typing import Final

import numpy as np

from fanwise.core.elementary.exponential_pairs import EXPONENTIAL, LESS_ONE, exponential, less_one
from fanwise.core.elementary.pairs import (
    NONE,
    Floats,
    Integers,
    Pair,
    Rounded,
    nearest,
    quick_two_sum,
    quotient,
    scaled,
    two_sum,
)

#: Of more, e^x is too large; of less, it is not half of the smallest float.
LARGEST: Final = 710.0
LEAST: Final = -745.2
#: Below 2**-1021 a result may be subnormal, and round elsewhere than the pair.
_NORMAL: Final = -1021
#: Below it f(x) = x (1 + d) rounds to x where |d| < |x|, or |d| < x² / 2.
_TINY: Final = 2.0**-54
_SMALL: Final = 2.0**-27
#: Of less, e^x is nothing beside 1; of more than half of it, e^-2x is.
_FAR: Final = 40.0


def exp(x: Floats) -> Rounded:
    """Compute e^x."""
    return rounded(*exponential((np.clip(x, LEAST, LARGEST), NONE)), x, EXPONENTIAL)


def rounded(pair: Pair, n: Integers, x: Floats, bound: float | Floats) -> Rounded:
    """Round e^x, which is a pair times 2**n, within a bound."""
    value, doubtful = nearest(pair, bound)
    some = (x >= LEAST) & (x < LARGEST)
    value = np.where(x < LEAST, 0.0, scaled(value, n))
    return value, (doubtful | (n < _NORMAL)) & some


def expm1(x: Floats) -> Rounded:
    """Compute e^x - 1."""
    pair, n = less_one(np.clip(x, -_FAR, LARGEST))
    value, doubtful = nearest(pair, LESS_ONE)
    tiny = np.abs(x) < _TINY
    return np.where(tiny, x, scaled(value, n)), doubtful & ~tiny & (x < LARGEST)


def tanh(x: Floats) -> Rounded:
    """Compute the hyperbolic tangent: of |x| it is d / (d + 2) with d = e^2|x| - 1.

    Its relative error is at most that of d, and that of pairs.
    """
    size = np.minimum(np.abs(x), _FAR / 2)
    (h, low), n = less_one(2 * size)
    h, low = scaled(h, n), scaled(low, n)
    s, e = two_sum(2.0, h)
    value, doubtful = nearest(quotient((h, low), quick_two_sum(s, e + low)), LESS_ONE)
    small = size < _SMALL
    doubtful = doubtful & ~small & (size < _FAR)
    return np.where(small, x, np.copysign(value, x)), doubtful
