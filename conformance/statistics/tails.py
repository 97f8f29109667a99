"""Tests whose tails are right at a false-alarm rate of 10⁻¹² and below.

Every bound holds for every sample size, by an exact law or by a concentration
inequality. Asymptotic tests have no trustworthy tail this far out, so there are none.

References:
    Massart 1990, The tight constant in the Dvoretzky-Kiefer-Wolfowitz inequality.
    Wei & Dudley 2012, Two-sample Dvoretzky-Kiefer-Wolfowitz inequalities.
    Boucheron, Lugosi & Massart 2013, Concentration Inequalities, theorem 2.10 (Bernstein).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import special, stats

from fanwise.conformance.statistics.distributions import Distribution

#: False-alarm rate of one claim: a verdict of fewer than 2000 stays under 10⁻⁹.
ALPHA: Final = 5e-13
#: The part of the law, in both tails together, in which elements are counted.
TAIL_SHARE: Final = 1e-4
#: Consecutive elements that must not occur twice; two would not do, as a float32 sampler
#: has as few as 2²³ values.
WINDOW: Final = 4
#: No value of a float32 sampler may be likelier than this.
LIKELIEST: Final = 2.0**-22
#: The elements of the smallest two samples whose inequality holds.
FEWEST: Final = 458

Sample = NDArray[np.float64]


@dataclass(frozen=True)
class Finding:
    """What a test saw: it passes if ``low <= observed <= high``."""

    observed: float
    expected: float
    low: float
    high: float

    @property
    def passed(self) -> bool:
        """Whether the observation is within its bounds (a NaN never is)."""
        return self.low <= self.observed <= self.high


def mean(sample: Sample, law: Distribution, alpha: float = ALPHA) -> Finding:
    """Judge the sample's mean: exact for a normal, Bernstein's inequality for a bounded law."""
    width = mean_bound(len(sample), law, alpha)
    return Finding(float(sample.mean()), law.mean, law.mean - width, law.mean + width)


def mean_bound(n: int, law: Distribution, alpha: float = ALPHA) -> float:
    """Return how far the mean of n elements may be from the law's."""
    if law.bounded:
        return bernstein(n, law.variance, law.reach, alpha)
    return float(stats.norm.isf(alpha / 2)) * law.std / math.sqrt(n)


def variance(sample: Sample, law: Distribution, alpha: float = ALPHA) -> Finding:
    """Judge the mean square about the law's own mean: exact χ² for a normal, else Bernstein."""
    observed = float(np.mean((sample - law.mean) ** 2))
    low, high = variance_bounds(len(sample), law, alpha)
    return Finding(observed, law.variance, low, high)


def variance_bounds(n: int, law: Distribution, alpha: float = ALPHA) -> tuple[float, float]:
    """Return the bounds of the mean square of n elements."""
    if law.bounded:
        spread = law.fourth_moment - law.variance**2
        width = bernstein(n, spread, law.reach**2, alpha)
        return law.variance - width, law.variance + width
    low, high = stats.chi2.ppf(alpha / 2, n), stats.chi2.isf(alpha / 2, n)
    return law.variance * float(low) / n, law.variance * float(high) / n


def distribution(sample: Sample, law: Distribution, alpha: float = ALPHA) -> Finding:
    """Judge the distance between the sample's distribution function and the law's (DKW)."""
    distance = distance_from(law.cdf(np.sort(sample)))
    return Finding(distance, 0.0, 0.0, dkw_bound(len(sample), alpha))


def distance_from(expected: Sample) -> float:
    """Return that distance, from the law's values at the elements in ascending order."""
    n = len(expected)
    steps = np.arange(n + 1) / n
    return max(float((steps[1:] - expected).max()), float((expected - steps[:-1]).max()))


def dkw_bound(n: int, alpha: float = ALPHA) -> float:
    """Return how far the distribution function of n elements may be from the law's."""
    return math.sqrt(math.log(2 / alpha) / (2 * n))


def tails(sample: Sample, law: Distribution, alpha: float = ALPHA) -> Finding:
    """Judge how many elements lie in the outermost part of the law: binomial, exact."""
    low, high = law.quantile(TAIL_SHARE / 2), law.quantile(1 - TAIL_SHARE / 2)
    count = int(((sample < low) | (sample > high)).sum())
    n = len(sample)
    least, most = count_bounds(n, TAIL_SHARE, alpha)
    return Finding(float(count), n * TAIL_SHARE, float(least), float(most))


def count_bounds(n: int, probability: float, alpha: float = ALPHA) -> tuple[int, int]:
    """Return how many of n elements may be of a kind that has this probability: binomial, exact.

    The quantiles of SciPy's binomial law are none at rates below 10⁻¹⁵; its distribution function
    is right, and is searched for them here. (`betaincc` would say it without the difference; the
    first SciPy that has it is 1.12.)
    """
    least = _first(n, lambda k: special.betainc(n - k, k + 1, 1 - probability) >= alpha / 2)
    most = _first(n, lambda k: special.betainc(k + 1, n - k, probability) <= alpha / 2)
    return least, most


def _first(n: int, holds: Callable[[int], bool]) -> int:
    """Return the first number below n for which a condition holds, as for all behind it; else n."""
    low, high = 0, n
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle + 1, high)
    return low


def rounded(counts: NDArray[np.int64], expected: Sample, alpha: float = ALPHA) -> Finding:
    """Judge elements on a grid: counts of its values, the law's probability up to each (DKW)."""
    n = int(counts.sum())
    distance = float(np.abs(np.cumsum(counts) / n - expected).max())
    return Finding(distance, 0.0, 0.0, dkw_bound(n, alpha))


def two_samples(
    first: NDArray[np.int64], second: NDArray[np.int64], alpha: float = ALPHA
) -> Finding:
    """Judge the distance between two samples' distribution functions, at cell borders.

    The inequality is that of equal sizes (from :data:`FEWEST` elements on); looking at some points
    only makes it hold all the more.

    Raises:
        ValueError: for samples of different sizes.
    """
    n = int(first.sum())
    if n != int(second.sum()) or n < FEWEST:
        raise ValueError(f"two samples of one size, at least {FEWEST}; {n} and {second.sum()}")
    distance = float(np.abs(np.cumsum(first) - np.cumsum(second)).max()) / n
    return Finding(distance, 0.0, 0.0, math.sqrt(math.log(2 / alpha) / n))


def bernstein(n: int, variance: float, reach: float, alpha: float) -> float:
    """Return the deviation of the mean of n bounded elements that has at most this probability."""
    log = math.log(2 / alpha)
    return math.sqrt(2 * variance * log / n) + reach * log / (3 * n)


def most_alike(n: int, likeliest: float, alpha: float = ALPHA) -> int:
    """Return how many of n elements may have one value, whichever it is.

    Some value occurs k times with at most the probability C(n, k) pᵏ⁻¹, of which p is that of the
    likeliest value.
    """
    log = math.log(alpha)

    def is_rare(k: int) -> bool:
        choices = math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
        return choices + (k - 1) * math.log(likeliest) <= log

    # Rising at first, the probability falls from where k is n p on.
    start = min(n, 1 + math.ceil(n * likeliest))
    return start + _first(n - start, lambda more: is_rare(start + more + 1)) if n > 1 else n
