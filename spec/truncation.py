"""The standard deviation that is left when a normal is cut, the same on every machine.

It scales every weight of a cut normal, so a last bit that depends on the C library's
``erf`` would undo the promise of equal bits. Decimal arithmetic does not depend on it.
"""

from __future__ import annotations

from decimal import Context, Decimal, localcontext
from functools import lru_cache
from typing import Final

_PI: Final = Decimal("3.141592653589793238462643383279502884197169399375105820974944592")
#: Enough for the correctly rounded result in the smallest window: 16 digits, 4 that the
#: window's mass may lose, and 31 that the series loses at the farthest bound.
_DIGITS: Final = 64
#: Farther out nothing is left that a double can show (φ(12) is 2·10⁻³²).
_FARTHEST: Final = 12


@lru_cache(maxsize=256)
def truncated_moments(low: float, high: float) -> tuple[float, float]:
    """Compute the mean and standard deviation of a standard normal cut to [low, high].

    Scaling an uncut normal by ``std / truncated_moments(low, high)[1]`` makes the
    *cut* one have the standard deviation ``std``. For (-2, 2) the second value is what
    Keras, JAX and others carry as a literal.

    Args:
        low, high: the bounds, in standard deviations of the uncut normal.

    Returns:
        Both correctly rounded to float64.

    Examples:
        >>> truncated_moments(-2.0, 2.0)
        (0.0, 0.8796256610342398)

    References:
        Johnson, Kotz & Balakrishnan 1994, Continuous Univariate Distributions 1, section 10.1.
    """
    with localcontext(Context(prec=_DIGITS)):
        a, b = _held(low), _held(high)
        mass = _below(b) - _below(a)
        mean = (_density(a) - _density(b)) / mass
        variance = 1 + (a * _density(a) - b * _density(b)) / mass - mean * mean
        return float(mean), float(variance.sqrt())


@lru_cache(maxsize=256)
def truncated_mass(low: float, high: float) -> float:
    """Compute the probability that a standard normal lies within [low, high]."""
    with localcontext(Context(prec=_DIGITS)):
        return float(_below(_held(high)) - _below(_held(low)))


def _held(bound: float) -> Decimal:
    return max(Decimal(-_FARTHEST), min(Decimal(bound), Decimal(_FARTHEST)))


def _density(z: Decimal) -> Decimal:
    return (-z * z / 2).exp() / (2 * _PI).sqrt()


def _below(z: Decimal) -> Decimal:
    """Compute Φ(z) - ½ = φ(z) · (z + z³/3 + z⁵/15 + z⁷/105 + …)."""
    term = total = z
    n = 1
    while abs(term) > Decimal(10) ** -_DIGITS:
        n += 2
        term = term * z * z / n
        total += term
    return _density(z) * total
