"""Which elements of a weight are looked at together: lines across all of it, on every axis."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fanwise.adapters.stored_weights import Where

#: As many equal parts may a weight have on an axis, such as gates, heads, shards.
_PARTS: Final = 16
#: How many lines stand for each of these parts.
_LINES: Final = 3

#: The positions on each axis; the elements are those of all combinations.
Positions = tuple[NDArray[np.intp], ...]


def spread(size: int, most: int) -> NDArray[np.intp]:
    """Choose positions on an axis.

    The same lines of each half, third, … sixteenth of the axis, and others spread over it.

    Args:
        size: of the axis.
        most: how many to choose, at most.

    Examples:
        >>> spread(4, 10)
        array([0, 1, 2, 3])
        >>> spread(1000, 4)
        array([  0, 250, 500, 750])
    """
    if size <= most:
        return np.arange(size)
    room = (_PARTS * _LINES) * 4
    if most < room:
        return np.arange(most) * size // most
    parts = [count for count in range(2, _PARTS + 1) if size % count == 0]
    shares = {Fraction(part, count) for count in parts for part in range(count)}
    starts = {int(share * size) for share in shares}
    # Lines that no pattern of few lines makes look special.
    chosen = {start + line for start in starts for line in (0, 5, 11)[:_LINES]}
    chosen = {line for line in chosen if line < size}
    kept = sorted(chosen)[:most]
    others = np.setdiff1d(np.arange(size), kept)
    left = most - len(kept)
    return np.union1d(kept, others[np.arange(left) * len(others) // max(left, 1)]).astype(np.intp)


def block(shape: Sequence[int], side: int) -> Positions:
    """Choose positions on each axis, so that the elements make a matrix of at most side × side.

    The rows are the first axis, or of three axes and more the first two where the first is short.
    """
    split = row_axes(shape)
    return tuple(_share(shape[:split], side) + _share(shape[split:], side))


def row_axes(shape: Sequence[int]) -> int:
    """Return how many of the first axes are the rows of the matrix that a weight makes."""
    if len(shape) < 2:
        return len(shape)
    sizes = [
        min(math.prod(shape[:split]), math.prod(shape[split:])) for split in range(1, len(shape))
    ]
    # The split that leaves the smaller side largest; the first of those that are as good.
    return 1 + sizes.index(max(sizes))


def lines_of(shape: Sequence[int], axis: int, depth: int) -> Positions:
    """Choose all positions on one axis, and few on the others: what tells its slices apart."""
    others = [size for place, size in enumerate(shape) if place != axis]
    chosen = iter(_share(others, depth, from_end=True))
    return tuple(
        np.arange(size) if place == axis else next(chosen) for place, size in enumerate(shape)
    )


def _share(sizes: Sequence[int], most: int, *, from_end: bool = False) -> list[NDArray[np.intp]]:
    """Choose positions on some axes, of at most so many combinations."""
    counts: list[int] = []
    for place in range(len(sizes)):
        left = most // max(math.prod(counts), 1)
        rest = sizes[place:]
        fair = left if len(rest) == 1 else max(1, round(left ** (1 / len(rest))))
        room = max(fair, left // max(math.prod(rest[1:]), 1))
        counts.append(max(1, min(sizes[place], room)))
    if from_end:
        return [np.arange(count) * size // count for size, count in zip(sizes, counts, strict=True)]
    return [spread(size, count) for size, count in zip(sizes, counts, strict=True)]


class Gathered:
    """The elements at some positions, filled in from blocks."""

    def __init__(self, positions: Positions) -> None:
        self.positions = positions
        self.values = np.full([len(chosen) for chosen in positions], np.nan, np.float32)

    def add(self, where: Where, values: NDArray[Any]) -> None:
        """Take what a block has of them."""
        from_block, into = [], []
        for chosen, piece in zip(self.positions, where, strict=True):
            first, last = np.searchsorted(chosen, (piece.start, piece.stop))
            if first == last:
                return
            from_block.append(chosen[first:last] - piece.start)
            into.append(np.arange(first, last))
        if not into:
            self.values[...] = values
            return
        with np.errstate(over="ignore", under="ignore", invalid="ignore"):
            self.values[np.ix_(*into)] = values[np.ix_(*from_block)]

    def leave(self, row: int) -> None:
        """Leave out a position on the first axis."""
        kept = self.positions[0] != row
        self.positions = (self.positions[0][kept], *self.positions[1:])
        self.values = self.values[kept]
