"""Numbers that a person would have written, within what a sample leaves open."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

import numpy as np

#: How odd a number of so many digits is.
_BY_DIGITS: Final = {1: 1.0, 2: 2.0, 3: 4.0}
#: How much of a range a number of so many digits may be off: more of them are near by chance.
_ROOM: Final = {1: 1.0, 2: 0.8, 3: 0.5}
#: How odd a number is that no person writes.
ODD: Final = 8.0
#: The digits of a number that is measured, at least.
_FEWEST: Final = 3
_MOST: Final = 9
#: The largest number of a fraction that is written as one, and how near to it a number is.
_DENOMINATOR: Final = 12
_LARGEST_ROOT: Final = 200
_SAME: Final = 1e-7
#: By how much of its range it may be rounded.
_CLOSE: Final = 0.03


@dataclass(frozen=True)
class Range:
    """What a number may be.

    Attributes:
        low, high: its ends.
        best: what it is most likely.
    """

    low: float
    high: float
    best: float

    def __contains__(self, number: float) -> bool:
        return self.low <= number <= self.high

    def times(self, factor: float) -> Range:
        """Return what a positive multiple of the number may be."""
        return Range(self.low * factor, self.high * factor, self.best * factor)

    def squared(self) -> Range:
        """Return what the square of the number, which is positive, may be."""
        return Range(self.low**2, self.high**2, self.best**2)


def short_numbers(given: Range, most: int = 3) -> Iterator[tuple[float, float]]:
    """Give the numbers of few digits in a range, each with how odd it is.

    Args:
        given: what the number may be.
        most: how many digits it has at most.

    Examples:
        >>> list(short_numbers(Range(0.0199, 0.0202, 0.02001)))
        [(0.02, 1.0)]
    """
    for digits in range(1, most + 1):
        number = float(f"{given.best:.{digits - 1}e}")
        room = (given.high - given.low) * _ROOM[digits]
        if number in given and abs(number - given.best) <= room:
            yield number, _BY_DIGITS[digits]
            return


def rounded_number(given: Range) -> float:
    """Return the number of fewest digits in a range, four at most; else what it most likely is.

    Examples:
        >>> rounded_number(Range(-0.1, 0.2, 0.05)), rounded_number(Range(0.024, 0.027, 0.0254))
        (0.0, 0.025)
    """
    if 0.0 in given:
        return 0.0
    rounded = (float(f"{given.best:.{digits}g}") for digits in range(1, 5))
    return next((number for number in rounded if number in given), given.best)


def measured_number(given: Range) -> float:
    """Return the number of fewest digits near the middle of a range, three at least."""
    for digits in range(_FEWEST, _MOST):
        number = float(f"{given.best:.{digits - 1}e}")
        if abs(number - given.best) <= (given.high - given.low) * _CLOSE:
            return number
    return given.best


def exact_number(value: float) -> float:
    """Return the number of fewest digits that is the same float32, or else the same float64."""
    narrow = np.float32(value)
    return float(str(narrow)) if float(narrow) == value else value


def written_number(value: float) -> float | str:
    """Return a number that is known as a person would write it: short, or as a fraction or root.

    Examples:
        >>> written_number(-1 / 3), written_number(2**-0.5), written_number(0.02 / 24**0.5)
        ('-1 / 3', 'sqrt(1 / 2)', '0.01 / sqrt(6)')
    """
    if value == float(f"{value:.3g}") or not math.isfinite(value):
        return value
    sign = "-" if value < 0 else ""
    for power, text in ((abs(value), "{}"), (value**2, "sqrt({})")):
        fraction = Fraction(power).limit_denominator(_DENOMINATOR)
        whole, part = fraction.as_integer_ratio()
        if 0 < whole <= _DENOMINATOR and math.isclose(whole / part, power, rel_tol=_SAME):
            return sign + text.format(str(whole) if part == 1 else f"{whole} / {part}")
    for root in range(2, _LARGEST_ROOT):
        number = float(f"{abs(value) * math.sqrt(root):.1g}")
        if math.isclose(number / math.sqrt(root), abs(value), rel_tol=_SAME):
            return f"{sign}{number:g} / sqrt({root})"
    return exact_number(value)


def roots(given: Range, sizes: Sequence[int]) -> Iterator[tuple[str, float]]:
    """Give expressions of the sizes of a model that are in a range: ``1 / sqrt(768)``."""
    for size in dict.fromkeys(sizes):
        if size > 1 and 1 / math.sqrt(size) in given:
            yield f"1 / sqrt({size})", 3.0
