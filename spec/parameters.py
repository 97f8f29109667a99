"""The parameters of schemes: their kinds and bounds, and the check of a value."""

from __future__ import annotations

import math
import numbers
from collections.abc import Iterable
from dataclasses import dataclass
from types import NoneType
from typing import Any, Final

from fanwise.spec.errors import FanwiseError, did_you_mean, short_repr
from fanwise.spec.gains import is_finite, squared_gain

Value = float | int | bool | str | None


@dataclass(frozen=True, slots=True)
class FromParameter:
    """In an entry of the catalogue: the value of a parameter, ``"$name"`` in its TOML."""

    name: str


Declared = Value | FromParameter

#: The types of values that are parameters as they stand.
PLAIN: Final = frozenset({int, float, bool, str, NoneType})

KINDS: Final = ("number", "integer", "boolean", "choice", "nonlinearity")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter as the catalogue declares it.

    Attributes:
        name: what the frameworks call it.
        kind: ``number``, ``integer``, ``boolean``, ``choice`` or ``nonlinearity``.
        summary: its meaning, in words.
        default: its value where none is given; None means "not given".
        minimum, maximum: closed bounds; ``above`` is an open lower one.
        choices: the words allowed, for a choice.
    """

    name: str
    kind: str
    summary: str
    default: Value = None
    minimum: float | None = None
    maximum: float | None = None
    above: float | None = None
    choices: tuple[str, ...] = ()

    def checked(self, value: object) -> Value:
        """Check a value, and return it in its own type."""
        if value is None and self.default is None:
            return None
        if self.kind == "choice":
            if isinstance(value, str) and value in self.choices:
                return str(value)
        elif self.kind == "boolean":
            if isinstance(value, bool):
                return value
        elif self.kind == "nonlinearity":
            squared_gain(value)
            return str(value)
        elif self._is_number(value):
            number = self._number(value)
            if self._within(number):
                return number
        hint = self._advice()
        if self.kind == "choice":
            hint = f"{did_you_mean(value, self.choices)} {hint}"
        raise FanwiseError(f"{self.bounds} for {self.name}", value, hint)

    def _number(self, value: Any) -> float:
        return int(value) if self.kind == "integer" else float(value)

    def _is_number(self, value: Any) -> bool:
        wanted = numbers.Integral if self.kind == "integer" else numbers.Real
        # NumPy's booleans are not numbers.Real, Python's are.
        return isinstance(value, wanted) and not isinstance(value, bool) and is_finite(value)

    def _within(self, number: float) -> bool:
        return (
            (self.minimum is None or number >= self.minimum)
            and (self.maximum is None or number <= self.maximum)
            and (self.above is None or number > self.above)
        )

    @property
    def bounds(self) -> str:
        """What is accepted, in words."""
        if self.kind == "choice":
            return "one of " + ", ".join(map(repr, self.choices))
        if self.kind == "boolean":
            return "True or False"
        if self.kind == "nonlinearity":
            return "a nonlinearity of torch's table"
        words = "an integer" if self.kind == "integer" else "a finite number"
        limits = [
            f"{sign} {bound:g}"
            for sign, bound in ((">", self.above), (">=", self.minimum), ("<=", self.maximum))
            if bound is not None
        ]
        return " ".join([words, " and ".join(limits)]).strip()

    def _advice(self) -> str:
        if self.default is None:
            return f"Pass {self.bounds}, or leave {self.name} out."
        return f"Pass {self.bounds}; the default is {short_repr(self.default)}."


def negative_zeros(params: Iterable[tuple[str, object]]) -> tuple[str, ...]:
    """Name the parameters that are -0.0, which equals 0.0 and gives other bits.

    Args:
        params: names with plain values.

    Examples:
        >>> negative_zeros([("mean", -0.0), ("std", 1.0)])
        ('mean',)
    """
    return tuple([name for name, value in params if value == 0 and _is_negative(value)])


def _is_negative(zero: Any) -> bool:
    return math.copysign(1.0, zero) < 0
