"""Powers of float64, correctly rounded."""

from __future__ import annotations

import math

from fanwise.spec.fixed_point import exponential, logarithm
from fanwise.spec.nearest import Bounded, nearest, rounded


def power(x: float, y: float) -> float:
    """Compute x^y, rounded once. A negative x has whole powers only; 0^0 is 1.

    Raises:
        ValueError: if there is no real value.
        OverflowError: if it is too large.
    """
    if math.isnan(x) or math.isnan(y):
        raise ValueError("a power of what is not a number")
    if x == 0 or x == 1 or y == 0 or not (math.isfinite(x) and math.isfinite(y)):
        return math.pow(x, y)  # exact by IEEE 754
    if x < 0 and y != math.floor(y):
        raise ValueError("a negative number has no real power that is not whole")
    sign = -1.0 if x < 0 and math.fmod(y, 2) else 1.0
    size = abs(x)
    exact = _exact(size, y)
    if exact is not None:
        value = rounded(*exact)
        if math.isinf(value):
            raise OverflowError("the result is too large")
        return sign * value
    # Far from all limits, so that the C library's last bits do not matter.
    scale = y * math.log2(size)
    if scale > 1100:
        raise OverflowError("the result is too large")
    if scale < -1100:
        return sign * 0.0
    return sign * nearest(lambda bits: _power(size, y, bits))


def _power(x: float, y: float, bits: int) -> Bounded:
    # The logarithm has 16 bits more than the exponential, of a y log x of at most 2**10. So the
    # error of their product is below one unit, and so is what is cut off: t is wrong by 2 units.
    log, log_bits = logarithm(*x.as_integer_ratio(), bits + 24)
    numerator, denominator = y.as_integer_ratio()
    shift = log_bits + denominator.bit_length() - 1 - bits
    m, k = exponential(log * numerator >> shift, bits)
    return m, k - bits, 12


def _exact(x: float, y: float) -> tuple[int, int] | None:
    """Compute a power that may be exactly half way between two floats, as ``(m, exponent)``.

    x is m * 2**e with odd m, and only multiples of powers of two are halves. A power of 1 * 2**e is
    one if e * y is whole, and else irrational. Another m has such powers only for y > 0, m being
    the 2**k-th power of a whole number if the denominator of y is 2**k; and if its power has more
    than 54 bits, it is no half.
    """
    numerator, denominator = x.as_integer_ratio()
    exponent = 1 - denominator.bit_length()
    zeros = (numerator & -numerator).bit_length() - 1
    m, exponent = numerator >> zeros, exponent + zeros
    n, d = y.as_integer_ratio()
    if m == 1:
        # Beyond ±5000 nothing is left to tell apart.
        whole, rest = divmod(exponent * n, d)
        return None if rest else (1, max(-5000, min(5000, whole)))
    if y < 0 or y > 64 or d > 32:
        return None
    while d > 1:
        root = math.isqrt(m)
        if root * root != m or exponent % 2:
            return None
        m, exponent, d = root, exponent // 2, d // 2
    return (m**n, exponent * n) if m.bit_length() * n < 256 else None
