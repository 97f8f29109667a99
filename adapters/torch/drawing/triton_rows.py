"""Blocks of a weight seen as rows along the stream, as the Triton kernels take them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from fanwise.core.fast.tiles import tiles

#: Axes that rows have, at most.
MOST_AXES: Final = 3
#: Rows of several axes, whose number is divided by their sizes in 32 bits.
MOST_ROWS: Final = 1 << 31


@dataclass(frozen=True, slots=True)
class Rows:
    """A block as rows along the stream.

    Attributes:
        length: of a row.
        along: the step of memory along it.
        axes: of the rows, the innermost in memory first: size, canonical step, step of memory.
        across: whether memory runs along the rows, across the stream.
        start, offset: of its first element in the block, canonical and in memory.
    """

    length: int
    along: int
    axes: tuple[tuple[int, int, int], ...]
    across: bool
    start: int = 0
    offset: int = 0

    @property
    def count(self) -> int:
        """How many rows there are."""
        return math.prod(size for size, _, _ in self.axes)

    @property
    def dense(self) -> bool:
        """Whether neighbours in memory have no gap between them."""
        if not self.across:
            return self.along == 1
        end = 1
        for size, _, memory in self.axes:
            if memory != end:
                return False
            end *= size
        return True


def rows_of(
    shape: tuple[int, ...], counts: tuple[int, ...], strides: tuple[int, ...], itemsize: int
) -> Iterator[Rows]:
    """See a block as rows, or, if it has too many axes, as rows here and there.

    Args:
        shape: of the block.
        counts: what one step along each axis adds to the canonical index.
        strides: its strides in memory, in bytes.
        itemsize: bytes of an element.
    """
    cut = tiles(shape, counts, strides, itemsize)
    assert cut is not None, "a tensor's elements lie whole elements apart"
    count = cut.axes
    sizes, canonical, memory, _, order = (cut.geometry[n * count :][:count] for n in range(5))
    last = count - 1
    inner = [axis for axis in reversed(order) if axis != last]
    axes = tuple((sizes[axis], canonical[axis], memory[axis]) for axis in inner)
    yield from _peeled(Rows(sizes[last], memory[last], axes, bool(cut.by_planes)))


def _peeled(rows: Rows) -> Iterator[Rows]:
    """Take off the outermost axis as long as there are too many, or too many rows to count."""
    if len(rows.axes) <= MOST_AXES and (rows.count < MOST_ROWS or len(rows.axes) <= 1):
        yield rows
        return
    *inner, (size, canonical, memory) = rows.axes
    for step in range(size):
        start, offset = rows.start + step * canonical, rows.offset + step * memory
        yield from _peeled(replace(rows, axes=tuple(inner), start=start, offset=offset))
