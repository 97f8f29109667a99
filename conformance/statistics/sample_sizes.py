"""How many elements a claim needs: enough to catch the smallest fault it is there for.

A size follows from the false-alarm rate, the fault, and the probability of missing it;
none is chosen.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

from scipy import stats

from fanwise.conformance.statistics import tails
from fanwise.conformance.statistics.distributions import Distribution
from fanwise.conformance.statistics.tails import ALPHA

#: Probability with which a claim may miss the smallest fault it is there for.
MISS: Final = 1e-6
#: The smallest faults: of the scale, relative; of the mean, in standard deviations.
SCALE_FAULT: Final = 0.01
MEAN_FAULT: Final = 0.02
#: A share of elements out of bounds: what four draws that all miss ±2σ leave, and less.
SUPPORT_FAULT: Final = 4e-6
#: A distance of distribution functions: uniforms in steps of 2⁻⁸ are twice as far off, and so
#: is a normal from which a cut in half precision takes what would be rounded to the bound.
HALF_FAULT: Final = 1e-3
#: A cut whose lack moves the distribution function by less is judged by `support` alone; one at
#: a hundred standard deviations is never seen.
CUT_FAULT: Final = 1e-3
#: A correlation of ranks.
CORRELATION_FAULT: Final = 0.02


def sample_size(law: Distribution, alpha: float = ALPHA) -> int:
    """Return the smallest n at which the claims about a law catch their smallest faults.

    That is: a scale wrong by 1 %, a mean wrong by 2 % of a standard deviation, and, where
    the law is a cut normal, a missing cut at the right variance.
    """
    needed = [_mean_size(law, alpha), _variance_size(law, alpha)]
    if law.cut_fault >= CUT_FAULT:
        needed.append(_distance_size(law.cut_fault, alpha))
    return max(needed)


def support_size() -> int:
    """Return the n at which a share of elements out of bounds shows at least one."""
    return math.ceil(math.log(MISS) / math.log1p(-SUPPORT_FAULT))


def half_size() -> int:
    """Return the n at which the distance of two distribution functions shows."""
    return _distance_size(HALF_FAULT)


def correlation_size(tests: int) -> int:
    """Return the n at which a rank correlation shows, in one of so many tests that share a rate.

    Products of ranks, scaled to -1 … 1, have variance 1/9; a correlation is three times
    their mean.
    """
    spread = float(stats.norm.isf(MISS)) / 3

    def caught(n: int) -> bool:
        bound = tails.bernstein(n, 1 / 9, 1.0, ALPHA / tests)
        return bound + spread / math.sqrt(n) <= CORRELATION_FAULT / 3

    return _smallest(caught)


def _distance_size(fault: float, alpha: float = ALPHA) -> int:
    slack = math.sqrt(math.log(2 / alpha) / 2) + math.sqrt(math.log(1 / MISS) / 2)
    return math.ceil((slack / fault) ** 2)


def _mean_size(law: Distribution, alpha: float) -> int:
    """Return the n at which the bound and the sample's spread together fit into the fault."""
    spread = float(stats.norm.isf(MISS)) * law.std
    fault = MEAN_FAULT * law.std
    return _smallest(lambda n: tails.mean_bound(n, law, alpha) + spread / math.sqrt(n) <= fault)


def _variance_size(law: Distribution, alpha: float) -> int:
    """Return the same for the mean square, under a scale off by the fault either way."""
    spread = float(stats.norm.isf(MISS)) * math.sqrt(law.fourth_moment - law.variance**2)

    def caught(n: int) -> bool:
        low, high = tails.variance_bounds(n, law, alpha)
        faults = ((1 - SCALE_FAULT) ** 2, (1 + SCALE_FAULT) ** 2)
        small, large = (law.variance * fault for fault in faults)
        noise = [fault * spread / math.sqrt(n) for fault in faults]
        return small + noise[0] <= low and large - noise[1] >= high

    return _smallest(caught)


def _smallest(holds: Callable[[int], bool]) -> int:
    """Return the smallest n for which a condition holds, if it then holds for every larger one."""
    high = 1
    while not holds(high):
        high *= 2
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high
