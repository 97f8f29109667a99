"""The smallest fault that a weight of a size shows, and the largest that may stay unseen.

A claim that a weight of its size could not be seen to break is undecided. What is visible follows
from the bound and the probability of missing it; it is computed as the bounds are.
"""

from __future__ import annotations

import math
from typing import Final

from scipy import stats

from fanwise.conformance.statistics import tails
from fanwise.conformance.statistics.elements import ElementLaw

#: The probability of missing the fault that is called visible.
MISS: Final = 0.01

#: What a pass must have been able to see. Of the mean, in standard deviations.
MEAN_MATTERS: Final = 0.2
#: A standard deviation off by this share, either way.
DEVIATION_MATTERS: Final = 0.2
#: A distance of distribution functions: a uniform law in the place of a normal is farther off.
DISTANCE_MATTERS: Final = 0.05
#: A share of the elements, far out, beyond the bounds, or all of one value: of a normal in the
#: place of one cut at two standard deviations, 4.6 % lie beyond.
SHARE_MATTERS: Final = 0.045
#: One line of so many times the standard deviation.
LINE_MATTERS: Final = 2.0
#: A correlation of neighbours.
CORRELATION_MATTERS: Final = 0.2


def visible_mean(element: ElementLaw, n: int, alpha: float) -> float:
    """Return how far off a mean must be to be seen, in standard deviations."""
    _, bound = element.mean_bounds(n, alpha)
    return bound - element.mean_bounds(n, 2 * MISS)[0]


def visible_deviations(element: ElementLaw, n: int, alpha: float) -> tuple[float, float]:
    """Return by which factors a deviation must be smaller, or larger, to be seen; 0 for never."""
    low, high = element.deviation_bounds(n, alpha)
    least, most = element.deviation_bounds(n, 2 * MISS)
    return low / most, high / least if least > 0 else math.inf


def visible_distance(n: int, alpha: float) -> float:
    """Return how far off a distribution function must be to be seen."""
    return tails.dkw_bound(n, alpha) + tails.dkw_bound(n, 2 * MISS)


def visible_share(n: int, most: int) -> float:
    """Return which share of elements shows, where up to so many of n are no fault."""
    if most >= n:
        return 1.0
    return float(stats.beta.isf(MISS, most + 1, n - most))


def visible_correlation(n: int, bound: float) -> float:
    """Return which correlation of so many pairs shows against a bound of it."""
    return bound + 3 * tails.bernstein(n, 1 / 9, 1.0, 2 * MISS)
