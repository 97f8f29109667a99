"""Whether values are of a family of laws.

Each test rejects values that are of the law at most once in 10⁹ times.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from fanwise.adapters.observed_values.families import (
    NORMAL,
    UNIFORM,
    USUAL_CUT,
    Family,
    Values,
    truncated,
)

#: How often a test rejects what is right.
ALPHA: Final = 1e-9
#: How many standard errors a mean may be off: two sides of a normal law.
ERRORS: Final = 6.11
#: -ln ALPHA: of so many values that are expected beyond a point, one is there.
EXPECTED: Final = -math.log(ALPHA)
#: From so many values on the fourth moment is near its normal law.
ENOUGH: Final = 1000
#: The draws of most frameworks end near here, in standard deviations.
FARTHEST: Final = 5.0
#: By how much stored numbers may lie outside of a support, by the spacing of narrow dtypes.
SLACK: Final = 4e-3
#: Where people cut a normal law, if not where it is usual.
_CUTS: Final = (3.0, 1.0, 1.5, 2.5, 4.0, 5.0)
#: Cut nearer than this, a normal law is as good as uniform; no cut farther out is looked for.
_NEAREST_CUT: Final = 0.8
_FARTHEST_CUT: Final = 8.0
#: A measured cut lies so much farther out than the values that are known.
_ROUNDED_UP: Final = 1.006
#: The density of no family is larger at 0.
_DENSEST: Final = 0.4
#: By how much a variance may be off, by rounding to narrow dtypes and approximate quantiles.
_ROUNDING: Final = 1e-3


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
    usual = (UNIFORM, truncated(USUAL_CUT), NORMAL)
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
