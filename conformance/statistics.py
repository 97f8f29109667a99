"""Tests whose tails are right at a false-alarm rate of 10⁻¹², and the sizes they need.

Each claim has a function for its bound and one for the sample size at which the
smallest fault it must catch is caught with probability 1 - MISS. Asymptotic tests have
no trustworthy tail this far out, so there are none.

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
from scipy import stats

from fanwise.conformance.distributions import Distribution

#: False-alarm rate of one claim: a run of fewer than 1000 stays under 10⁻⁹.
ALPHA: Final = 1e-12
#: Probability with which a claim may miss the smallest fault it is there for.
MISS: Final = 1e-6
#: The smallest faults: of the scale, relative; of the mean, in standard deviations.
SCALE_FAULT: Final = 0.01
MEAN_FAULT: Final = 0.02

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


def mean(sample: Sample, law: Distribution) -> Finding:
    """The sample's mean: exact for a normal, Bernstein's inequality for a bounded law."""
    width = mean_bound(len(sample), law)
    return Finding(float(sample.mean()), law.mean, law.mean - width, law.mean + width)


def mean_bound(n: int, law: Distribution) -> float:
    """How far the mean of n elements may be from the law's."""
    if law.bounded:
        return _bernstein(n, law.variance, law.reach)
    return float(stats.norm.isf(ALPHA / 2)) * law.std / math.sqrt(n)


def variance(sample: Sample, law: Distribution) -> Finding:
    """The mean square about the law's own mean: exact χ² for a normal, else Bernstein."""
    observed = float(np.mean((sample - law.mean) ** 2))
    low, high = variance_bounds(len(sample), law)
    return Finding(observed, law.variance, low, high)


def variance_bounds(n: int, law: Distribution) -> tuple[float, float]:
    """Between what the mean square of n elements must lie."""
    if law.bounded:
        width = _bernstein(n, law.fourth_moment - law.variance**2, law.reach**2)
        return law.variance - width, law.variance + width
    low, high = stats.chi2.ppf(ALPHA / 2, n), stats.chi2.isf(ALPHA / 2, n)
    return law.variance * float(low) / n, law.variance * float(high) / n


def distribution(sample: Sample, law: Distribution) -> Finding:
    """The largest distance between the sample's distribution function and the law's (DKW)."""
    n = len(sample)
    expected = law.cdf(np.sort(sample))
    steps = np.arange(n + 1) / n
    distance = max(float((steps[1:] - expected).max()), float((expected - steps[:-1]).max()))
    return Finding(distance, 0.0, 0.0, dkw_bound(n))


def dkw_bound(n: int) -> float:
    """How far the distribution function of n elements may be from the law's."""
    return math.sqrt(math.log(2 / ALPHA) / (2 * n))


def tails(sample: Sample, law: Distribution) -> Finding:
    """How many elements lie in the outermost ten-thousandth of the law: binomial, exact."""
    share = 1e-4
    low, high = law.quantile(share / 2), law.quantile(1 - share / 2)
    count = int(((sample < low) | (sample > high)).sum())
    n = len(sample)
    least, most = stats.binom.ppf(ALPHA / 2, n, share), stats.binom.isf(ALPHA / 2, n, share)
    return Finding(float(count), n * share, float(least), float(most))


def two_samples(first: NDArray[np.int64], second: NDArray[np.int64]) -> Finding:
    """The largest distance between two samples' distribution functions, at cell borders.

    The inequality is that of equal sizes (from 458 elements on); looking at some points
    only makes it hold all the more.

    Raises:
        ValueError: for samples of different sizes.
    """
    n = int(first.sum())
    if n != int(second.sum()) or n < 458:
        raise ValueError(f"two samples of one size, at least 458; got {n} and {second.sum()}")
    distance = float(np.abs(np.cumsum(first) - np.cumsum(second)).max()) / n
    return Finding(distance, 0.0, 0.0, math.sqrt(math.log(2 / ALPHA) / n))


def sample_size(law: Distribution) -> int:
    """The smallest n at which every claim catches its smallest fault.

    That is: a scale wrong by 1 %, a mean wrong by 2 % of a standard deviation, and, where
    the law is a cut normal, a missing cut at the right variance.
    """
    needed = [_mean_size(law), _variance_size(law)]
    if law.cut_fault:
        slack = math.sqrt(math.log(2 / ALPHA) / 2) + math.sqrt(math.log(1 / MISS) / 2)
        needed.append(math.ceil((slack / law.cut_fault) ** 2))
    return max(needed)


def _mean_size(law: Distribution) -> int:
    """Where the bound and the sample's own spread together fit into the fault."""
    spread = float(stats.norm.isf(MISS)) * law.std
    fault = MEAN_FAULT * law.std
    return _smallest(lambda n: mean_bound(n, law) + spread / math.sqrt(n) <= fault)


def _variance_size(law: Distribution) -> int:
    """The same for the mean square, under a scale too large or too small by the fault."""
    spread = float(stats.norm.isf(MISS)) * math.sqrt(law.fourth_moment - law.variance**2)

    def caught(n: int) -> bool:
        low, high = variance_bounds(n, law)
        faults = ((1 - SCALE_FAULT) ** 2, (1 + SCALE_FAULT) ** 2)
        small, large = (law.variance * fault for fault in faults)
        noise = [fault * spread / math.sqrt(n) for fault in faults]
        return small + noise[0] <= low and large - noise[1] >= high

    return _smallest(caught)


def _smallest(holds: Callable[[int], bool]) -> int:
    """The smallest n for which a condition holds that goes on holding."""
    high = 1
    while not holds(high):
        high *= 2
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high


def _bernstein(n: int, variance: float, reach: float) -> float:
    """Deviation of the mean of n bounded elements that has probability at most ALPHA."""
    log = math.log(2 / ALPHA)
    return math.sqrt(2 * variance * log / n) + reach * log / (3 * n)
