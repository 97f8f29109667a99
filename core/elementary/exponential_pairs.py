"""e^x and e^x - 1 as pairs, with their errors.

With k the whole number nearest to 256 x / ln 2, and r = x - k ln 2 / 256, of at most 2**-9.5,
e^x is 2**(k / 256) (1 + p), where p = e^r - 1 and the powers of two are a table's.

The error of p, of itself: r and r²/2 are pairs, and the rest q of the series, of at most r³/6 and
a little, is a float. With u = 2**-53, q is wrong by 7 u of itself at most (two for r³, one for the
coefficient, one for the sum, one for the product, and two where it is added to the low part), and
leaves out 3 r² of the low part of r, u r² / 2. That makes (7/6 + 1/2) u r², which is 2**-71.2; the
series ends at 2**-81, and pairs add 2**-100. So p is wrong by less than **2**-71** of itself.

The error of e^x: 2**-9.5 of that, and r is wrong by less than 2**-110: less than **2**-80**.

The error of e^x - 1: p itself where k = 0. Else x is at least ln 2 / 512 in size, so that the
difference is at least 2**-9.6 of e^x or 1, whichever is greater: less than **2**-70**.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from fanwise.core.elementary.pairs import (
    NONE,
    Floats,
    Integers,
    Pair,
    chosen,
    power_of_two,
    quick_two_sum,
    square,
    two_product,
    two_sum,
)
from fanwise.core.elementary.tables import BITS, STEPS, parts, roots_of_two
from fanwise.spec.fixed_point import ln2

#: Bounds on the relative errors, with room.
EXPONENTIAL: Final = 2.0**-78
LESS_ONE: Final = 2.0**-69

#: Added to a float within ±2**51, it leaves a whole number in the last bits.
ROUNDER: Final = 1.5 * 2.0**52
ROUNDER_BITS: Final = int(np.float64(ROUNDER).view(np.int64))
#: A product of such a part and k, of 19 bits, is exact.
_STEP: Final = parts(ln2(BITS + 8), BITS + 16, 34, 34)
_STEPS_PER_ONE: Final = 1 / sum(_STEP)
#: Beyond it 2**-n is nothing beside 1.
_NOTHING: Final = 200


def fraction(r: Pair) -> Pair:
    """Compute e^r - 1 for |r| < 2**-9.5, wrong by less than 2**-71 of itself."""
    h, low = r
    q = h * h * h * (1 / 6 + h * (1 / 24 + h * (1 / 120 + h * (1 / 720 + h * (1 / 5040)))))
    a, b = square(h)
    s, e = quick_two_sum(h, 0.5 * a)
    return quick_two_sum(s, e + (q + (low + (0.5 * b + h * low))))


def exponential(x: Pair) -> tuple[Pair, Integers]:
    """Compute e^x for |x| < 1000 as a pair between 0.99 and 2.01, times 2**n."""
    _, _, n, value = _parts(x)
    return value, n


def less_one(x: Floats) -> tuple[Pair, Integers]:
    """Compute e^x - 1 for -40 <= x < 1000 as a pair times 2**n, n >= 0."""
    k, p, n, (h, low) = _parts((x, NONE))
    down = power_of_two(np.maximum(np.minimum(n, 0), -_NOTHING))
    one = power_of_two(-np.minimum(np.maximum(n, 0), _NOTHING))
    s, e = two_sum(-one, h * down)
    difference = quick_two_sum(s, e + low * down)
    return chosen(k == 0, p, difference), np.maximum(n, 0)


def _parts(x: Pair) -> tuple[Integers, Pair, Integers, Pair]:
    h, low = x
    shifted = h * _STEPS_PER_ONE + ROUNDER
    k, times = shifted.view(np.int64) - ROUNDER_BITS, shifted - ROUNDER
    s, e = two_sum(h, -(times * _STEP[0]))
    s, f = two_sum(s, -(times * _STEP[1]))
    p = fraction(quick_two_sum(s, (e + f) + (low - times * _STEP[2])))
    highs, lows = roots_of_two()
    j = k & (STEPS - 1)
    th, tl = highs.take(j, mode="wrap"), lows.take(j, mode="wrap")
    a, b = two_product(th, p[0])
    s, e = quick_two_sum(th, a)
    value = quick_two_sum(s, e + (b + (tl + (th * p[1] + tl * p[0]))))
    return k, p, k >> 8, value
