"""Arrays divided into boxes of a grid, each of which is a run of consecutive elements."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence

from fanwise.adapters.stored_weights import Where


def box_shape(shape: Sequence[int], most: int) -> tuple[int, ...]:
    """Return the shape of the boxes of a grid: the largest of at most so many elements.

    All axes behind the one that is divided are whole, and those before it of length one, so that a
    box is a run, and the boxes in order are all of the array.

    Args:
        shape: of the array.
        most: how many elements a box has at most.

    Examples:
        >>> box_shape((100, 30), 1000), box_shape((3, 100, 30), 1000), box_shape((5000,), 3000)
        ((25, 30), (1, 25, 30), (2500,))
    """
    sizes: list[int] = []
    inner = 1
    for length in reversed(shape):
        if inner * length <= most:
            size = max(length, 1)
        elif inner <= most:
            # Boxes of one length, as near as that goes: the last one is not left with little.
            size = -(-length // -(-length // (most // inner)))
        else:
            size = 1
        sizes.append(size)
        inner = inner * length if inner * length <= most else most + 1
    return tuple(reversed(sizes))


def boxes_of(shape: Sequence[int], box: Sequence[int]) -> Iterator[Where]:
    """Give the boxes of a grid, in the order of their elements; of an empty array none.

    Args:
        shape: of the array.
        box: the shape of a box; those at the ends may be shorter.

    Examples:
        >>> [[(s.start, s.stop) for s in box] for box in boxes_of((3, 2), (2, 2))]
        [[(0, 2), (0, 2)], [(2, 3), (0, 2)]]
    """
    if 0 in shape:
        return
    ranges = [
        [slice(start, min(start + step, length)) for start in range(0, length, step)]
        for length, step in zip(shape, box, strict=True)
    ]
    yield from itertools.product(*ranges)


def size_of(box: Where) -> int:
    """Return how many elements a box has."""
    return math.prod(part.stop - part.start for part in box)
