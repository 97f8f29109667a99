"""What the values of a weight look like: the words that a report says about a sample of them."""

from __future__ import annotations

import math
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

#: A law is named for at least so many values: fewer look alike whatever drew them.
ENOUGH: Final = 1000
#: How many standard errors a sample may be off: a law is missed once in a million samples.
_ERRORS: Final = 5.0
#: The most values that are told one by one.
_FEW: Final = 3
#: √n times the standard error of the skewness of a normal sample; those of the others are smaller.
_SKEWNESS_ERROR: Final = math.sqrt(6)


class _Shape(NamedTuple):
    """What tells a symmetric law, whatever its scale.

    The kurtosis, and √n times its standard error in a sample, √(z₈ - 4 z₄ z₆ + 4 z₄³ - z₄²) with
    the moments z of the law at standard deviation 1; and between what the largest value lies, over
    the standard deviation, in a large sample.
    """

    kurtosis: float
    error: float
    lowest_peak: float
    highest_peak: float


_SHAPES: Final = {
    "uniform": _Shape(1.8, math.sqrt(1.32), 1.6, math.sqrt(3)),
    # Cut at two standard deviations, which leaves 0.8796 of one.
    "truncated normal": _Shape(2.3655, 1.97, 2.1, 2.2737),
    # Of 1000 normal values, none is above 2.5 about once in 270,000 times.
    "normal": _Shape(3.0, math.sqrt(24), 2.5, math.inf),
}


def describe_values(values: NDArray[Any]) -> str:
    """Say what values look like: constant, of a plain law, or only how large.

    Args:
        values: real numbers, of any shape; a sample of a weight, of all parts of it.

    Examples:
        >>> describe_values(np.ones((3, 4))), describe_values(np.full(5, 0.5))
        ('all 1', 'constant 0.5')
        >>> describe_values(np.random.default_rng(0).normal(0, 0.02, 10_000))
        'normal, std 0.02'
    """
    sample = np.asarray(values).reshape(-1)
    if sample.size == 0:
        return "no values"
    sample = sample.astype(np.float64)
    if not np.isfinite(sample).all():
        return "values that are not finite"
    low, high = float(sample.min()), float(sample.max())
    if low == high:
        return f"all {low:g}" if low in (0.0, 1.0) else f"constant {low:.4g}"
    distinct = np.unique(sample[: ENOUGH * _FEW])
    if distinct.size <= _FEW and np.isin(sample, distinct).all():
        return f"only {', '.join(f'{value:.4g}' for value in distinct)}"
    mean, std = float(sample.mean()), float(sample.std())
    law = _law(sample, mean, std, max(high - mean, mean - low)) if sample.size >= ENOUGH else ""
    if law == "uniform":
        if abs(high + low) < 0.05 * (high - low):
            return f"uniform in ±{max(high, -low):.2g}"
        digits = 1 - math.floor(math.log10(high - low))
        return f"uniform in [{round(low, digits):g}, {round(high, digits):g}]"
    text = f"{law or 'values'}{',' if law else ' of'} std {std:.2g}"
    centred = abs(mean) <= _ERRORS * std / math.sqrt(sample.size)
    return text if centred else f"{text}, mean {mean:.2g}"


def _law(sample: NDArray[np.float64], mean: float, std: float, peak: float) -> str:
    """Name the law whose third and fourth moments and largest value a sample has."""
    scaled = (sample - mean) / std
    allowed = _ERRORS / math.sqrt(sample.size)
    if abs(float((scaled**3).mean())) > allowed * _SKEWNESS_ERROR:
        return ""
    kurtosis, largest = float((scaled**4).mean()), peak / std
    for law, shape in _SHAPES.items():
        # The mean and the standard deviation of the sample are not those of the law either.
        near = shape.lowest_peak < largest < shape.highest_peak + 1.3 * allowed
        if near and abs(kurtosis - shape.kurtosis) < allowed * shape.error:
            return law
    return ""
