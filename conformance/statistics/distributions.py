"""A law as the judge needs it: moments, distribution function, support."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import special, stats

from fanwise.spec.laws import Law, NormalLaw, TruncatedNormalLaw, UniformLaw

#: A normal that is cut no closer, in its standard deviations, is one that is not cut: beyond lies
#: less than 2⁻⁴⁶ of it, in no sample there is.
FAR: Final = 8.0


@dataclass(frozen=True)
class Distribution:
    """One of the elementwise laws, mostly through SciPy.

    Attributes:
        law: the law of every element.
    """

    law: UniformLaw | NormalLaw | TruncatedNormalLaw

    @cached_property
    def frozen(self) -> Any:
        """SciPy's distribution of the same law."""
        match self.law:
            case UniformLaw(low=low, high=high):
                return stats.uniform(low, high - low)
            case NormalLaw(mean=mean, sigma=sigma):
                return stats.norm(mean, sigma)
        cut = self.law
        return stats.truncnorm(cut.low, cut.high, loc=cut.centre, scale=cut.sigma)

    @property
    def mean(self) -> float:
        """The mean of an element."""
        return self.law.mean

    @property
    def std(self) -> float:
        """The standard deviation of an element."""
        return self.law.std

    @property
    def variance(self) -> float:
        """The variance of an element."""
        return self.law.std**2

    @cached_property
    def fourth_moment(self) -> float:
        """The fourth moment about the mean."""
        # In units of the standard deviation: quadrature has an absolute tolerance.
        if isinstance(self.law, UniformLaw):
            return 1.8 * self.variance**2
        if isinstance(self.law, NormalLaw):
            return 3.0 * self.variance**2
        return _fourth_moment(self.law.low, self.law.high) * self.law.sigma**4

    @property
    def bounded(self) -> bool:
        """Whether the law has a finite support."""
        return not isinstance(self.law, NormalLaw)

    @property
    def support(self) -> tuple[float, float]:
        """The ends of the support."""
        match self.law:
            case UniformLaw(low=low, high=high):
                return low, high
            case TruncatedNormalLaw(centre=centre, sigma=sigma, low=low, high=high):
                return centre + sigma * low, centre + sigma * high
        return -math.inf, math.inf

    @property
    def reach(self) -> float:
        """The largest distance from the mean."""
        low, high = self.support
        return max(high - self.mean, self.mean - low)

    @cached_property
    def cut_fault(self) -> float:
        """How far the distribution function moves if the cut is forgotten; 0 if there is none."""
        if not isinstance(self.law, TruncatedNormalLaw):
            return 0.0
        points = np.linspace(self.mean - 6 * self.std, self.mean + 6 * self.std, 20001)
        uncut = stats.norm(self.mean, self.std).cdf(points)
        return float(np.abs(uncut - self.cdf(points)).max())

    def cdf(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Evaluate the distribution function."""
        # SciPy makes a distribution in milliseconds: too long for each weight of a model.
        values: NDArray[np.float64]
        match self.law:
            case UniformLaw(low=low, high=high):
                values = np.clip((points - low) / (high - low), 0.0, 1.0)
            case NormalLaw(mean=mean, sigma=sigma):
                values = special.ndtr((points - mean) / sigma)
            case TruncatedNormalLaw(centre=centre, sigma=sigma, low=low, high=high):
                # SciPy's own works with logarithms, and takes twenty times as long.
                below, mass = special.ndtr(low), special.ndtr(high) - special.ndtr(low)
                share = (special.ndtr((points - centre) / sigma) - below) / mass
                values = np.clip(share, 0.0, 1.0)
        return values

    def beyond(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Evaluate one less the distribution function, right far out too."""
        values: NDArray[np.float64]
        match self.law:
            case UniformLaw(low=low, high=high):
                values = np.clip((high - points) / (high - low), 0.0, 1.0)
            case NormalLaw(mean=mean, sigma=sigma):
                values = special.ndtr((mean - points) / sigma)
            case TruncatedNormalLaw(centre=centre, sigma=sigma, low=low, high=high):
                values = _cut(low, high).sf((points - centre) / sigma)
        return values

    def quantile(self, probability: float) -> float:
        """Evaluate the inverse of the distribution function."""
        return float(self.frozen.ppf(probability))


@lru_cache(maxsize=256)
def _cut(low: float, high: float) -> Any:
    """Return SciPy's standard normal, cut at low and high."""
    return stats.truncnorm(low, high)


@lru_cache(maxsize=256)
def _fourth_moment(low: float, high: float) -> float:
    """Work out the fourth moment about the mean of a standard normal cut at low and high."""
    standard = _cut(low, high)
    centre = float(standard.mean())
    return float(standard.expect(lambda z: (z - centre) ** 4))


def distribution_of(law: Law) -> Distribution | None:
    """Return the form of a law that the tests need; None where elements are not drawn singly."""
    match law:
        case TruncatedNormalLaw() if min(-law.low, law.high) >= FAR:
            return distribution_of(NormalLaw(law.centre, law.sigma))
        case UniformLaw() | NormalLaw() | TruncatedNormalLaw():
            return Distribution(law)
    return None


def outside(sample: NDArray[Any], support: tuple[float, float], dtype: str) -> int:
    """Count the elements outside a support, by more than rounding to the dtype explains."""
    low, high = support
    slack = 4 * float(np.finfo(dtype).eps) * max(abs(low), abs(high))
    if not math.isfinite(slack):
        return 0
    return int(((sample < low - slack) | (sample > high + slack) | ~np.isfinite(sample)).sum())
