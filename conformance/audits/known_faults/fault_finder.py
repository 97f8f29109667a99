"""What a weight went wrong by: each known fault is tried, the likeliest first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from fanwise.conformance.audits.known_faults.bit_patterns import StreamDraw
from fanwise.conformance.audits.known_faults.deviating_weight import DeviatingWeight, KnownFault
from fanwise.conformance.audits.known_faults.makings import is_made_by, other_makings
from fanwise.conformance.audits.known_faults.orders import (
    moved_slices,
    other_orders,
    shards_alone,
)
from fanwise.conformance.audits.known_faults.parts import one_value, overwritten_part
from fanwise.conformance.audits.known_faults.relations import changed, other_numbers
from fanwise.conformance.audits.known_faults.stream_table import StreamTable
from fanwise.conformance.audits.known_faults.streams import (
    in_turn,
    other_paths,
    other_seeds,
)
from fanwise.spec.laws import is_random

#: After so many weights in a row of which nothing is known, the likeliest faults alone are tried.
_THOROUGH: Final = 8
#: Beyond this share of it, it is the weight that differs, and not a part of it.
_MOST_OF_IT: Final = 0.5


@dataclass
class FaultFinder:
    """Finds the faults of the weights of a model, of which many have the same one.

    Attributes:
        draws: what every weight should have been drawn from, by its path.
    """

    draws: Mapping[str, StreamDraw]
    _table: StreamTable = field(init=False)
    _seeds: dict[int, KnownFault] = field(default_factory=dict)
    _unknown: int = 0

    def __post_init__(self) -> None:
        self._table = StreamTable(self.draws)

    def find(self, deviating: DeviatingWeight) -> KnownFault | None:
        """Name what a weight went wrong by; None for nothing that is known."""
        row = deviating.draw.zero_row
        if row is not None and not _is_zero(deviating, row):
            return self._of_padding(deviating)
        if not is_random(deviating.draw.resolved.law):
            part = one_value(deviating) or overwritten_part(deviating)
            return part or KnownFault("another value")
        fault = _made(deviating) or one_value(deviating) or _moved(deviating)
        if fault is not None or deviating.differing < deviating.size * _MOST_OF_IT:
            return fault or changed(deviating) or overwritten_part(deviating)
        fault = self._single(deviating)
        if fault is None and self._unknown < _THOROUGH:
            fault = self._double(deviating) or self._in_the_values(deviating)
        self._unknown = self._unknown + 1 if fault is None else 0
        return fault or changed(deviating)

    def _of_padding(self, deviating: DeviatingWeight) -> KnownFault | None:
        """Name the fault of a table whose padding is not zero."""
        note = "The row of the padding is not zero."
        padding = KnownFault("padding not zero", note)
        rows = deviating.draw.shape[0]
        if deviating.differing <= deviating.size // rows:
            return padding
        draw = replace(deviating.draw, zero_row=None)
        if deviating.is_drawn_by(draw):
            return padding
        other = self.find(replace(deviating, draw=draw))
        return padding if other is None else replace(other, note=f"{note} {other.note}")

    def _single(self, deviating: DeviatingWeight) -> KnownFault | None:
        """Try the faults that leave the bits of another draw, one at a time."""
        right = deviating.draw
        for draw, fault in (*self._streams(deviating), *other_orders(right)):
            if deviating.is_drawn_by(draw):
                if draw.seed != right.seed:
                    self._seeds[draw.seed] = fault
                return fault
        return in_turn(deviating, self.draws)

    def _streams(self, deviating: DeviatingWeight) -> Iterator[tuple[StreamDraw, KnownFault]]:
        """Give the right law on other streams."""
        path = deviating.draw.path
        for seed, fault in self._seeds.items():
            yield deviating.draw.on(seed, path), fault
        if self._unknown < _THOROUGH:
            for seed, _, fault in other_seeds(deviating):
                yield deviating.draw.on(seed, path), fault
        for seed, other, fault in other_paths(deviating, self._table):
            yield deviating.draw.on(seed, other), fault

    def _double(self, deviating: DeviatingWeight) -> KnownFault | None:
        """Try two faults at once: of the stream, and of the order or the dtype."""
        right = deviating.draw
        streams = [(right, KnownFault("")), *self._streams(deviating)]
        for draw, stream in streams:
            for other, order in other_orders(draw):
                if deviating.is_drawn_by(other):
                    return _both(stream, order)
            for making, make in other_makings(deviating.dtype):
                if is_made_by(deviating, draw, make):
                    return _both(stream, making)
        for draw, order in other_orders(right):
            for making, make in other_makings(deviating.dtype):
                if is_made_by(deviating, draw, make):
                    return _both(order, making)
        return None

    def _in_the_values(self, deviating: DeviatingWeight) -> KnownFault | None:
        """Try the right stream, and each of the others, with other numbers from it."""
        for draw, other in (*other_orders(deviating.draw), *self._streams(deviating)):
            fault = other_numbers(deviating, draw)
            if fault is not None:
                return _both(other, fault)
        return None


def _both(first: KnownFault, second: KnownFault) -> KnownFault:
    if not first.name:
        return second
    return replace(first, name=f"{first.name}; {second.name}", note=f"{first.note} {second.note}")


def _is_zero(deviating: DeviatingWeight, row: int) -> bool:
    """Tell whether a row of a weight holds zeros."""
    sizes = deviating.draw.shape[1:]
    return not deviating.bits((slice(row, row + 1), *(slice(0, size) for size in sizes))).any()


def _made(deviating: DeviatingWeight) -> KnownFault | None:
    """Try the ways in which the right numbers may have come into their dtype."""
    for fault, make in other_makings(deviating.dtype):
        if is_made_by(deviating, deviating.draw, make):
            return fault
    return None


def _moved(deviating: DeviatingWeight) -> KnownFault | None:
    """Try the faults that leave the right stream, in other places or as other numbers."""
    fault = moved_slices(deviating) or shards_alone(deviating)
    return fault or other_numbers(deviating, deviating.draw)
