"""Sines and cosines of arrays.

With k the whole number nearest to 512 x / π, and r = x - k π / 512, of at most 2**-8.35, the sine
of x is S cos r + C sin r, where S and C, the sine and cosine of k π / 512, are a table's.

The error: the terms r and r²/2 of the series are pairs; the rest of the sine, of at most r³/6, and
of the cosine, of r⁴/24, are floats. With u = 2**-53 the former is wrong by 7 u of itself (as in
``exponential_pairs``), and leaves out r² of the low part of r, u r³ / 2: together 5/3 u r³, at most
2**-77.3, and 2**-69 of sin r; the latter by 7/24 u r⁴, 2**-88. Where S = 0, the sine of x is that
of r. Where it is not, the sine of x is at least 2**-8.36. So it is wrong by less than **2**-68.9**
of itself.

r is the difference of x, of up to 2**19, and five products of parts of π / 512 of 26 bits, with k
of 27 bits, which are exact. What an exact sum leaves in its low part is at most u of its high part:
of r, and of what the products to come will take off. Where r is at least 2**-50 or k = 0, and else
the sine is doubtful, the low parts are at most u r + 2**-84, hence r wrong by less than 2**-84 of
itself.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from fanwise.core.elementary.exponential_pairs import ROUNDER, ROUNDER_BITS
from fanwise.core.elementary.pairs import (
    Flags,
    Floats,
    Pair,
    Rounded,
    nearest,
    product,
    quick_two_sum,
    square,
    two_sum,
)
from fanwise.core.elementary.tables import BITS, TURN, parts, sines
from fanwise.spec.fixed_point import pi

#: The bound on the relative error, with room.
CIRCULAR: Final = 2.0**-68

_STEP: Final = parts(pi(BITS + 8), BITS + 17, 26, 26, 26, 26)
_STEPS_PER_ONE: Final = 1 / sum(_STEP)
#: Beyond it k is too large.
_LARGEST: Final = 2.0**19
#: Below it sin x rounds to x.
_SMALL: Final = 2.0**-27
#: Below it r is not known well enough.
_CLOSEST: Final = 2.0**-50


def sin(x: Floats) -> Rounded:
    """Compute the sine."""
    value, doubtful = _rounded(x, 0)
    tiny = np.abs(x) < _SMALL
    return np.where(tiny, x, value), doubtful & ~tiny


def cos(x: Floats) -> Rounded:
    """Compute the cosine."""
    return _rounded(x, 1)


def _rounded(x: Floats, quarters: int) -> Rounded:
    pair, unknown = _sine(x, quarters)
    value, doubtful = nearest(pair, CIRCULAR)
    finite = np.isfinite(x)
    return np.where(finite, value, np.nan), (doubtful | unknown) & finite


def _sine(x: Floats, quarters: int) -> tuple[Pair, Flags]:
    """Compute the sine of x and so many quarters of a turn, and tell where it is doubtful."""
    large = ~(np.abs(x) < _LARGEST)
    shifted = np.where(large, 0.0, x) * _STEPS_PER_ONE + ROUNDER
    k, times = shifted.view(np.int64) - ROUNDER_BITS, shifted - ROUNDER
    s, low = two_sum(x, -(times * _STEP[0]))
    for part in _STEP[1:-1]:
        s, e = two_sum(s, -(times * part))
        low = low + e
    r = quick_two_sum(s, low - times * _STEP[-1])
    highs, lows = sines()
    j = k + quarters * (TURN // 2)
    rows, turned = j & (2 * TURN - 1), (j + TURN // 2) & (2 * TURN - 1)
    h, e = _sum(
        product((highs.take(rows), lows.take(rows)), _versed(r)),
        product((highs.take(turned), lows.take(turned)), _small_sine(r)),
    )
    high, f = two_sum(highs.take(rows), h)
    doubtful = large | ((np.abs(r[0]) < _CLOSEST) & (k != 0))
    return quick_two_sum(high, f + (e + lows.take(rows))), doubtful


def _sum(a: Pair, b: Pair) -> Pair:
    s, e = two_sum(a[0], b[0])
    return s, e + (a[1] + b[1])


def _small_sine(r: Pair) -> Pair:
    h, low = r
    a = h * h
    q = h * a * (-1 / 6 + a * (1 / 120 - a * (1 / 5040)))
    return quick_two_sum(h, low + q)


def _versed(r: Pair) -> Pair:
    """Compute cos r - 1."""
    h, low = r
    a, b = square(h)
    return quick_two_sum(-0.5 * a, a * a * (1 / 24 - a * (1 / 720)) - (0.5 * b + h * low))
