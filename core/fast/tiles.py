"""How a block is cut into tiles for the extension.

A tile is so small that its lines stay in a core's cache, long enough along the stream that few
words are drawn in vain, and long enough along the memory that whole lines are written.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

#: Elements of a tile.
SIZE: Final = 1 << 15
#: Elements of a tile along the memory, where the stream runs along another axis.
LINE: Final = 256

#: Of one axis: its size, its stride in canonical order, its stride in memory (elements).
Axis = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Tiles:
    """The geometry of a block, as the extension takes it.

    Attributes:
        geometry: for every axis its size, its two strides and the tile's size; then the
            axes in the order of memory, each five on its own in a row.
        axes: how many axes.
        by_planes: whether memory does not run along the stream.
        elements: of a whole tile.
        count: how many tiles.
    """

    geometry: tuple[int, ...]
    axes: int
    by_planes: bool
    elements: int
    count: int


@lru_cache(maxsize=4096)
def tiles(
    shape: tuple[int, ...], counts: tuple[int, ...], strides: tuple[int, ...], itemsize: int
) -> Tiles | None:
    """Cut a block.

    Args:
        shape: its shape.
        counts: what one step along each axis adds to the canonical index.
        strides: its strides in memory, in bytes.
        itemsize: bytes of an element.

    Returns:
        None where an element does not lie a whole number of elements from the next.
    """
    if any(stride % itemsize for n, stride in zip(shape, strides, strict=True) if n > 1):
        return None
    axes = _merged(shape, counts, tuple(stride // itemsize for stride in strides))
    last = len(axes) - 1
    order = sorted(range(len(axes)), key=lambda k: (-abs(axes[k][2]), k))
    by_planes = order[-1] != last or axes[last][0] == 1 < len(axes)
    if by_planes and order[-1] == last:
        order = [last, *order[:-1]]
    tile = _tile([size for size, _, _ in axes], order if by_planes else [])
    elements = _product(tile)
    count = _product([-(-axis[0] // step) for axis, step in zip(axes, tile, strict=True)])
    sizes, canonical, memory = zip(*axes, strict=True)
    geometry = (*sizes, *canonical, *memory, *tile, *order)
    return Tiles(geometry, len(axes), by_planes, elements, count)


def _merged(shape: tuple[int, ...], counts: tuple[int, ...], steps: tuple[int, ...]) -> list[Axis]:
    """Put the axes in canonical order, and join those that continue each other in memory too."""
    given = sorted(zip(shape, counts, steps, strict=True), key=lambda axis: -axis[1])
    axes: list[Axis] = []
    for size, count, step in given:
        if size == 1:
            continue
        if axes and axes[-1][1] == size * count and axes[-1][2] == size * step:
            axes[-1] = (axes[-1][0] * size, count, step)
        else:
            axes.append((size, count, step))
    # The stream needs an axis that it runs along.
    return axes if axes and axes[-1][1] == 1 else [*axes, (1, 1, 1)]


def _tile(shape: list[int], order: list[int]) -> list[int]:
    """Shape a tile: first along the memory, then along the stream."""
    tile, total = [1] * len(shape), 1
    for axis in reversed(order):
        if total >= LINE:
            break
        tile[axis] = min(shape[axis], -(-LINE // total))
        total = _product(tile)
    for axis in reversed(range(len(shape))):
        room = SIZE // (total // tile[axis])
        if room > tile[axis]:
            tile[axis] = min(shape[axis], room)
            total = _product(tile)
    return tile


def _product(sizes: list[int]) -> int:
    total = 1
    for size in sizes:
        total *= size
    return total
