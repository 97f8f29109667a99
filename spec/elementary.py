"""The functions of expressions, each correctly rounded: the same bits on every machine.

A function is the real function of the float64 that it is given, rounded once to the nearest
float64, halves to even. None of those in this module is ever exactly half way between two floats
where it is not itself a float, so that more bits always tell which one is nearer.

As in ``math``, a ValueError says that there is no real value, and an OverflowError that it is too
large.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from fanwise.spec.fixed_point import cosine, exponential, ln2, logarithm, quadrant, sine
from fanwise.spec.nearest import Bounded, nearest

#: Below it f(x) = x (1 + d) rounds to x where |d| < |x|, and 1 + d to 1.
_TINY: Final = 2.0**-54
#: The same where |d| < x² / 2.
_SMALL: Final = 2.0**-27
#: The bits that a difference of numbers close to each other can lose, which are read once more.
_CANCELLED: Final = 72


def exp(x: float) -> float:
    """Compute e^x."""
    if abs(x) < _TINY:
        return 1.0
    if x < -1000:
        return 0.0
    return nearest(lambda bits: _exponential(_below(x, 1000), bits))


def expm1(x: float) -> float:
    """Compute e^x - 1."""
    if abs(x) < _TINY:
        return x
    if x < -40:
        return -1.0
    return nearest(lambda bits: _less_one(_below(x, 1000), bits))


def log(x: float) -> float:
    """Compute log x, for x > 0."""
    if not x > 0:
        raise ValueError("a logarithm of a number that is not positive")
    return _logarithm(*x.as_integer_ratio())


def log2(x: float) -> float:
    """Compute log x / log 2, for x > 0."""
    if not x > 0:
        raise ValueError("a logarithm of a number that is not positive")
    mantissa, exponent = math.frexp(x)
    if mantissa == 0.5:
        return float(exponent - 1)
    return nearest(lambda bits: _binary_logarithm(x, bits))


def log1p(x: float) -> float:
    """Compute log(1 + x), for x > -1."""
    if not x > -1:
        raise ValueError("a logarithm of a number that is not positive")
    if abs(x) < _TINY:
        return x
    numerator, denominator = x.as_integer_ratio()
    return _logarithm(numerator + denominator, denominator)


def logit(p: float) -> float:
    """Compute log(p / (1 - p)), for 0 < p < 1."""
    if not 0 < p < 1:
        raise ValueError("a logit of what is not between 0 and 1")
    numerator, denominator = p.as_integer_ratio()
    return _logarithm(numerator, denominator - numerator)


def softplus_inverse(x: float) -> float:
    """Compute log(e^x - 1), for x > 0: the number of which x is the softplus."""
    if not x > 0:
        raise ValueError("an inverse of softplus of a number that is not positive")
    if x > 40:
        return x
    return nearest(lambda bits: _softplus_inverse(x, bits))


def tanh(x: float) -> float:
    """Compute the hyperbolic tangent."""
    if abs(x) < _SMALL:
        return x
    if abs(x) > 20:
        return math.copysign(1.0, x)
    return math.copysign(nearest(lambda bits: _tanh(abs(x), bits)), x)


def sin(x: float) -> float:
    """Compute the sine of an angle in radians."""
    if abs(x) < _SMALL:
        return x
    return nearest(lambda bits: _circular(x, 0, bits))


def cos(x: float) -> float:
    """Compute the cosine of an angle in radians."""
    if abs(x) < _SMALL:
        return 1.0
    return nearest(lambda bits: _circular(x, 1, bits))


def mod(x: float, m: float) -> float:
    """Compute x - m floor(x / m) rounded once, with the sign of m."""
    return x % m


def floor(x: float) -> float:
    """Compute the largest whole number that is not above x."""
    return math.copysign(float(math.floor(x)), x)


def ceil(x: float) -> float:
    """Compute the smallest whole number that is not below x."""
    return math.copysign(float(math.ceil(x)), x)


def _below(x: float, limit: float) -> float:
    if x >= limit:
        raise OverflowError("the result is too large")
    return x


def _fixed(x: float, bits: int) -> int:
    """Cut x to units of 2**-bits, wrong by less than 1."""
    numerator, denominator = x.as_integer_ratio()
    return (numerator << bits) // denominator


def _exponential(x: float, bits: int) -> Bounded:
    m, k = exponential(_fixed(x, bits), bits)
    return m, k - bits, 10


def _less_one(x: float, bits: int) -> Bounded:
    bits += _CANCELLED
    m, k = exponential(_fixed(x, bits), bits)
    if k >= 0:
        return (m << k) - (1 << bits), -bits, 10 << k
    return (m >> -k) - (1 << bits), -bits, 11


def _logarithm(a: int, b: int) -> float:
    def compute(bits: int) -> Bounded:
        m, bits = logarithm(a, b, bits)
        return m, -bits, 4

    return nearest(compute) if a != b else 0.0


def _binary_logarithm(x: float, bits: int) -> Bounded:
    # The quotient is less than 1.5 times the logarithm, whose 4 units are 6 then. The error of
    # ln 2 is less than m / 2**bits units, which is below 2, and what is cut off below 1.
    m, bits = logarithm(*x.as_integer_ratio(), bits)
    return (m << bits + 12) // ln2(bits + 12), -bits, 9


def _softplus_inverse(x: float, bits: int) -> Bounded:
    # A relative error is an absolute one of the logarithm. That of the number is at most
    # bound / (number - bound), and the second logarithm adds its own.
    number, exponent, bound = _less_one(x, bits + _CANCELLED + max(0, -math.frexp(x)[1]))
    a, b = (number << exponent, 1) if exponent > 0 else (number, 1 << -exponent)
    m, bits = logarithm(a, b, bits + _CANCELLED)
    return m, -bits, 5 + (bound << bits) // (number - bound)


def _tanh(x: float, bits: int) -> Bounded:
    # With e = e^2x - 1 it is e / (e + 2), which changes by less than e does.
    number, exponent, bound = _less_one(2 * x, bits)
    unit = -exponent
    return (number << unit) // (number + (2 << unit)), -unit, bound + 1


def _circular(x: float, quarters: int, bits: int) -> Bounded:
    """Compute the sine of x and so many quarters of a turn."""
    bits += _CANCELLED
    numerator, denominator = x.as_integer_ratio()
    multiple, rest = quadrant(numerator, denominator.bit_length() - 1, bits)
    turned = multiple + quarters
    if turned & 1:
        m = cosine(abs(rest), bits)
    else:
        m = sine(abs(rest), bits)
        m = -m if rest < 0 else m
    return -m if turned & 2 else m, -bits, 70


#: The functions that an expression may call, with the number of their arguments (None for one or
#: more). The operators + - * / are the ones of float64, and ^ is
#: ``fanwise.spec.powers.power``.
FUNCTIONS: Final[Mapping[str, tuple[Callable[..., float], int | None]]] = MappingProxyType(
    {
        "sqrt": (math.sqrt, 1),
        "exp": (exp, 1),
        "expm1": (expm1, 1),
        "log": (log, 1),
        "log2": (log2, 1),
        "log1p": (log1p, 1),
        "sin": (sin, 1),
        "cos": (cos, 1),
        "tanh": (tanh, 1),
        "logit": (logit, 1),
        "softplus_inverse": (softplus_inverse, 1),
        "abs": (abs, 1),
        "floor": (floor, 1),
        "ceil": (ceil, 1),
        "mod": (mod, 2),
        "min": (lambda *numbers: min(numbers), None),
        "max": (lambda *numbers: max(numbers), None),
    }
)
