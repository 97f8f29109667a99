"""What a start left as it was in memory, by the values after starts on two poisons."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fanwise.spec.errors import printable

#: What memory is filled with, byte for byte, before a start: no start writes both.
POISONS: Final = (0xA5, 0x5A)
#: The same for truth values, of which no other bytes are allowed.
BOOL_POISONS: Final = (1, 0)
#: How many elements are compared at a time.
_BLOCK: Final = 1 << 20

UNWRITTEN: Final = "unwritten"
PARTLY: Final = "partly unwritten"
READS: Final = "reads memory"
UNREPEATABLE: Final = "not repeatable"
#: What each outcome means.
MEANINGS: Final = {
    UNWRITTEN: "nobody wrote it",
    PARTLY: "nobody wrote some elements",
    READS: "computed from memory that nobody had written",
    UNREPEATABLE: "one seed gave two values",
}

#: The bytes of the elements of a tensor, an element in a row.
Elements = NDArray[np.uint8]


@dataclass(frozen=True)
class StartedTensor:
    """A tensor after a start.

    Attributes:
        kind: what it is to the model, e.g. ``"parameter"`` or ``"buffer"``.
        shape: of it.
        elements: its bytes.
        is_bool: whether its elements are truth values.
    """

    kind: str
    shape: tuple[int, ...]
    elements: Elements
    is_bool: bool = False


@dataclass(frozen=True)
class UnwrittenRow:
    """A tensor that a start did not set.

    Attributes:
        name: as the model calls it.
        kind: e.g. ``"parameter"`` or ``"buffer"``.
        outcome: ``"unwritten"``, ``"partly unwritten"``, ``"reads memory"`` (its values depend on
            what lay in memory before) or ``"not repeatable"`` (one seed gave two values).
        shape: of it.
        count: how many elements are so.
        first: the index of the first of them.
    """

    name: str
    kind: str
    outcome: str
    shape: tuple[int, ...]
    count: int
    first: tuple[int, ...]

    def __str__(self) -> str:
        size = math.prod(self.shape)
        some = "" if self.count == size else f": {self.count} of {size}, first {list(self.first)}"
        text = f"{self.name} ({self.kind}, {list(self.shape)}): {MEANINGS[self.outcome]}{some}"
        return printable(text)


@dataclass(frozen=True)
class Unwritten:
    """What a start left unset, as :func:`fanwise.torch.unwritten` tells it.

    Attributes:
        rows: the tensors that are not set, or not set alike.
        judged: how many tensors were looked at.
        skipped: names of those that cannot be, such as parameters without a shape.
    """

    rows: tuple[UnwrittenRow, ...]
    judged: int
    skipped: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether everything that was looked at is set, and alike under one seed."""
        return not self.rows and self.judged > 0

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data, for JSON."""
        return {
            "passed": self.passed,
            "judged": self.judged,
            "skipped": list(self.skipped),
            "rows": [
                {**asdict(row), "shape": list(row.shape), "first": list(row.first)}
                for row in self.rows
            ],
        }

    def __str__(self) -> str:
        lines = [str(row) for row in self.rows]
        lines += [printable(f"{name}: not looked at") for name in self.skipped]
        unset = len({row.name for row in self.rows})
        lines.append(f"{unset} of {self.judged} tensors are not set.")
        return "\n".join(lines)


def compared_starts(start: Callable[[int], Mapping[str, StartedTensor]]) -> Unwritten:
    """Compare three starts by one seed: two on memory that was filled alike, one on other memory.

    Args:
        start: builds a model on memory of a byte, starts it, and returns its tensors.
    """
    return compared(start(POISONS[0]), start(POISONS[0]), start(POISONS[1]))


def compared(
    first: Mapping[str, StartedTensor],
    again: Mapping[str, StartedTensor],
    other: Mapping[str, StartedTensor],
    skipped: Sequence[str] = (),
) -> Unwritten:
    """Compare three starts under one seed, two on the first poison and one on the other.

    Args:
        first, again: the tensors after a start on the first poison.
        other: those after a start on the other one.
        skipped: names of tensors that are not among them.
    """
    rows = [
        row
        for name, tensor in first.items()
        if name in again and name in other
        for row in _rows(name, tensor, again[name], other[name])
    ]
    return Unwritten(tuple(rows), len(first), tuple(skipped))


def _rows(
    name: str, first: StartedTensor, again: StartedTensor, other: StartedTensor
) -> Iterator[UnwrittenRow]:
    size = len(first.elements)
    if not size:
        return
    if len(again.elements) != size or len(other.elements) != size:
        zero = (0,) * len(first.shape)
        yield UnwrittenRow(name, first.kind, UNREPEATABLE, first.shape, size, zero)
        return
    places: dict[str, tuple[int, int]] = {}
    for start in range(0, size, _BLOCK):
        block = slice(start, start + _BLOCK)
        values = (first.elements[block], again.elements[block], other.elements[block])
        for outcome, mask in _outcomes(values, is_bool=first.is_bool).items():
            count = int(mask.sum())
            if count:
                before, place = places.get(outcome, (0, start + int(mask.argmax())))
                places[outcome] = before + count, place
    for outcome, (count, place) in places.items():
        index = tuple(int(i) for i in np.unravel_index(place, first.shape))
        partly = outcome == UNWRITTEN and count < size
        yield UnwrittenRow(
            name, first.kind, PARTLY if partly else outcome, first.shape, count, index
        )


def _outcomes(
    values: tuple[Elements, Elements, Elements], *, is_bool: bool
) -> dict[str, NDArray[np.bool_]]:
    """Say of which elements each outcome is true."""
    first, again, other = values
    one, two = BOOL_POISONS if is_bool else POISONS
    unwritten = (first == one).all(1) & (again == one).all(1) & (other == two).all(1)
    changed = (first != again).any(1)
    depends = (first != other).any(1) & ~unwritten & ~changed
    return {UNWRITTEN: unwritten, READS: depends, UNREPEATABLE: changed}
