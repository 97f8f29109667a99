"""Moments of samples, and whether two samples have the same ones at a stated false-alarm rate."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

import numpy as np

#: How often a model that is right is called wrong.
FALSE_ALARMS: Final = 1e-9
#: Of fewer numbers nothing is said.
_FEWEST: Final = 16
#: More numbers of one array tell nothing more.
_MOST: Final = 500_000
#: No distribution has less; what a small sample shows of it is not believed further.
_LEAST_KURTOSIS: Final = 1.5


@dataclass(frozen=True)
class Moments:
    """What is known of the distribution of a sample.

    Attributes:
        count: how many numbers count as drawn one by one.
        mean, variance: of the sample.
        kurtosis: 3 for a normal distribution, 1.8 for a uniform one.
    """

    count: float
    mean: float
    variance: float
    kurtosis: float

    @classmethod
    def of(cls, samples: Iterable[np.ndarray]) -> Moments:
        """Work out the moments of all numbers of some arrays together."""
        numbers = np.concatenate([_some(sample) for sample in samples]).astype(np.float64)
        mean = float(numbers.mean())
        squares = (numbers - mean) ** 2
        variance = float(squares.mean())
        kurtosis = float((squares**2).mean() / variance**2) if variance else _LEAST_KURTOSIS
        # Where numbers repeat, as those of copies do, only one of each is a draw.
        return cls(np.unique(numbers).size, mean, variance, max(kurtosis, _LEAST_KURTOSIS))

    @property
    def std(self) -> float:
        """The standard deviation."""
        return math.sqrt(self.variance)


def _some(sample: np.ndarray) -> np.ndarray:
    """Return the numbers of an array, or of a large one so many as tell its moments."""
    numbers = np.ravel(sample)
    # Not by a step that an axis may have.
    return numbers[:: 1 + 2 * (numbers.size // (2 * _MOST))]


def difference(observed: Moments, expected: Moments, tests: int) -> str:
    """Say how a sample differs from what is expected; ``""`` where chance explains it.

    The ratio of the variances is that of two χ² with as many degrees of freedom as the samples and
    the kurtosis give, by the cube roots of Wilson and Hilferty (1931).

    Args:
        observed: moments of what was drawn.
        expected: those of what it should be drawn like.
        tests: how many such questions are asked of the model.
    """
    if min(observed.count, expected.count) < _FEWEST:
        return ""
    z = NormalDist().inv_cdf(1 - FALSE_ALARMS / (4 * max(tests, 1)))
    if not expected.variance:
        return "" if not observed.variance else f"std {observed.std:.4g} for 0"
    ratio = observed.variance / expected.variance
    excess = max(expected.kurtosis, observed.kurtosis if ratio < 1 else 0) - 1
    spread = (2 / 9) * sum(excess / (2 * sample.count) for sample in (observed, expected))
    mean = 1 - spread
    if abs(ratio ** (1 / 3) - mean) > z * math.sqrt(spread):
        return f"std {observed.std:.4g} for {expected.std:.4g}"
    error = expected.std * math.sqrt(1 / observed.count + 1 / expected.count)
    if abs(observed.mean - expected.mean) > z * error:
        return f"mean {observed.mean:.4g} for {expected.mean:.4g}"
    return ""
