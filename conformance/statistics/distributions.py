"""A law as the judge needs it: moments, distribution function, support."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from fanwise.spec.laws import Law, NormalLaw, TruncatedNormalLaw, UniformLaw

#: A normal that is cut no closer, in its standard deviations, is one that is not cut: beyond lies
#: less than 2⁻⁴⁶ of it, in no sample there is.
FAR: Final = 8.0


@dataclass(frozen=True)
class Distribution:
    """One of the elementwise laws, through SciPy.

    Attributes:
        law: the law of every element.
        frozen: SciPy's distribution of the same law.
    """

    law: UniformLaw | NormalLaw | TruncatedNormalLaw
    frozen: Any

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
        low, high = self.frozen.support()
        return float(low), float(high)

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
        values: NDArray[np.float64] = self.frozen.cdf(points)
        return values

    def quantile(self, probability: float) -> float:
        """Evaluate the inverse of the distribution function."""
        return float(self.frozen.ppf(probability))


@lru_cache(maxsize=256)
def _fourth_moment(low: float, high: float) -> float:
    """Work out the fourth moment about the mean of a standard normal cut at low and high."""
    standard = stats.truncnorm(low, high)
    centre = float(standard.mean())
    return float(standard.expect(lambda z: (z - centre) ** 4))


def distribution_of(law: Law) -> Distribution | None:
    """Return the form of a law that the tests need; None where elements are not drawn singly."""
    match law:
        case UniformLaw():
            return Distribution(law, stats.uniform(law.low, law.high - law.low))
        case NormalLaw():
            return Distribution(law, stats.norm(law.mean, law.sigma))
        case TruncatedNormalLaw() if min(-law.low, law.high) >= FAR:
            return distribution_of(NormalLaw(law.centre, law.sigma))
        case TruncatedNormalLaw():
            frozen = stats.truncnorm(law.low, law.high, loc=law.centre, scale=law.sigma)
            return Distribution(law, frozen)
    return None


def outside(sample: NDArray[Any], support: tuple[float, float], dtype: str) -> int:
    """Count the elements outside a support, by more than rounding to the dtype explains."""
    low, high = support
    slack = 4 * float(np.finfo(dtype).eps) * max(abs(low), abs(high))
    if not math.isfinite(slack):
        return 0
    return int(((sample < low - slack) | (sample > high + slack) | ~np.isfinite(sample)).sum())
