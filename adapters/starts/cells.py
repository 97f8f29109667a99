"""A run of consecutive elements as blocks of the array that they lie in."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Final

#: A block: a slice with both ends for each axis.
Where = tuple[slice, ...]
#: Rows of a matrix are drawn so many at a time, where there are as many: the stream comes in words
#: of four, which neighbours in a column share.
_TOGETHER: Final = 4


def cells_of(shape: Sequence[int], first: int, size: int) -> Iterator[Where]:
    """Divide a run of elements, in row-major order, into the fewest blocks, in order.

    Args:
        shape: of the array.
        first: the place of its first element.
        size: how many there are.

    Examples:
        >>> [[(s.start, s.stop) for s in cell] for cell in cells_of((3, 4), 2, 7)]
        [[(0, 1), (2, 4)], [(1, 2), (0, 4)], [(2, 3), (0, 1)]]
    """
    if size <= 0:
        return
    if not shape:
        yield ()
        return
    inner = math.prod(shape[1:])
    rows = slice(0, inner)
    row, at = divmod(first, inner)
    if at or size < inner:
        head = min(size, inner - at)
        for cell in cells_of(shape[1:], at, head):
            yield (slice(row, row + 1), *cell)
        yield from cells_of(shape, first + head, size - head)
        return
    whole = size // inner
    rows = slice(row, row + whole)
    yield (rows, *(slice(0, length) for length in shape[1:]))
    yield from cells_of(shape, first + whole * inner, size - whole * inner)


def step_of(shape: Sequence[int], most: int) -> int:
    """Return how many elements to take at a time, so that most runs are one block.

    Args:
        shape: of the array.
        most: how many elements there are at most, in one run.

    Examples:
        >>> step_of((100, 30), 1000), step_of((100, 3000), 1000)
        (960, 1000)
    """
    inner = 1
    for length in reversed(shape):
        if inner * length > most:
            rows = most // inner
            return (rows - rows % _TOGETHER if rows > _TOGETHER else rows) * inner
        inner *= length
    return max(inner, 1)
