"""Whether values that a model holds can be a sample of a law.

A law is contradicted at a rate of false alarms of one in a billion for all that is asked of a
model: by the mean, the variance, the largest value, which for a few values says more, and by how
the values are distributed, which tells a mask from a law of its variance.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fanwise.spec.laws import ConstantLaw, NormalLaw, TruncatedNormalLaw, UniformLaw

#: How often a law that a model was drawn by is called another, in all that is asked of it.
FALSE_ALARMS: Final = 1e-9
#: How many tests a sample is put to.
_TESTS: Final = 4
#: The kurtosis of what is no law of independent elements: that of none is larger.
_KURTOSIS: Final = 3.0
#: What float32, or a narrower dtype, adds to a number.
_ROUNDING: Final = 1e-2
_NORMAL: Final = NormalDist()
#: So many values are not all whole by chance.
_WHOLE: Final = 8
#: Where the error function is tabulated, which NumPy does not have.
_GRID: Final = np.linspace(-6.0, 6.0, 4097)
_ERF: Final = np.array([math.erf(place) for place in _GRID])

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Sample:
    """Values of one weight, and the law that they may be of."""

    values: Values
    law: Any


def may_be(samples: Sequence[Sample], questions: int) -> bool:
    """Tell whether values may be of their laws, which are of one form.

    Args:
        samples: of the weights that start alike.
        questions: how many are asked of the model, so that all together raise few false alarms.
    """
    laws = [sample.law for sample in samples]
    if any(isinstance(law, ConstantLaw) or not law.std for law in laws):
        return all(bool((sample.values == sample.law.mean).all()) for sample in samples)
    scaled = np.concatenate([(s.values - s.law.mean) / s.law.std for s in samples])
    level = FALSE_ALARMS / (_TESTS * questions)
    kurtosis = _kurtosis(laws[0])
    errors = _NORMAL.inv_cdf(1 - level / 2)
    if abs(float(scaled.mean())) > errors / math.sqrt(scaled.size) + _ROUNDING:
        return False
    # A sum of squares is nearly χ² with these degrees of freedom; the cube root of one is normal.
    freedom = 2 * scaled.size / (kurtosis - 1)
    spread = math.sqrt(2 / (9 * freedom))
    root = ((float((scaled**2).mean())) ** (1 / 3) - (1 - spread**2)) / spread
    if abs(root) > errors + _ROUNDING / spread:
        return False
    return _may_have_largest(
        float(np.abs(scaled).max()), laws[0], scaled.size, level
    ) and _may_be_spread(samples, level)


def precision(size: int, questions: int) -> float:
    """Return by which share of it a standard deviation of so many values may be off."""
    errors = _NORMAL.inv_cdf(1 - FALSE_ALARMS / (2 * _TESTS * questions))
    return errors * math.sqrt((_KURTOSIS - 1) / (4 * size))


def _kurtosis(law: Any) -> float:
    if isinstance(law, UniformLaw):
        return 1.8
    # Cut nearer than at two deviations, it is between these.
    return 2.3655 if isinstance(law, TruncatedNormalLaw) else _KURTOSIS


def _may_have_largest(largest: float, law: Any, size: int, level: float) -> bool:
    """Tell whether the largest of some values, in deviations from the mean, may be this one."""
    if isinstance(law, UniformLaw):
        inside = largest / math.sqrt(3)
    elif isinstance(law, TruncatedNormalLaw):
        cut = law.high
        inside = _within(largest * law.std / law.sigma) / _within(cut)
    elif isinstance(law, NormalLaw):
        inside = _within(largest)
    else:
        return True
    if inside > 1 + _ROUNDING:
        return False
    outside = max(1 - inside, 1e-300)
    # That none of so many is larger, and that one is as large.
    return size * math.log(max(min(inside, 1), 1e-300)) > math.log(level) and (
        size * outside > level or not isinstance(law, NormalLaw)
    )


def _may_be_spread(samples: Sequence[Sample], level: float) -> bool:
    """Tell whether values may be distributed so, by Massart's bound, which holds for any number."""
    values = np.concatenate([sample.values for sample in samples])
    if values.size >= _WHOLE and bool((values == np.round(values)).all()):
        return False
    shares = [
        share
        for share in (_shares_below(sample.values, sample.law) for sample in samples)
        if share is not None
    ]
    if len(shares) < len(samples):
        return True
    sorted_shares = np.sort(np.concatenate(shares))
    steps = np.arange(sorted_shares.size + 1) / sorted_shares.size
    distance = max((steps[1:] - sorted_shares).max(), (sorted_shares - steps[:-1]).max())
    bound = math.sqrt(math.log(2 / level) / (2 * sorted_shares.size))
    return bool(distance <= bound + _ROUNDING)


def _shares_below(values: Values, law: Any) -> Values | None:
    """Return how much of a law lies below some values; None where it has no elements by itself."""
    if isinstance(law, UniformLaw):
        return np.clip((values - law.mean) / (law.std * math.sqrt(12)) + 0.5, 0, 1)
    if isinstance(law, NormalLaw):
        return _shares_of_normal((values - law.mean) / law.std)
    if isinstance(law, TruncatedNormalLaw):
        low, high = _shares_of_normal(np.array([law.low, law.high]))
        shares = _shares_of_normal((values - law.centre) / law.sigma)
        inside: Values = np.clip((shares - low) / (high - low), 0, 1)
        return inside
    return None


def _shares_of_normal(deviations: Values) -> Values:
    shares: Values = (1 + np.interp(deviations / math.sqrt(2), _GRID, _ERF)) / 2
    return shares


def _within(deviations: float) -> float:
    return math.erf(deviations / math.sqrt(2))
