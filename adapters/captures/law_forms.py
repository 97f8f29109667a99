"""How a rule writes a law: by its name in the catalogue, or by expressions."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from fanwise.adapters.captures.scales import Depth, Fan, FanReading
from fanwise.adapters.captures.starts import RuleStart
from fanwise.adapters.observed_values.families import NORMAL, UNIFORM, Family
from fanwise.adapters.observed_values.numbers import (
    ODD,
    Range,
    measured_number,
    roots,
    short_numbers,
)

_THIRD: Final = 1 / 3
#: The schemes that have names, by their distribution, what their variance is over, and of what.
_NAMED: Final[dict[tuple[str, str, float], tuple[str, dict[str, Any]]]] = {
    ("uniform", "fan_in", _THIRD): ("torch_default", {}),
    ("uniform", "fan_in", 1.0): ("lecun_uniform", {}),
    ("uniform", "fan_in", 2.0): ("he_uniform", {}),
    ("uniform", "fan_avg", 1.0): ("glorot_uniform", {}),
    ("uniform", "fan_out", 2.0): ("kaiming_uniform", {"mode": "fan_out"}),
    ("normal", "fan_avg", 1.0): ("xavier_normal", {}),
    ("normal", "fan_in", 2.0): ("kaiming_normal", {}),
    ("normal", "fan_out", 2.0): ("kaiming_normal", {"mode": "fan_out"}),
    ("truncated_normal", "fan_in", 1.0): ("lecun_normal", {}),
    ("truncated_normal", "fan_in", 2.0): ("he_normal", {}),
    ("truncated_normal", "fan_avg", 1.0): ("glorot_normal", {}),
}
#: What people seldom name, of those that are the same on a square matrix.
_SELDOM: Final = ("lecun_uniform",)
_UNUSUAL: Final = 1.0
#: Where the catalogue cuts a normal law by itself.
_CUT: Final = 2.0
_ROOT: Final = math.sqrt(3)
#: How odd a number over a fan is that no scheme has.
_OVER_A_FAN: Final = 1.6
#: How much likelier a uniform law is over both fans than over one.
_OF_TWO_FANS: Final = 0.3
#: How odd another variance than 1 is over the mean of both fans.
_UNUSUAL_SQUARE: Final = 1.3
#: How odd it is that a scheme is none of those with a name.
_UNNAMED: Final = 0.5
#: How odd it is to scale by the number of layers, which a short number may be by chance.
_BY_COUNT: Final = 2.0
#: What a number is written like for a deviation that follows from a size.
_BY_SIZE: Final = 1.0


@dataclass(frozen=True)
class LawForm:
    """The form in which a rule writes laws of a family.

    Attributes:
        family: the law at deviation 1.
        corrected: whether deviations are those of the cut law, not of the one before the cut.
    """

    family: Family
    corrected: bool = True

    @property
    def _factor(self) -> float:
        """What a deviation is multiplied by before it is written."""
        if self.family == UNIFORM:
            return _ROOT
        return 1.0 if self.corrected else 1 / self.family.shrinkage

    @property
    def _cost(self) -> float:
        return 0.0 if self.corrected else -0.1

    def plain(
        self, scale: Range, depth: Depth | None, sizes: tuple[int, ...]
    ) -> Iterator[RuleStart]:
        """Give the starts whose deviation is one number, maybe over the depth.

        Args:
            scale: what the deviation may be.
            depth: what divides it.
            sizes: of axes that all weights have, from which it may follow.
        """
        given = scale.times(self._factor)
        if depth is not None:
            for number, cost in short_numbers(given, 2):
                extra = depth.cost + (0.0 if depth.by_index else _BY_COUNT)
                about = "index" if depth.by_index else "depth"
                yield self._start(f"{number:g} / {depth.text}", cost + extra, about)
            return
        numbers = list(short_numbers(given))
        for number, cost in numbers:
            yield self._start(number, cost, "number")
        for text, cost in roots(given, sizes):
            yield self._start(text, cost + _BY_SIZE, "size")
        if self.corrected and not numbers:
            yield self._start(measured_number(given), ODD, "number")

    def by_fan(
        self, scale: Range, fan: Fan, reading: FanReading, depth: Depth | None
    ) -> Iterator[RuleStart]:
        """Give the starts whose variance is a number over a fan.

        Args:
            scale: what the deviation may be at a fan of 1, and at depth 1.
            fan: what divides the variance.
            reading: how it is counted.
            depth: what divides the deviation.
        """
        extra = fan.cost + reading.cost + self._cost
        if self.family == UNIFORM and fan.is_mean:
            extra -= _OF_TWO_FANS
        about = fan.mode or fan.text
        if depth is not None:
            extra += depth.cost + (0.0 if depth.by_index else _BY_COUNT)
            about += " and index" if depth.by_index else " and depth"
        given = scale.times(1.0 if self.corrected else 1 / self.family.shrinkage)
        for square, cost in _squares(given.squared(), self.family, fan):
            start = self._named(square, fan) if depth is None and self.corrected else None
            if start is None:
                text = self._square_text(square, fan)
                text = text if depth is None else f"{text} / {depth.text}"
                start = self._start(text, cost, about)
                total = cost + extra + _UNNAMED
                yield replace(start, batch=reading.batch, axes=reading.axes, cost=total)
            else:
                yield replace(
                    start,
                    batch=reading.batch,
                    axes=reading.axes,
                    cost=start.cost + extra + (0.0 if _is_name(start) else cost),
                    about=about,
                )
        for number, cost in short_numbers(scale.times(self._factor), 2):
            if number == 1:
                continue  # told by the square
            text = f"{number:g} / sqrt({_plain(fan.text)})"
            text = text if depth is None else f"{text} / {depth.text}"
            total = cost + _OVER_A_FAN + extra
            start = self._start(text, total, about)
            yield replace(start, batch=reading.batch, axes=reading.axes)

    def _named(self, square: float, fan: Fan) -> RuleStart | None:
        """Return the scheme of the catalogue whose variance is a number over a fan."""
        if not fan.mode or (self.family.scheme == "truncated_normal" and self.family.cut != _CUT):
            return None
        name = _NAMED.get((self.family.scheme, fan.mode, square))
        if name is not None:
            cost = _UNUSUAL if name[0] in _SELDOM else 0.5
            return RuleStart.of(name[0], cost, **name[1])
        given: dict[str, Any] = {"scale": square, "mode": fan.mode}
        if self.family != NORMAL:
            given |= {"distribution": self.family.scheme}
        if self.family == NORMAL or square == _THIRD:
            return None
        return RuleStart.of("variance_scaling", 0.3, **given)

    def _square_text(self, square: float, fan: Fan) -> str:
        """Write the deviation, or the end of a uniform law, whose square is over a fan."""
        over = _plain(fan.text)
        square = square * 3 if self.family == UNIFORM else square
        if fan.text.endswith(" / 2"):
            over, square = _plain(fan.text.removesuffix(" / 2")), square * 2
        if abs(square - 1) < _NEAR:
            return f"1 / sqrt({over})"
        is_sum = "+" in over or "*" in over
        return f"sqrt({square:g} / {f'({over})' if is_sum else over})"

    def _start(self, number: float | str, cost: float, about: str) -> RuleStart:
        """Return a start by a deviation, or by the end of a uniform law."""
        if self.family == UNIFORM:
            low = f"-{number}" if isinstance(number, str) else -number
            return RuleStart.of("uniform", cost, about, low=low, high=number)
        if self.family == NORMAL:
            return RuleStart.of("normal", cost, about, std=number)
        corrected = {} if self.corrected else {"corrected": False}
        return RuleStart.of(
            "truncated_normal",
            cost + self._cost,
            about,
            std=number,
            **self.family.window,
            **corrected,
        )


_NEAR: Final = 1e-9


def _squares(given: Range, family: Family, fan: Fan) -> Iterator[tuple[float, float]]:
    """Give the numbers that a variance may be at a fan of 1, each with how odd it is."""
    usual = (1.0, 2.0, _THIRD) if family == UNIFORM else (1.0, 2.0)
    seen = [number for number in usual if number in given]
    for number in seen:
        yield number, 0.5 if number == 1 or not fan.is_mean else _UNUSUAL_SQUARE
    if seen:
        return
    for number, cost in short_numbers(given, 2):
        yield number, cost + _OVER_A_FAN


def _is_name(start: RuleStart) -> bool:
    return start.scheme != "variance_scaling"


def _plain(text: str) -> str:
    """Leave out parentheses around a whole expression."""
    if text.startswith("(") and text.endswith(")"):
        return text[1:-1]
    return text
