"""The singular values of noise plus the identity, for large matrices.

References:
    Bai 1997, Circular law, equation 4.1: the cubic of the Stieltjes transform.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Final

#: At so many places the density is worked out.
_PLACES: Final = 2048


@lru_cache(maxsize=256)
def mean_largest(noise: float, identity: float, share: float) -> float:
    """Return the mean of a share of the singular values, the largest ones.

    Args:
        noise, identity: the factors a and b of a·Z + b·I, with Z of independent elements of mean 0
            and variance 1/width.
        share: which part of the values, above 0 and at most 1.

    Examples:
        >>> mean_largest(0.0, -2.0, 0.5)
        2.0
        >>> round(mean_largest(1.0, 0.0, 1.0), 3)  # the quarter circle: 8 / (3 pi)
        0.849
    """
    if noise == 0.0:
        return abs(identity)
    shift = abs(identity / noise)
    step = (shift + 2.0) / _PLACES
    weight = mean = 0.0
    for place in range(_PLACES - 1, -1, -1):
        value = (place + 0.5) * step
        mass = min(step * _density(value, shift), share - weight)
        weight += mass
        mean += mass * value
    return abs(noise) * mean / weight


def _density(value: float, shift: float) -> float:
    """Return the density of the singular values of Z + shift·I."""
    square = value * value
    linear, constant = (square + 1.0 - shift * shift) / square, 1.0 / square
    p, q = linear - 4.0 / 3.0, 16.0 / 27.0 - 2.0 * linear / 3.0 + constant
    discriminant = q * q / 4.0 + p**3 / 27.0
    if discriminant <= 0.0:
        return 0.0
    root = math.sqrt(discriminant)
    apart = abs(math.cbrt(root - q / 2.0) - math.cbrt(-root - q / 2.0))
    return 2.0 * value * math.sqrt(3.0) / 2.0 * apart / math.pi
