"""The law of a scheme as a line of text, made of what the catalogue declares."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Final

from fanwise.spec.entries import FORMULA, Entry
from fanwise.spec.parameters import Declared, Expression, FromParameter

#: How a parameter is written: as it is, or as a page sets it off.
Mark = Callable[[str], str]
#: What stands for nothing to say.
NONE: Final = "–"

#: Python's signs, and those that people write.
_SIGNS: Final = (
    (r"\bsqrt\(", "√("),
    (r"\*\*|\^", "^"),
    (r"\s*\*\s*", "·"),
    (r"(?<=\^)-", "−"),
    (r"(?<![\w.])-(?=[\w.(√])", "−"),
    (r" - ", " − "),
    (r"<=", "≤"),
    (r">=", "≥"),
    (r"!=", "≠"),
    (r"==", "="),
    (r"\bpi\b", "π"),
    (r"\^2\b(?!\.)", "²"),
    (r"\^3\b(?!\.)", "³"),
)
_STEPS: Final = {
    "unit_columns": "every column then of length",
    "unit_rows": "every row then of length",
    "unit_spectral_norm": "the largest singular value then",
}


def formula_of(entry: Entry, mark: Mark = str) -> str:
    """Return the law of a scheme: its distribution, and its scale.

    Args:
        entry: of the catalogue.
        mark: writes the name of a parameter.

    Examples:
        >>> from fanwise.spec.catalogue import catalogue
        >>> entries = catalogue().entries
        >>> formula_of(entries["he_normal"]), formula_of(entries["normal"])
        ('normal cut at ±2σ, variance 2 / fan_in', 'normal of mean mean, std = std')
    """
    parts = (distribution_of(entry, mark), scale_of(entry, mark), _step_of(entry, mark))
    return ", ".join(part for part in parts if part != NONE)


def distribution_of(entry: Entry, mark: Mark = str) -> str:
    """Return the distribution in words, with its cut where that is fixed."""
    distribution, kind = entry.distribution, entry.distribution["kind"]
    if kind == FORMULA:
        return f"w = {_shown(distribution['value'], mark)}"
    if kind == "constant":
        return f"constant {_shown(distribution['value'], mark)}"
    if kind == "truncated_normal":
        low, high = distribution["low"], distribution["high"]
        if isinstance(low, float) and isinstance(high, float) and low == -high:
            return f"normal cut at ±{high:g}σ{_centre(distribution, mark)}"
        cut = f"{_shown(low, mark)}, {_shown(high, mark)}"
        return f"normal cut to [{cut}]σ{_centre(distribution, mark)}"
    if kind in ("uniform", "normal") or isinstance(kind, FromParameter):
        return f"{_shown(kind, mark)}{_centre(distribution, mark)}"
    return entry.summary[0].lower() + entry.summary[1:].rstrip(".")


def scale_of(entry: Entry, mark: Mark = str) -> str:
    """Return the scale rule as a formula; a structured scheme may name its std instead."""
    scale = entry.scale
    if scale["rule"] == "range":
        return f"from {_shown(scale['low'], mark)} to {_shown(scale['high'], mark)}"
    if scale["rule"] == "variance":
        return f"variance {_ratio(scale, mark)}"
    std = scale.get("std", entry.distribution.get("std"))
    return NONE if std is None else f"std = {_shown(std, mark)}"


def written(expression: str) -> str:
    """Write an expression as people do.

    Examples:
        >>> written("(8 * layers)^-0.25 * sqrt(2 / (fan_in + fan_out))")
        '(8·layers)^−0.25·√(2 / (fan_in + fan_out))'
    """
    for sign, other in _SIGNS:
        expression = re.sub(sign, other, expression)
    return expression


def _step_of(entry: Entry, mark: Mark) -> str:
    if entry.after is None:
        return NONE
    return f"{_STEPS[str(entry.after['step'])]} {_shown(entry.after['gain'], mark)}"


def _centre(distribution: Mapping[str, Declared], mark: Mark) -> str:
    mean = distribution.get("mean", 0.0)
    return "" if mean == 0.0 else f" of mean {_shown(mean, mark)}"


def _ratio(scale: Mapping[str, Declared], mark: Mark) -> str:
    """The numerator over the fan: 2 / fan_in, gain² / fan_avg, 1 / (3·fan_in)."""
    fan = _shown(scale["fan"], mark)
    if "gain" in scale:
        return f"{_shown(scale['gain'], mark)}² / {fan}"
    if "nonlinearity" in scale:
        slope = f"{_shown(scale['nonlinearity'], mark)}, {_shown(scale['a'], mark)}"
        return f"gain({slope})² / {fan}"
    number = scale["scale"]
    if not isinstance(number, float):
        return f"{_shown(number, mark)} / {fan}"
    ratio = Fraction(number).limit_denominator(1000)
    under = fan if ratio.denominator == 1 else f"({ratio.denominator}·{fan})"
    return f"{ratio.numerator} / {under}"


def _shown(value: Declared, mark: Mark) -> str:
    """Show a value of the catalogue."""
    if isinstance(value, FromParameter):
        return mark(value.name)
    if isinstance(value, Expression):
        return written(value.text)
    return f"{value:g}" if isinstance(value, float) else str(value)
