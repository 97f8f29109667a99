"""What the values of a weight look like: in words, and the scheme that gives such values."""

from __future__ import annotations

import math
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fanwise.spec.problems import SAMPLE, Holding
from fanwise.spec.truncation import truncated_moments

#: A law is named for at least so many values: fewer look alike whatever drew them.
ENOUGH: Final = 1000
#: A few values about zero may be of any law; fewer yet may be anything.
_SOME: Final = 8
#: How many standard errors a sample may be off: a law is missed once in a million samples.
_ERRORS: Final = 5.0
#: How many a rounded number may be off.
_ROUNDED: Final = 3.0
#: The most values that are told one by one.
_FEW: Final = 3
#: √n times the standard error of the skewness of a normal sample; those of the others are smaller.
_SKEWNESS_ERROR: Final = math.sqrt(6)
#: How like its neighbour a value of a formula is, by the correlation, and in standard errors.
_SMOOTH: Final = 0.5
_SMOOTH_ERRORS: Final = 6.0
#: The share of the values that are drawn twice, at most, of random float32 numbers.
_REPEATED: Final = 0.02
#: The bits of a float32 that are zero in narrower numbers, which repeat often.
_OF_SINGLES: Final = 0xFFF
#: Where the truncated normal law of the catalogue is cut.
_CUT: Final = 2.0


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
    "truncated normal": _Shape(2.3655, 1.97, 2.1, _CUT / truncated_moments(-_CUT, _CUT)[1]),
    # Of 1000 normal values, none is above 2.5 about once in 270,000 times.
    "normal": _Shape(3.0, math.sqrt(24), 2.5, math.inf),
}


def sample_step(size: int, most: int = SAMPLE) -> int:
    """Return which so-many-th values of a weight are looked at.

    Args:
        size: how many values the weight has.
        most: about how many are looked at.

    Examples:
        >>> sample_step(100), sample_step(1 << 20)
        (1, 33)
    """
    # An odd step, which is of no size that axes usually have: every row and column is seen.
    return max(1, size // most) | 1


def observed_values(values: NDArray[Any]) -> Holding:
    """Say what values look like: constant, of a plain law, or only how large.

    Args:
        values: real numbers, of any shape; a sample of a weight, of all parts of it.

    Returns:
        The words, and the scheme that gives such values where there is one.

    Examples:
        >>> observed_values(np.ones((3, 4))).text, observed_values(np.full(5, 0.5)).text
        ('all 1', 'constant 0.5')
        >>> observed_values(np.random.default_rng(0).normal(0, 0.02, 10_000))
        Holding(text='normal, std 0.02', init={'scheme': 'normal', 'std': 0.02}, is_guess=False)
    """
    sample = np.asarray(values).reshape(-1)
    if sample.size == 0:
        return Holding("")
    sample = sample.astype(np.float64)
    if not np.isfinite(sample).all():
        return Holding("values that are not finite")
    low, high = float(sample.min()), float(sample.max())
    if low == high:
        return _constant(low)
    distinct = np.unique(sample[: ENOUGH * _FEW])
    if distinct.size <= _FEW and np.isin(sample, distinct).all():
        return Holding(f"only {', '.join(f'{value:.4g}' for value in distinct)}")
    mean, std = float(sample.mean()), float(sample.std())
    peak = max(high - mean, mean - low)
    of_formula = is_formula(sample)
    law = "" if sample.size < ENOUGH or of_formula else _law(sample, mean, std, peak)
    if law == "uniform":
        return _uniform(low, high, sample.size)
    error = std / math.sqrt(sample.size)
    # Of a few values the error is not well known either.
    allowed = _ERRORS * (1 + _ERRORS / (sample.size - 1)) * error
    centre = 0.0 if abs(mean) <= allowed else _shortest(mean, _ROUNDED * error)
    # However few the values are, they are not all the same.
    width = _shortest(std, min(_ROUNDED * error / math.sqrt(2), std / 2))
    numbers = {"std": width, "mean": centre} if centre else {"std": width}
    words = ", ".join(f"{name} {number:g}" for name, number in numbers.items())
    if not law:
        # Too few to tell a law: nothing speaks against the usual one, but the order of a formula.
        is_guess = sample.size < ENOUGH and not (of_formula or centre)
        is_usual = is_guess and sample.size >= _SOME
        init = {"scheme": "normal", "std": width} if is_usual else None
        return Holding(f"values of {words}", init, is_guess=is_guess)
    return Holding(f"{law}, {words}", {"scheme": law.replace(" ", "_"), **numbers})


def is_formula(sample: NDArray[np.float64]) -> bool:
    """Tell whether values seem to be computed, such as a ramp or a table of sines, not drawn.

    Args:
        sample: finite numbers, not all of them the same, in their order.

    Examples:
        >>> is_formula(np.arange(20.0)), is_formula(np.random.default_rng(0).normal(0, 1, 20))
        (True, False)
    """
    mean, std = float(sample.mean()), float(sample.std())
    steps = np.diff(sample)
    if (steps >= 0).all() or (steps <= 0).all():
        return sample.size >= _SOME
    # cos 0 stands in every table of cosines; padding is 0.
    given = sample[sample != 0]
    if np.abs(given).max() == 1:
        return True
    singles = given.astype(np.float32)
    is_narrow = bool((singles.view(np.uint32) & _OF_SINGLES == 0).all())
    # The nearer float32 numbers lie to each other, the fewer of them are drawn twice.
    gap = float(np.spacing(np.abs(singles).max()))
    repeated = 1 - np.unique(given).size / given.size
    if repeated > _REPEATED + given.size * gap / std and not is_narrow:
        return True
    scaled = (sample - mean) / std
    likeness = float((scaled[1:] * scaled[:-1]).mean())
    return likeness > max(_SMOOTH, _SMOOTH_ERRORS / math.sqrt(sample.size))


def _constant(value: float) -> Holding:
    if value in (0.0, 1.0):
        return Holding(f"all {value:g}", "ones" if value else "zeros")
    return Holding(f"constant {value:g}", {"scheme": "constant", "value": _exact(value)})


def _exact(value: float) -> float:
    """Return the number of fewest digits that is the same float32, or else the same float64."""
    narrow = np.float32(value)
    return float(str(narrow)) if float(narrow) == value else value


def _uniform(low: float, high: float, size: int) -> Holding:
    """Tell a uniform law, whose ends are a little outside of the sample."""
    allowed = _ERRORS * (high - low) / size
    if abs(high + low) < 2 * allowed:
        end = _shortest(max(high, -low), allowed)
        low, high, words = -end, end, f"±{end:g}"
    else:
        low, high = _shortest(low, allowed), _shortest(high, allowed)
        words = f"[{low:g}, {high:g}]"
    return Holding(f"uniform in {words}", {"scheme": "uniform", "low": low, "high": high})


def _shortest(value: float, allowed: float) -> float:
    """Return the number of fewest digits that is as near to a value as allowed."""
    if abs(value) <= allowed:
        return 0.0
    rounded = (float(f"{value:.{digits}g}") for digits in range(1, 5))
    return next((number for number in rounded if abs(number - value) <= allowed), value)


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
