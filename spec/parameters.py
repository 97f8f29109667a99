"""The parameters of schemes: their kinds and bounds, and the check of a value."""

from __future__ import annotations

import math
import numbers
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import NoneType
from typing import Any, Final

from fanwise.spec.axes import MOST_AXES
from fanwise.spec.errors import FanwiseError, did_you_mean, short_repr
from fanwise.spec.gains import is_finite, squared_gain

#: Numbers side by side, or rows of them, each as long as the others.
Numbers = tuple[Any, ...]
Value = float | int | bool | str | Numbers | None


@dataclass(frozen=True, slots=True)
class FromParameter:
    """In an entry of the catalogue: the value of a parameter, ``"$name"`` in its TOML."""

    name: str


@dataclass(frozen=True, slots=True)
class Expression:
    """In an entry of the catalogue: a number that is worked out of others.

    Attributes:
        text: as the catalogue has it, e.g. ``"sqrt(2 / (5 * fan_in))"``.
        names: those that it needs.
    """

    text: str
    names: frozenset[str]


Declared = Value | FromParameter | Expression

#: Of two parameters of a scheme the first is below the second, or may equal it: then "<=".
_ORDER: Final = (
    ("layer", "<", "layers"),
    ("low_freq_factor", "<", "high_freq_factor"),
    ("beta_slow", "<=", "beta_fast"),
    ("dt_min", "<=", "dt_max"),
    ("radius_min", "<=", "radius_max"),
)
#: The types of values that are parameters as they stand.
PLAIN: Final = frozenset({int, float, bool, str, NoneType})

KINDS: Final = ("number", "integer", "boolean", "choice", "nonlinearity", "values")
#: The most numbers that a parameter may be.
MOST_NUMBERS: Final = 1 << 16


#: What a parameter of a kind is, in words.
_WORDS: Final = {
    "integer": "an integer",
    "values": f"a list of 1 to {MOST_NUMBERS} finite numbers, or rows of equal length, each",
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter as the catalogue declares it.

    Attributes:
        name: what the frameworks call it.
        kind: one of :data:`KINDS`.
        summary: its meaning, in words.
        default: its value where none is given; None means "not given".
        minimum, maximum: closed bounds; ``above`` and ``below`` are open ones. Of ``values`` each
            number is held to them.
        choices: the words allowed, for a choice.
        required: whether it must be given, having no default that would be right for anyone.
    """

    name: str
    kind: str
    summary: str
    default: Value = None
    minimum: float | None = None
    maximum: float | None = None
    above: float | None = None
    below: float | None = None
    choices: tuple[str, ...] = ()
    required: bool = False

    def checked(self, value: object) -> Value:
        """Check a value, and return it in its own type."""
        if value is None and self.default is None and not self.required:
            return None
        read = self._read(value)
        if read is not None:
            return read
        hint = self._advice()
        if self.kind == "choice":
            hint = f"{did_you_mean(value, self.choices)} {hint}"
        raise FanwiseError(f"{self.bounds} for {self.name}", value, hint)

    def _read(self, value: Any) -> Value:
        """Return a value in its own type; None where it is none of this parameter."""
        match self.kind:
            case "values":
                return self._values(value)
            case "choice":
                return str(value) if isinstance(value, str) and value in self.choices else None
            case "boolean":
                return value if isinstance(value, bool) else None
            case "nonlinearity":
                squared_gain(value)
                return str(value)
        number = self._number(value) if self._is_number(value) else None
        return number if number is not None and self._within(number) else None

    def _number(self, value: Any) -> float:
        return int(value) if self.kind == "integer" else float(value)

    def _is_number(self, value: Any) -> bool:
        wanted = numbers.Integral if self.kind == "integer" else numbers.Real
        # NumPy's booleans are not numbers.Real, Python's are.
        return isinstance(value, wanted) and not isinstance(value, bool) and is_finite(value)

    def _values(self, value: Any) -> Numbers | None:
        """Return numbers, or rows of numbers, as tuples; None where they are none."""
        listed = value.tolist() if hasattr(value, "tolist") else value
        if not isinstance(listed, Sequence) or isinstance(listed, str):
            return None
        read = _rectangle(listed, self._number_within)
        return None if read is None or not 0 < _count(read) <= MOST_NUMBERS else read

    def _number_within(self, value: Any) -> float | None:
        if not isinstance(value, numbers.Real) or isinstance(value, bool) or not is_finite(value):
            return None
        return float(value) if self._within(float(value)) else None

    def _within(self, number: float) -> bool:
        return (
            (self.minimum is None or number >= self.minimum)
            and (self.maximum is None or number <= self.maximum)
            and (self.above is None or number > self.above)
            and (self.below is None or number < self.below)
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
        words = _WORDS.get(self.kind, "a finite number")
        signs = (
            (">", self.above),
            (">=", self.minimum),
            ("<=", self.maximum),
            ("<", self.below),
        )
        limits = [f"{sign} {bound:g}" for sign, bound in signs if bound is not None]
        return " ".join([words, " and ".join(limits)]).strip()

    def _advice(self) -> str:
        if self.required:
            return f"Pass {self.bounds}: {self.summary}."
        if self.default is None:
            return f"Pass {self.bounds}, or leave {self.name} out."
        return f"Pass {self.bounds}; the default is {short_repr(self.default)}."


def check_order(params: Mapping[str, Any]) -> None:
    """Check that parameters which bound each other are in order.

    Raises:
        FanwiseError: e.g. for the layer 12 of 12, the last of which is 11.
    """
    for low, sign, high in _ORDER:
        if params.get(low) is not None and params.get(high) is not None:
            least, most = params[low], params[high]
            if least > most or (sign == "<" and least == most):
                hint = f"{low} is {short_repr(least)}, and {high} is {short_repr(most)}."
                raise FanwiseError(f"{low} {sign} {high}", (least, most), hint)


def negative_zeros(params: Iterable[tuple[str, object]]) -> tuple[str, ...]:
    """Name the parameters that are -0.0, which equals 0.0 and gives other bits.

    Args:
        params: names with plain values, or with tuples of numbers.

    Examples:
        >>> negative_zeros([("mean", -0.0), ("std", 1.0)])
        ('mean',)
        >>> negative_zeros([("values", (0.0, -0.0))])
        ('values[1]',)
    """
    found: list[str] = []
    for name, value in params:
        if isinstance(value, tuple):
            zeros = (
                place
                for place, number in enumerate(flat(value))
                if number == 0 and _is_negative(number)
            )
            found += [f"{name}[{place}]" for place in zeros]
        elif value == 0 and _is_negative(value):
            found.append(name)
    return tuple(found)


def flat(values: Numbers) -> Iterator[float]:
    """Go through the numbers of a parameter, row by row."""
    for value in values:
        if isinstance(value, tuple):
            yield from flat(value)
        else:
            yield value


def shape_of(values: Numbers) -> tuple[int, ...]:
    """Return the shape of the numbers of a parameter.

    Examples:
        >>> shape_of(((1.0, 2.0, 3.0), (4.0, 5.0, 6.0)))
        (2, 3)
    """
    shape: tuple[int, ...] = ()
    inner: Any = values
    while isinstance(inner, tuple):
        shape, inner = (*shape, len(inner)), inner[0] if inner else None
    return shape


def _rectangle(
    listed: Sequence[Any], number: Callable[[Any], float | None], deep: int = MOST_AXES
) -> Numbers | None:
    """Read numbers, or rows of one shape, as tuples; None for anything else."""
    read: list[Any] = []
    if len(listed) > MOST_NUMBERS or not deep:
        return None
    for item in listed:
        if isinstance(item, Sequence) and not isinstance(item, str):
            inner: Any = _rectangle(item, number, deep - 1)
        else:
            inner = number(item)
        if inner is None:
            return None
        read.append(inner)
    shapes = {shape_of(item) if isinstance(item, tuple) else () for item in read}
    return tuple(read) if len(shapes) == 1 else None


def _count(values: Numbers) -> int:
    return math.prod(shape_of(values))


def _is_negative(zero: Any) -> bool:
    return math.copysign(1.0, zero) < 0
