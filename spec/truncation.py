"""The standard deviation that is left when a normal is cut."""

from __future__ import annotations

import math


def truncated_moments(low: float, high: float) -> tuple[float, float]:
    """Mean and standard deviation of a standard normal cut to [low, high].

    Scaling an uncut normal by ``std / truncated_moments(low, high)[1]`` makes the
    *cut* one have the standard deviation ``std``. For (-2, 2) the second value is
    the 0.8796... that Keras, JAX and others carry as a literal.

    Args:
        low, high: the bounds, in standard deviations of the uncut normal.

    Examples:
        >>> truncated_moments(-2.0, 2.0)
        (0.0, 0.8796256610342398)

    References:
        Johnson, Kotz & Balakrishnan 1994, Continuous Univariate Distributions 1, section 10.1.
    """
    mass = truncated_mass(low, high)
    at_low, at_high = _density(low), _density(high)
    mean = (at_low - at_high) / mass
    variance = 1.0 + (low * at_low - high * at_high) / mass - mean * mean
    return mean, math.sqrt(variance)


def truncated_mass(low: float, high: float) -> float:
    """The probability that a standard normal lies within [low, high]."""
    root = math.sqrt(2.0)
    # erfc on the side of the nearer tail keeps the mass accurate far out.
    if low > 0:
        return 0.5 * (math.erfc(low / root) - math.erfc(high / root))
    if high < 0:
        return 0.5 * (math.erfc(-high / root) - math.erfc(-low / root))
    return 0.5 * (math.erf(high / root) - math.erf(low / root))


def _density(z: float) -> float:
    return math.exp(-0.5 * z * z) / math.sqrt(2.0 * math.pi)
