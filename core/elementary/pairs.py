"""Numbers of twice the bits of float64: unevaluated sums of two of them, in arrays.

In a pair ``(high, low)`` the low part is at most half of the last place of the high one. Sums and
products of two floats are exact, by additions and multiplications of float64 alone, each of which
rounds once by IEEE 754 on every machine; no fused multiply-add is asked for, and as each is a call
of its own, no compiler makes one. With u = 2**-53, the results of ``product`` and ``quotient`` are
wrong by less than 2**-100, 64 u², of themselves (7 u² and 15 u² at most by the reference, which
has them with a step more), as long as nothing overflows and no product is below 2**-960.

Reference:
    T. J. Dekker, A floating-point technique for extending the available precision, Numerische
    Mathematik 18 (1971); M. Joldes, J.-M. Muller, V. Popescu, Tight and rigorous error bounds for
    basic building blocks of double-word arithmetic, ACM TOMS 44 (2017).
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]
Pair = tuple[Floats, Floats]
#: Rounded values, and where they are doubtful.
Rounded = tuple[Floats, Flags]

#: The low part of a float.
NONE: Final[Floats] = np.zeros(())

_SPLITTER: Final = 2.0**27 + 1


def two_sum(a: Floats | float, b: Floats) -> Pair:
    """Add two numbers, exactly."""
    s: Floats = a + b
    t = s - a
    return s, (a - (s - t)) + (b - t)


def quick_two_sum(a: Floats, b: Floats) -> Pair:
    """Add two numbers, exactly; the first is zero or not the smaller one in size."""
    s = a + b
    return s, b - (s - a)


def halves(a: Floats) -> Pair:
    """Split a number in two of at most 26 bits each, exactly; it is below 2**995."""
    c = _SPLITTER * a
    high = c - (c - a)
    return high, a - high


def two_product(a: Floats, b: Floats) -> Pair:
    """Multiply two numbers, exactly."""
    p = a * b
    (a1, a2), (b1, b2) = halves(a), halves(b)
    return p, ((a1 * b1 - p) + a1 * b2 + a2 * b1) + a2 * b2


def square(a: Floats) -> Pair:
    """Square a number, exactly."""
    p = a * a
    high, low = halves(a)
    return p, ((high * high - p) + 2 * high * low) + low * low


def product(a: Pair, b: Pair) -> Pair:
    """Multiply two pairs."""
    p, e = two_product(a[0], b[0])
    return quick_two_sum(p, e + (a[0] * b[1] + a[1] * b[0]))


def quotient(a: Pair, b: Pair) -> Pair:
    """Divide two pairs."""
    q = a[0] / b[0]
    p, e = two_product(q, b[0])
    # The remainder: the first difference is exact, being of numbers that are all but equal.
    rest = ((a[0] - p) - e) + (a[1] - q * b[1])
    return quick_two_sum(q, rest / b[0])


def chosen(condition: Flags, a: Pair, b: Pair) -> Pair:
    """Choose pairs, as ``np.where`` chooses numbers."""
    return np.where(condition, a[0], b[0]), np.where(condition, a[1], b[1])


def nearest(pair: Pair, bound: float | Floats) -> Rounded:
    """Round pairs to float64, and tell where the error leaves two choices.

    Args:
        pair: the pairs.
        bound: the relative error of them, less 2**-104 for the two sums here, which are of
            |low| <= u |high| and round by u of themselves.

    Returns:
        The floats, and where they are doubtful.

    Reference:
        A. Ziv, Fast evaluation of elementary mathematical functions with correctly rounded last
        bit, ACM TOMS 17 (1991).
    """
    high, low = pair
    error = np.abs(high) * bound
    above = high + (low + error)
    return above, above != high + (low - error)


def power_of_two(n: Integers) -> Floats:
    """Return 2**n for -1023 < n < 1024."""
    return ((n + 1023) << 52).view(np.float64)


def scaled(value: Floats, n: Integers) -> Floats:
    """Multiply by 2**n, for n within ±2000; exact where the result is normal."""
    half = n >> 1
    return value * power_of_two(half) * power_of_two(n - half)
