"""The numbers that people scale weights by, and how odd others are."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

from fanwise.adapters.captures.scales import Fan
from fanwise.adapters.observed_values.families import UNIFORM, Family
from fanwise.adapters.observed_values.numbers import Range, short_numbers

THIRD: Final = 1 / 3
#: How odd a number over a fan is that no scheme has.
OVER_A_FAN: Final = 1.6
#: What schemes divide the end of a law by, with the variance that is over the fan: SIREN's
#: sqrt(6 / fan_in) / 30 among others.
USUAL_PARTS: Final[dict[str, tuple[tuple[float, float], ...]]] = {
    "uniform": tuple((square, part) for square in (6.0, 3.0) for part in (30.0, 10.0)),
    "normal": tuple((2.0, part) for part in (30.0, 10.0)),
    "truncated_normal": (),
}
#: How odd another variance than 1 is over the mean of both fans.
_UNUSUAL_SQUARE: Final = 1.3
#: The digits of the numbers that people choose; and some numbers that papers have.
_DIGITS: Final = frozenset({"1", "2", "5", "15", "25", "125"})
_OF_PAPERS: Final = (0.006, 0.3, 0.03, 0.08, 0.75)
_UNUSUAL_NUMBER: Final = 1.3


def oddness(number: float) -> float:
    """Return how much odder a deviation is than others of as many digits.

    People write 0.02 and 0.05; 0.009 is rather what follows from a fan.
    """
    digits = f"{number:.2e}".partition("e")[0].replace(".", "").rstrip("0")
    is_usual = digits in _DIGITS or any(math.isclose(number, usual) for usual in _OF_PAPERS)
    return 0.0 if is_usual else _UNUSUAL_NUMBER


def squares_of(given: Range, family: Family, fan: Fan) -> Iterator[tuple[float, float]]:
    """Give the numbers that a variance may be at a fan of 1, each with how odd it is."""
    usual = (1.0, 2.0, THIRD) if family == UNIFORM else (1.0, 2.0)
    seen = [number for number in usual if number in given]
    for number in seen:
        yield number, 0.5 if number == 1 or not fan.is_mean else _UNUSUAL_SQUARE
    if seen:
        return
    for number, cost in short_numbers(given, 2):
        yield number, cost + OVER_A_FAN
