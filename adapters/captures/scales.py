"""How the deviation of weights may follow from their shapes and places: rules of scale."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from fanwise.adapters.captures.places import CAPTURES, Place
from fanwise.spec.axes import BATCH, layout, with_batches_as
from fanwise.spec.errors import FanwiseError
from fanwise.spec.expressions import value
from fanwise.spec.roles import BATCHES, FAN_ROLES, PARAMETER
from fanwise.spec.weights import Weight

#: The axes that a parameter of no known layer may have, by their number.
_READINGS: Final = {
    2: ("out in", "in out"),
    3: ("batch in out", "batch out in", "out in *", "* in out"),
    4: ("out in *", "* in out"),
    5: ("out in *", "* in out"),
}
_MATRIX: Final = 2


@dataclass(frozen=True)
class FanReading:
    """How the fans of the weights of a place are counted.

    Attributes:
        names: of each weight the numbers that expressions may name.
        batch, axes: as a rule says it.
        cost: how odd it is.
    """

    names: tuple[Mapping[str, float], ...]
    batch: str | None = None
    axes: str | None = None
    cost: float = 0.0


@dataclass(frozen=True)
class Fan:
    """What divides the variance of weights.

    Attributes:
        text: an expression; empty for nothing.
        mode: of the catalogue's schemes; empty where these count no such fan.
        cost: how odd it is.
        power: of it, by which the deviation is divided.
    """

    text: str
    mode: str = ""
    cost: float = 0.0
    power: float = 0.5

    @property
    def is_mean(self) -> bool:
        """Whether it is a mean of two fans."""
        return self.text.endswith(" / 2") or self.text.startswith("sqrt(")

    def values(self, reading: FanReading) -> list[float]:
        """Return it for each weight."""
        return [value(self.text, names) for names in reading.names]


FANS: Final = (
    Fan("fan_in", "fan_in"),
    Fan("(fan_in + fan_out) / 2", "fan_avg", 0.2),
    Fan("fan_out", "fan_out", 0.5),
    Fan("sqrt(fan_in * fan_out)", "fan_geo_avg", 2.0),
)
#: What divides the deviation itself, as of the outputs of a muP.
_WHOLE: Final = (
    Fan("fan_in", "", 0.3, power=1.0),
    Fan("fan_out", "", 1.5, power=1.0),
)
#: Where layers are grouped, or several weights are drawn as one.
_GROUPED: Final = (
    Fan("fan_out * groups", "", 0.7),
    Fan("fan_in * groups", "", 1.0),
    Fan("(fan_in + fan_out * groups) / 2", "", 0.8),
    Fan("(fan_in * groups + fan_out) / 2", "", 1.4),
    Fan("(fan_in * groups + fan_out * groups) / 2", "", 1.4),
)
_PACKED: Final = tuple(
    Fan(text.format(count), "", cost)
    for count, cost in ((3, 1.2), (2, 1.4), (4, 1.4))
    for text in ("(fan_in + {} * fan_out) / 2", "({} * fan_in + fan_out) / 2")
)
_BILINEAR: Final = (Fan("first_in", "", -0.8),)


@dataclass(frozen=True)
class Depth:
    """What divides the deviation of weights by where they stand among the layers.

    Attributes:
        text: an expression.
        by_index: whether it differs from layer to layer.
        cost: how odd it is.
    """

    text: str
    by_index: bool
    cost: float

    @property
    def is_quarter(self) -> bool:
        """Whether it is a fourth root, as of DeepNorm."""
        return self.text.endswith(" ^ 0.25")

    def values(self, numbers: Sequence[Mapping[str, float]]) -> list[float]:
        """Return it for each weight."""
        return [value(self.text, names) for names in numbers]


def depths_of(place: Place) -> Iterator[Depth]:
    """Give the numbers by which layers may be scaled down."""
    for column, name in enumerate(CAPTURES[: place.numbers.shape[1]]):
        known = sorted(set(place.numbers[:, column].tolist()))
        if len(known) < _MATRIX:
            continue
        first = known[0]
        index = f"({name} + {1 - first})" if first != 1 else name
        yield Depth(f"sqrt(2 * {index})", by_index=True, cost=1.0)
        yield Depth(f"sqrt({index})", by_index=True, cost=1.2)
        yield Depth(index, by_index=True, cost=1.4)
        count = f"{name}_count"
        yield Depth(f"sqrt(2 * {count})", by_index=False, cost=1.0)
        yield Depth(f"sqrt({count})", by_index=False, cost=1.6)
        yield Depth(f"{count}", by_index=False, cost=1.8)
        yield Depth(f"(2 * {count})", by_index=False, cost=1.8)
        yield Depth(f"sqrt(3 * {count})", by_index=False, cost=2.0)
        yield Depth(f"(8 * {count}) ^ 0.25", by_index=False, cost=2.0)


def readings_of(place: Place) -> Iterator[FanReading]:
    """Give the ways in which the fans of a place may be counted."""
    weights = [sample.weight for sample in place.samples]
    first = weights[0]
    if all(weight.fans is not None for weight in weights):
        yield FanReading(tuple(weight.names for weight in weights))
        if first.beside is None and has_batches(first):
            for batch in BATCHES:
                yield from _read(weights, batch=batch)
    if first.role not in FAN_ROLES and first.beside is None and first.kind == PARAMETER:
        for axes in _READINGS.get(len(first.shape), ()):
            yield from _read(weights, axes=axes)
    elif first.readings:
        for axes in first.readings:
            yield from _read(weights, axes=axes)


def fans_of(place: Place, reading: FanReading) -> Iterator[tuple[Fan, list[float]]]:
    """Give the fans that may divide the variance of a place, each with its values."""
    first = place.weight
    options: list[Fan] = []
    if any(weight["groups"] > 1 for weight in reading.names):
        options += _GROUPED
    if first.kind.startswith("bilinear"):
        options += _BILINEAR
    if first.kind.partition("/")[0] == "attention" and first.role in FAN_ROLES:
        options += _PACKED
    # Those of the catalogue are told from each other by its names, where they are one number.
    seen = []
    for fan in FANS:
        seen.append(fan.values(reading))
        yield fan, seen[-1]
    for fan in _WHOLE:
        yield fan, fan.values(reading)
    for fan in options:
        counted = fan.values(reading)
        if counted not in seen:
            seen.append(counted)
            yield fan, counted


def has_batches(weight: Weight) -> bool:
    """Tell whether a weight is several side by side, as the gates of a recurrence are."""
    try:
        return layout(weight.shape, weight.axes).extent(BATCH) > 1
    except FanwiseError:
        return False


def _read(
    weights: Sequence[Weight], batch: str | None = None, axes: str | None = None
) -> Iterator[FanReading]:
    """Read weights as a rule would tell it; nothing where that fits one of them not."""
    names = []
    for weight in weights:
        changed = weight
        try:
            if axes is not None:
                changed = replace(changed, axes=axes, told=True, readings=())
            if batch is not None:
                counted = with_batches_as(batch, changed.shape, changed.axes)
                changed = replace(changed, axes=counted)
            if changed.fans is None:
                return
        except FanwiseError:
            return
        names.append(changed.names)
    yield FanReading(tuple(names), batch, axes, 0.4 if batch else 1.5)
