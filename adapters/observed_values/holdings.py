"""What a sample of a weight looks like: in words, and the scheme that gives such values."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fanwise.adapters.observed_values.evidence import ENOUGH, Evidence, families_of
from fanwise.adapters.observed_values.families import UNIFORM
from fanwise.adapters.observed_values.formulas import SOME, is_formula
from fanwise.adapters.observed_values.numbers import Range, exact_number, rounded_number
from fanwise.adapters.unset_values import find_float_fault
from fanwise.spec.problems import Holding

#: How many standard errors a sample may be off: a law is missed once in a million samples.
_ERRORS: Final = 5.0
#: How many a rounded number may be off.
_ROUNDED: Final = 3.0
#: The most values that are told one by one.
_FEW: Final = 3


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
    if not np.isfinite(sample).all():
        return Holding("values that are not finite")
    if sample.dtype.name in ("float32", "float64") and (fault := find_float_fault(sample)):
        return Holding(f"memory that nobody has written: {fault}")
    sample = sample.astype(np.float64)
    low, high = float(sample.min()), float(sample.max())
    if low == high:
        return _constant(low)
    distinct = np.unique(sample[: ENOUGH * _FEW])
    if distinct.size <= _FEW and np.isin(sample, distinct).all():
        return Holding(f"only {', '.join(f'{value:.4g}' for value in distinct)}")
    mean, std = float(sample.mean()), float(sample.std())
    of_formula = is_formula(sample)
    families = () if sample.size < ENOUGH or of_formula else families_of(Evidence.of(sample))
    family = families[0] if families else None
    if family == UNIFORM:
        return _uniform(low, high, sample.size)
    error = std / math.sqrt(sample.size)
    # Of a few values the error is not well known either.
    allowed = _ERRORS * (1 + _ERRORS / (sample.size - 1)) * error
    centre = 0.0 if abs(mean) <= allowed else _rounded(mean, _ROUNDED * error)
    # However few the values are, they are not all the same.
    width = _rounded(std, min(_ROUNDED * error / math.sqrt(2), std / 2))
    numbers = {"std": width, "mean": centre} if centre else {"std": width}
    words = ", ".join(f"{name} {number:g}" for name, number in numbers.items())
    if family is None:
        # Too few to tell a law: nothing speaks against the usual one, but the order of a formula.
        is_guess = sample.size < ENOUGH and not (of_formula or centre)
        is_usual = is_guess and sample.size >= SOME
        init = {"scheme": "normal", "std": width} if is_usual else None
        return Holding(f"values of {words}", init, is_guess=is_guess)
    return Holding(
        f"{family.words}, {words}", {"scheme": family.scheme, **numbers, **family.window}
    )


def _constant(value: float) -> Holding:
    if value in (0.0, 1.0):
        return Holding(f"all {value:g}", "ones" if value else "zeros")
    return Holding(f"constant {value:g}", {"scheme": "constant", "value": exact_number(value)})


def _uniform(low: float, high: float, size: int) -> Holding:
    """Tell a uniform law, whose ends are a little outside of the sample."""
    allowed = _ERRORS * (high - low) / size
    if abs(high + low) < 2 * allowed:
        end = _rounded(max(high, -low), allowed)
        low, high, words = -end, end, f"±{end:g}"
    else:
        low, high = _rounded(low, allowed), _rounded(high, allowed)
        words = f"[{low:g}, {high:g}]"
    return Holding(f"uniform in {words}", {"scheme": "uniform", "low": low, "high": high})


def _rounded(value: float, allowed: float) -> float:
    """Return the number of fewest digits that is as near to a value as allowed."""
    return rounded_number(Range(value - allowed, value + allowed, value))
