"""Tensors that are stored in pieces, each of which is a tensor of its own."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fanwise.adapters.files.faults import broken, quoted
from fanwise.adapters.files.numbers import Number
from fanwise.adapters.files.regions import checked_shape
from fanwise.adapters.layer_weights import Index
from fanwise.adapters.stored_weights import StoredTensor


@dataclass(frozen=True)
class Piece:
    """A box of a tensor.

    Attributes:
        corner: its first element.
        shape: of the box.
        open: finds the tensor that holds it.
    """

    corner: tuple[int, ...]
    shape: tuple[int, ...]
    open: Callable[[], StoredTensor]


def in_pieces(
    name: str, number: Number, shape: Sequence[int], pieces: Sequence[Piece]
) -> StoredTensor:
    """Return a tensor that is put together as it is read.

    Raises:
        FanwiseError: where the pieces cannot be those of the tensor; on reading, where they leave a
            gap.
    """
    whole = checked_shape(name, shape)
    for piece in pieces:
        ends = zip(piece.corner, piece.shape, whole, strict=True)
        if any(corner + size > most for corner, size, most in ends):
            raise broken(f"pieces of {quoted(name)} within {whole}", f"one at {piece.corner}")
    if sum(math.prod(piece.shape) for piece in pieces) != math.prod(whole):
        raise broken(f"pieces of {quoted(name)} that make {whole}", f"{len(pieces)} others")
    return StoredTensor(name, whole, number.name, _Puzzle(name, number, whole, pieces).read)


@dataclass(frozen=True)
class _Puzzle:
    name: str
    number: Number
    shape: tuple[int, ...]
    pieces: Sequence[Piece]

    def read(self, index: Index) -> NDArray[Any]:
        """Return a block of the tensor."""
        chosen = (*index, *[slice(None)] * (len(self.shape) - len(index)))
        ranges = [
            place.indices(size)[:2] if isinstance(place, slice) else (place, place + 1)
            for place, size in zip(chosen, self.shape, strict=True)
        ]
        values = np.empty([max(0, end - first) for first, end in ranges], self.number.decoded)
        covered = np.zeros(values.shape, bool)
        for piece in self.pieces:
            here, there = [], []
            sides = zip(ranges, piece.corner, piece.shape, strict=True)
            for (first, end), start, size in sides:
                low, high = max(first, start), min(end, start + size)
                here.append(slice(low - first, high - first))
                there.append(slice(low - start, high - start))
            if all(part.start < part.stop for part in here):
                values[tuple(here)] = self._content(piece, tuple(there))
                covered[tuple(here)] = True
        if not covered.all():
            raise broken(f"pieces of {quoted(self.name)} without a gap", "a gap")
        return np.asarray(values[tuple(p if isinstance(p, slice) else 0 for p in _plain(chosen))])

    def _content(self, piece: Piece, there: Index) -> NDArray[Any]:
        tensor = piece.open()
        if tensor.shape != piece.shape or tensor.dtype != self.number.name:
            raise broken(
                f"a piece of {quoted(self.name)} of {piece.shape}, {self.number.name}",
                f"{tensor.shape}, {tensor.dtype}",
            )
        return tensor.read(there)


def _plain(chosen: Index) -> list[Any]:
    """Return an index of what was cut out already: every slice is all that is left."""
    return [slice(None) if isinstance(place, slice) else place for place in chosen]
