"""Sums along the axes of a weight: of every row and column, and of several beside each other."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fanwise.adapters.stored_weights import Where
from fanwise.spec.axes import BATCH, IN, OUT, RECEPTIVE, Layout

Numbers = NDArray[np.float64]

#: Of fewer elements a line is not judged: a single one may be anything.
SHORTEST: Final = 4
#: What a line along some axes is called, by their roles.
_WORDS: Final = {OUT: "output", IN: "input", BATCH: "batch", RECEPTIVE: "place"}


@dataclass(frozen=True)
class Window:
    """Some lines beside each other.

    Attributes:
        name: of them, in words.
        total, squares: sums of their elements, and of the squares.
        n: the number of elements of each window.
        width: the number of lines.
    """

    totals: Numbers
    squares: Numbers
    n: int
    width: int


@dataclass
class Lines:
    """The lines of a weight that share an index on some of its axes.

    Attributes:
        axes: these axes.
        role: what the axes are about.
        shape: of the weight.
        split: the batches that the axis holds one after the other; 1 for none.
        totals, squares: sums of each line, in units of the law.
    """

    axes: tuple[int, ...]
    role: str
    shape: tuple[int, ...]
    split: int
    totals: Numbers
    squares: Numbers

    @property
    def length(self) -> int:
        """The number of elements of a line."""
        return math.prod(self.shape) // self.totals.size

    def add(self, where: Where, scaled: Numbers, squared: Numbers) -> None:
        """Add the elements of a piece, and their squares."""
        place = tuple(where[axis] for axis in self.axes)
        self.totals[place] += self._sums(scaled)
        self.squares[place] += self._sums(squared)

    def leave_out(self, row: int) -> None:
        """Stand in for the elements of a row that were not added, by ones as large as expected.

        Sums of fewer random elements are no farther off than those of all.
        """
        if 0 in self.axes:
            at = tuple(row if axis == 0 else slice(None) for axis in self.axes)
            self.squares[at] += self.length
        else:
            self.squares += self.length / self.shape[0]

    def _sums(self, piece: Numbers) -> Numbers:
        if len(self.axes) > 1:
            others = tuple(axis for axis in range(piece.ndim) if axis not in self.axes)
            return piece.sum(axis=others) if others else piece
        (axis,) = self.axes
        # Products with ones add up several times as fast as sums along an axis.
        before, after = math.prod(piece.shape[:axis]), math.prod(piece.shape[axis + 1 :])
        ends = piece.reshape(-1, after)
        inner = ends @ np.ones(after) if after > 1 else ends[:, 0]
        sums = inner.reshape(before, piece.shape[axis])
        added: Numbers = np.ones(before) @ sums if before > 1 else sums[0]
        return added

    def windows(self) -> Iterator[Window]:
        """Give the lines, and twice, four times, … as many of them, up to half of all."""
        totals, squares, width = self.totals.ravel(), self.squares.ravel(), 1
        while len(totals) > 1:
            n = self.length * width
            if n >= SHORTEST:
                yield Window(totals, squares, n, width)
            even = len(totals) // 2 * 2
            totals = totals[:even].reshape(-1, 2).sum(axis=1)
            squares = squares[:even].reshape(-1, 2).sum(axis=1)
            width *= 2
        if self.split > 1:
            parts = (self.split, -1)
            width = self.totals.size // self.split
            totals = self.totals.reshape(parts).sum(axis=1)
            squares = self.squares.reshape(parts).sum(axis=1)
            yield Window(totals, squares, self.length * width, width)

    def name_of(self, window: Window, number: int) -> str:
        """Say in words which lines a window has."""
        word = _WORDS[self.role]
        first = number * window.width
        last = first + window.width - 1
        if len(self.axes) == 1:
            return f"{word} {first}" if first == last else f"{word}s {first} to {last}"
        shape = self.totals.shape
        ends = [
            ", ".join(str(int(at)) for at in np.unravel_index(end, shape)) for end in (first, last)
        ]
        return f"({ends[0]})" if first == last else f"({ends[0]}) to ({ends[1]})"


def lines_of(layout: Layout) -> tuple[Lines, ...]:
    """Return the lines of a weight that are judged, with nothing in them yet.

    They are those of each axis, those of all places of the receptive field, and within each batch
    those of each other axis.
    """
    shape, roles = layout.shape, [axis.role for axis in layout.axes]
    axes_of = {
        role: tuple(axis for axis, other in enumerate(roles) if other == role)
        for role in (BATCH, RECEPTIVE)
    }
    chosen: list[tuple[int, ...]] = [(axis,) for axis in range(len(shape))]
    if len(axes_of[RECEPTIVE]) > 1:
        chosen.append(axes_of[RECEPTIVE])
    if axes_of[BATCH]:
        others = [axis for axis, role in enumerate(roles) if role in (IN, OUT)]
        chosen += [tuple(sorted((*axes_of[BATCH], axis))) for axis in others]
    return tuple(
        _empty_lines(layout, axes) for axes in dict.fromkeys(chosen) if _are_lines(shape, axes)
    )


def _are_lines(shape: Sequence[int], axes: Sequence[int]) -> bool:
    """Tell whether an axis has several lines, and these several elements between them."""
    count, size = math.prod(shape[axis] for axis in axes), math.prod(shape)
    longest = size // count * (1 << (count.bit_length() - 2)) if count > 1 else 0
    return longest >= SHORTEST


def _empty_lines(layout: Layout, axes: tuple[int, ...]) -> Lines:
    shape = tuple(layout.shape[axis] for axis in axes)
    split = layout.axes[axes[0]].batches if len(axes) == 1 else 1
    role = next(layout.axes[axis].role for axis in reversed(axes))
    return Lines(axes, role, layout.shape, split, np.zeros(shape), np.zeros(shape))
