"""How a rule writes a law: by its name in the catalogue, or by expressions."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from fanwise.adapters.captures.scales import Depth, Fan, FanReading
from fanwise.adapters.captures.starts import RuleStart
from fanwise.adapters.captures.usual_numbers import (
    OVER_A_FAN,
    THIRD,
    USUAL_PARTS,
    oddness,
    squares_of,
)
from fanwise.adapters.observed_values.families import NORMAL, UNIFORM, Family
from fanwise.adapters.observed_values.numbers import (
    ODD,
    Range,
    measured_number,
    roots,
    short_numbers,
)

#: The schemes that have names, by their distribution, what their variance is over, and of what.
_NAMED: Final[dict[tuple[str, str, float], tuple[str, dict[str, Any]]]] = {
    ("uniform", "fan_in", THIRD): ("torch_default", {}),
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
#: How much likelier a uniform law is over both fans than over one.
_OF_TWO_FANS: Final = 0.3
#: How odd it is that a scheme is none of those with a name.
_UNNAMED: Final = 0.5
#: How odd it is to scale by the number of layers, which a short number may be by chance.
_BY_COUNT: Final = 2.0
#: How odd a law is that a paper has, as SIREN's.
_OF_A_PAPER: Final = 3.0
#: How many standard errors the ends of what a deviation may be are off, and how many say nothing.
_ERRORS: Final = 5.0
_NO_DOUBT: Final = 2.0
#: How odd it is that the whole fan divides a deviation.
_WHOLE_FAN: Final = 0.9
#: The schemes that take a gain, and how odd one is of the number of layers that a paper has.
_WITH_GAINS: Final = {"xavier_normal": "xavier_normal", "glorot_uniform": "xavier_uniform"}
_OF_DEEPNORM: Final = 0.5
#: By how much a number of an expression may be off 1 to be left out.
_NEAR: Final = 1e-9
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
            doubt = self._doubt(number, given)
            yield self._start(number, cost + doubt + oddness(number), "number")
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
        if fan.power == 1:
            if depth is None:
                yield from self._over_whole(scale, fan, reading, extra)
            return
        if self.family == UNIFORM and fan.is_mean:
            extra -= _OF_TWO_FANS
        about = fan.mode or fan.text
        if depth is not None:
            extra += depth.cost
            extra += 0.0 if depth.by_index else _OF_DEEPNORM if depth.is_quarter else _BY_COUNT
            about += " and index" if depth.by_index else " and depth"
        for start in (
            *self._by_square(scale, fan, depth, about),
            *self._by_number(scale, fan, depth, about),
        ):
            yield replace(start, batch=reading.batch, axes=reading.axes, cost=start.cost + extra)

    def _by_square(
        self, scale: Range, fan: Fan, depth: Depth | None, about: str
    ) -> Iterator[RuleStart]:
        """Give the starts whose variance is a number over a fan, those of the catalogue first."""
        given = scale.times(1.0 if self.corrected else 1 / self.family.shrinkage)
        for square, cost in squares_of(given.squared(), self.family, fan):
            start = self._named(square, fan) if self.corrected else None
            if start is not None and depth is not None:
                start = _with_gain(start, depth)
            if start is None:
                text = _over(self._square_text(square, fan), depth)
                start = self._start(text, cost, about)
                yield replace(start, cost=cost + _UNNAMED)
            else:
                total = start.cost + (0.0 if _is_name(start) else cost)
                yield replace(start, cost=total, about=about)

    def _by_number(
        self, scale: Range, fan: Fan, depth: Depth | None, about: str
    ) -> Iterator[RuleStart]:
        """Give the starts whose deviation, or end, is a number over the root of a fan."""
        given = scale.times(self._factor)
        for number, cost in short_numbers(given, 2):
            if number != 1:  # which the square tells
                text = _over(f"{number:g} / sqrt({_plain(fan.text)})", depth)
                yield self._start(text, cost + OVER_A_FAN + self._doubt(number, given), about)
        if depth is None and fan.mode and not fan.is_mean:
            for square, part in USUAL_PARTS[self.family.scheme]:
                if math.sqrt(square) / part in given:
                    text = f"sqrt({square:g} / {fan.text}) / {part:g}"
                    yield self._start(text, _OF_A_PAPER, about)

    def _over_whole(
        self, scale: Range, fan: Fan, reading: FanReading, extra: float
    ) -> Iterator[RuleStart]:
        """Give the starts whose deviation, or end, is a number over a fan itself."""
        for number, cost in short_numbers(scale.times(self._factor), 2):
            total = cost + extra + (0.0 if number == 1 else OVER_A_FAN)
            total += self._doubt(number, scale.times(self._factor))
            about = f"whole {fan.text}"
            start = self._start(f"{number:g} / {fan.text}", total + _WHOLE_FAN, about)
            yield replace(start, batch=reading.batch, axes=reading.axes)

    def _doubt(self, number: float, given: Range) -> float:
        """Return how unlikely a deviation makes what the values have."""
        if self.family == UNIFORM:
            return 0.0  # as likely, up to the end that the values leave open
        errors = _ERRORS * abs(number - given.best) / max(given.best - given.low, math.ulp(0.0))
        return max(errors - _NO_DOUBT, 0.0) ** 2 / 2

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
        if self.family == NORMAL or square == THIRD:
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


def _with_gain(start: RuleStart, depth: Depth) -> RuleStart | None:
    """Return a scheme with the gain that divides its deviation; None for one without gains."""
    given = dict(start.data)
    name = _WITH_GAINS.get(given["scheme"])
    if name is None:
        return None
    return replace(start, init=RuleStart.of(name, gain=f"1 / {depth.text}").init)


def _over(text: str, depth: Depth | None) -> str:
    return text if depth is None else f"{text} / {depth.text}"


def _is_name(start: RuleStart) -> bool:
    return start.scheme != "variance_scaling"


def _plain(text: str) -> str:
    """Leave out parentheses around a whole expression."""
    if text.startswith("(") and text.endswith(")"):
        return text[1:-1]
    return text
