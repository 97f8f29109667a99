"""Logarithms as pairs, with their errors.

A number is 2**e m, with m from 0.6875 to 1.375, and i / 512 is the multiple nearest to m. With a
table's c next to 512 / i, r = c m - 1 is at most 2**-9.46 in size, and the logarithm is
e log 2 - log c + log(1 + r). Next to 1 the factor c is 1, and e is 0.

The error: r and r²/2 are pairs, and the rest q of the series, of at most r³/3 and a little, is a
float. With u = 2**-53, q is wrong by 8 u of itself at most (two for r³, one for the coefficient,
one for the sum, one for the product, and three where it is added to the low part), and leaves out
r² of the low part of r, at most u r³. That makes (8/3 + 1) u r³. Next to 1, where |r| <= 2**-10,
it is 2**-71.1 of the logarithm; elsewhere it is 2**-79.5, and the logarithm at least 2**-10.01.
The series ends at 2**-88, pairs add 2**-100 of the sum of the terms, and e log 2 is wrong by
2**-85. So a logarithm of a float is wrong by less than **2**-69.4** of itself.

The error in a pair's r is to be added to that. Next to 1 it must be small beside r, so that there
the caller gives r itself.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from fanwise.core.elementary.exponential_pairs import ROUNDER, ROUNDER_BITS
from fanwise.core.elementary.pairs import (
    Flags,
    Floats,
    Integers,
    Pair,
    chosen,
    halves,
    power_of_two,
    quick_two_sum,
    square,
    two_sum,
)
from fanwise.core.elementary.tables import BITS, FIRST, UNIT, factors, parts
from fanwise.spec.fixed_point import ln2

#: The bound on the relative error, with room.
LOGARITHM: Final = 2.0**-69

_SMALLEST_NORMAL: Final = 2.0**-1022
_SHIFT: Final = 54
_LOWEST_MANTISSA: Final = int(np.float64(0.6875).view(np.int64))
#: A product of the first part and an exponent, of 11 bits, is exact.
_LN2: Final = parts(ln2(BITS), BITS, 42)


def mantissas(x: Floats) -> tuple[Floats, Integers]:
    """Find m from 0.6875 to 1.375, and e, with x = 2**e m; of what is not positive, any."""
    small = x < _SMALLEST_NORMAL
    bits = np.where(small, x * 2.0**_SHIFT, x).view(np.int64)
    e = (bits - _LOWEST_MANTISSA) >> 52
    return (bits - (e << 52)).view(np.float64), e - _SHIFT * small


def logarithm(x: Floats, low: Floats | None = None) -> Pair:
    """Compute log(x + low), of which the low part is exact, or nothing beside x."""
    m, e = mantissas(x)
    row, r = _reduced(m, None if low is None else shifted(low, e))
    return _logarithm(row, e, r)


def logarithm_but_near_one(x: Pair, more: Integers, less_one: Pair) -> Pair:
    """Compute log(2**more x), where it is close to 1 by 2**more x - 1, which is given."""
    m, e = mantissas(x[0])
    row, r = _reduced(m, shifted(x[1], e))
    e = e + more
    return _logarithm(row, e, chosen(_near_one(row, e), less_one, r))


def shifted(low: Floats, e: Integers) -> Floats:
    """Compute 2**-e low; where e is beyond 1000 in size, low parts are nothing beside high ones."""
    return low * power_of_two(np.maximum(np.minimum(-e, 1000), -1000))


def _near_one(row: Integers, e: Integers) -> Flags:
    near: Flags = (row == UNIT - FIRST) & (e == 0)
    return near


def _reduced(m: Floats, low: Floats | None) -> tuple[Integers, Pair]:
    """Find the row of the table, and r = c (m + low) - 1 as a pair."""
    row = (m * UNIT + ROUNDER).view(np.int64) - (ROUNDER_BITS + FIRST)
    c = factors()[0].take(row, mode="wrap")
    # Two halves times 26 bits are exact, and so is the difference, of numbers close to each other.
    m1, m2 = halves(m)
    r, rest = two_sum(m1 * c - 1, m2 * c)
    return row, (r, rest) if low is None else two_sum(r, rest + low * c)


def _logarithm(row: Integers, e: Integers, r: Pair) -> Pair:
    h, low = r
    exponent = e.astype(np.float64)
    series = 1 / 3 - h * (1 / 4 - h * (1 / 5 - h * (1 / 6 - h * (1 / 7 - h * (1 / 8)))))
    q = h * h * h * series
    a, b = square(h)
    _, highs, lows = factors()
    s, first = two_sum(exponent * _LN2[0], highs.take(row, mode="wrap"))
    s, second = two_sum(s, h)
    s, third = two_sum(s, -0.5 * a)
    small = exponent * _LN2[1] + lows.take(row, mode="wrap")
    rest = q + ((low - (0.5 * b + h * low)) + small)
    return quick_two_sum(s, (first + second + third) + rest)
