"""The distributions that a weight may be drawn from, and whether values are of one of them.

Each test rejects values that are of the law at most once in 10⁹ times.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fanwise.spec.laws import Law, NormalLaw, TruncatedNormalLaw, UniformLaw
from fanwise.spec.truncation import truncated_mass, truncated_moments

Values = NDArray[np.float64]

#: How often a test rejects what is right.
ALPHA: Final = 1e-9
#: How many standard errors a mean may be off: two sides of a normal law.
ERRORS: Final = 6.11
#: -ln ALPHA: of so many values that are expected beyond a point, one is there.
EXPECTED: Final = -math.log(ALPHA)
#: From so many values on the fourth moment is near its normal law.
ENOUGH: Final = 1000
#: Where the truncated normal law of the catalogue is cut, and where people cut one else.
_USUAL_CUT: Final = 2.0
_CUTS: Final = (3.0, 1.0, 1.5, 2.5, 4.0, 5.0)
#: Cut nearer than this, a normal law is as good as uniform.
_NEAREST_CUT: Final = 0.8
_FARTHEST_CUT: Final = 8.0
_ROUNDED_UP: Final = 1.006
#: A normal law is cut nowhere nearer than this, in standard deviations.
UNCUT: Final = 6.5
#: The density of no family is larger at 0.
_DENSEST: Final = 0.4
#: The draws of most frameworks end near here, in standard deviations.
FARTHEST: Final = 5.0
#: By how much stored numbers may lie outside of a support, by the spacing of narrow dtypes.
SLACK: Final = 4e-3
#: By how much a variance may be off, by rounding to narrow dtypes and approximate quantiles.
_ROUNDING: Final = 1e-3


@dataclass(frozen=True)
class Family:
    """A symmetric law of mean 0 and standard deviation 1.

    Attributes:
        scheme: of the catalogue: ``"uniform"``, ``"normal"`` or ``"truncated_normal"``.
        cut: where a truncated normal is cut, in standard deviations of the uncut one.
    """

    scheme: str
    cut: float = math.inf

    @property
    def words(self) -> str:
        """Its name in prose."""
        return self.scheme.replace("_", " ")

    @property
    def window(self) -> dict[str, float]:
        """The parameters of the catalogue's scheme that say where it is cut, if it is elsewhere."""
        is_usual = math.isinf(self.cut) or self.cut == _USUAL_CUT
        return {} if is_usual else {"low": -self.cut, "high": self.cut}

    @cached_property
    def shrinkage(self) -> float:
        """The standard deviation that the cut leaves of 1."""
        return truncated_moments(-self.cut, self.cut)[1] if math.isfinite(self.cut) else 1.0

    @cached_property
    def end(self) -> float:
        """The end of its support."""
        return math.sqrt(3) if self.scheme == "uniform" else self.cut / self.shrinkage

    @cached_property
    def higher(self) -> tuple[float, float, float]:
        """Its fourth, sixth and eighth moments."""
        if self.scheme == "uniform":
            return 9 / 5, 27 / 7, 9.0
        if math.isinf(self.cut):
            return 3.0, 15.0, 105.0
        edge = 2 * math.exp(-(self.cut**2) / 2) / math.sqrt(2 * math.pi)
        edge /= truncated_mass(-self.cut, self.cut)
        moment, moments = 1.0, {}
        for power in (2, 4, 6, 8):
            moment = (power - 1) * moment - self.cut ** (power - 1) * edge
            moments[power] = moment / self.shrinkage**power
        return moments[4], moments[6], moments[8]

    def error(self, count: int) -> float:
        """Return the relative standard error of the standard deviation of so many values."""
        return math.sqrt((self.higher[0] - 1) / (4 * max(count, 1)))

    def beyond(self, point: float) -> float:
        """Return the probability that the magnitude of a value is above a point."""
        if point >= self.end:
            return 0.0
        if self.scheme == "uniform":
            return 1 - point / self.end
        mass = math.erf(point * self.shrinkage / math.sqrt(2))
        whole = 1.0 if math.isinf(self.cut) else truncated_mass(-self.cut, self.cut)
        return max(1 - mass / whole, 0.0)

    def below(self, values: Values) -> Values:
        """Return the distribution function at some values."""
        if self.scheme == "uniform":
            return np.clip((values / self.end + 1) / 2, 0, 1)
        # erf, in the order of the values.
        whole = 1.0 if math.isinf(self.cut) else truncated_mass(-self.cut, self.cut)
        scaled = values * (self.shrinkage / math.sqrt(2))
        mass = np.fromiter(map(math.erf, scaled), np.float64, scaled.size)
        return np.clip((mass / whole + 1) / 2, 0, 1)


UNIFORM: Final = Family("uniform")
NORMAL: Final = Family("normal")


@lru_cache(maxsize=256)
def truncated(cut: float) -> Family:
    """Return the normal law that is cut on both sides; one that is cut far out is not cut."""
    return Family("truncated_normal", cut) if cut < UNCUT else NORMAL


def family_of(law: Law) -> Family | None:
    """Return the family of a law that draws each element by itself; None for others."""
    if isinstance(law, UniformLaw):
        return UNIFORM
    if isinstance(law, NormalLaw):
        return NORMAL
    if isinstance(law, TruncatedNormalLaw) and law.low == -law.high:
        return truncated(law.high)
    return None


@dataclass(frozen=True)
class Evidence:
    """What is known of values that were divided by the deviation that they should have.

    Attributes:
        count: how many values the first two moments and the peak are of.
        sampled: how many the other moments are of.
        moments: the means of their first to fourth powers.
        peak: the largest magnitude.
        slack: by how much the deviation may be off, where it was measured.
    """

    count: int
    sampled: int
    moments: tuple[float, float, float, float]
    peak: float
    slack: float = SLACK

    @classmethod
    def of(cls, sample: Values) -> Evidence:
        """Return that of values, divided by the deviation that they have."""
        scaled = (sample - sample.mean()) / sample.std()
        powers = [float((scaled**power).mean()) for power in (1, 2, 3, 4)]
        peak = float(np.abs(scaled).max())
        slack = SLACK + ERRORS * UNIFORM.error(sample.size)
        moments = (powers[0], powers[1], powers[2], powers[3])
        return cls(sample.size, sample.size, moments, peak, slack)

    def contradiction(self, family: Family) -> str:
        """Say what speaks against values of mean 0 and standard deviation 1 being of a family.

        Returns:
            A word for what differs; empty where nothing does.
        """
        first, second, third, fourth = self.moments
        if not math.isfinite(fourth):
            return "finite"
        if abs(first) > ERRORS / math.sqrt(self.count) + _ROUNDING:
            return "mean"
        if not is_spread(family, self.count, second):
            return "deviation"
        if self.peak > family.end * (1 + self.slack):
            return "support"
        # Farther out, the draws of most frameworks end.
        peak = self.peak * (1 + self.slack)
        if peak < FARTHEST and self.count * family.beyond(peak) > EXPECTED:
            return "tails"
        if self.sampled < ENOUGH:
            return ""
        kurtosis, sixth, eighth = family.higher
        if abs(third) > ERRORS * math.sqrt(sixth / self.sampled) + 4 * _ROUNDING:
            return "skewness"
        allowed = ERRORS * math.sqrt((eighth - kurtosis**2) / self.sampled) + 4 * _ROUNDING
        return "kurtosis" if abs(fourth - kurtosis) > allowed else ""


def families_of(evidence: Evidence) -> tuple[Family, ...]:
    """Return the families that nothing speaks against, the most likely first.

    Args:
        evidence: of values that were divided by the deviation that they have.
    """
    usual = (UNIFORM, truncated(_USUAL_CUT), NORMAL)
    fitting = tuple(family for family in usual if not evidence.contradiction(family))
    if fitting:
        return fitting
    # Cut farther out or farther in than usual; what may be uncut is not said to be cut.
    for cuts in (_CUTS, _measured_cut(evidence.peak)):
        fitting = tuple(f for f in map(truncated, cuts) if not evidence.contradiction(f))
        if fitting:
            break
    return fitting


def _measured_cut(peak: float) -> tuple[float, ...]:
    """Return where a normal law is cut whose largest value is so many of its own deviations."""
    low, high = _NEAREST_CUT, _FARTHEST_CUT
    if not truncated(low).end < peak < _FARTHEST_CUT:
        return ()
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if truncated(middle).end < peak else (low, middle)
    # Rounded up: other values of the law may lie a little farther out.
    return (float(f"{high * _ROUNDED_UP:.3g}"),)


def is_spread(family: Family, count: int, second: float) -> bool:
    """Tell whether a mean square may be of a family of standard deviation 1."""
    error = ERRORS * 2 * family.error(count)
    if second > 1 + error * (1 + error) + _ROUNDING:
        return False
    return second > math.exp(-error) - _ROUNDING or not _is_too_small(count, second)


def _is_too_small(count: int, second: float) -> bool:
    """Tell whether so many values have so small a mean square less often than :data:`ALPHA`.

    They then lie in a ball, whose volume times the density at 0 bounds the probability.
    """
    if second <= 0:
        return True
    volume = count / 2 * math.log(math.pi * count * second) - math.lgamma(count / 2 + 1)
    return volume + count * math.log(_DENSEST) < -EXPECTED


def is_too_much(expected: float, samples: int) -> bool:
    """Tell whether so many values are expected beyond the peaks of samples, where there are none.

    The number that is expected beyond the peak of a sample has an exponential law of mean 1.

    Args:
        expected: the sum over the samples.
        samples: how many there are.
    """
    if expected <= samples:
        return False
    return samples * math.log(expected / samples) - (expected - samples) < -EXPECTED


def is_distributed(family: Family, values: Values) -> bool:
    """Tell whether values may be of a family, by the largest distance of their distribution.

    By the inequality of Dvoretzky, Kiefer, Wolfowitz and Massart, which holds for every size.
    """
    ordered = np.sort(values)
    below = family.below(ordered)
    count = ordered.size
    steps = np.arange(count + 1) / count
    distance = max(float((steps[1:] - below).max()), float((below - steps[:-1]).max()))
    return distance < math.sqrt(math.log(2 / ALPHA) / (2 * count)) + _ROUNDING
