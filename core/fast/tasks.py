"""Blocks as work for the compiled path: the numbers that its function takes."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from functools import cache, lru_cache, partial
from typing import Any, Final

import numpy as np

from fanwise.core.blocks import Block
from fanwise.core.dtypes import Format
from fanwise.core.fast.tiles import MOST_AXES, SIZE, Tiles, tiles
from fanwise.core.philox import Key
from fanwise.core.quantile import columns
from fanwise.core.values import Numbers
from fanwise.spec.laws import Law

#: ``kernels.draw``, compiled.
Kernel = Callable[..., Any]

#: Elements that a thread takes at a time.
SHARE: Final = 1 << 17
#: Elements that the look-up takes at a time, as in ``kernels.py``.
STEP: Final = 512

_FORMS: Final = {"float32": 0, "float64": 0, "bfloat16": 1, "float16": 2}


class Plan:
    """All that is known of a block before there are a key and memory to write into.

    Attributes:
        tiles: its geometry.
        at: where its job and its scale lie, as the function reads them.
    """

    __slots__ = ("_memory", "at", "tiles")

    def __init__(self, cut: Tiles, job: array[int], scale: array[float]) -> None:
        self.tiles, self._memory = cut, (job, scale)
        self.at = (job.buffer_info()[0], scale.buffer_info()[0])

    @classmethod
    def of(cls, block: Block, law: Law, into: Format) -> Plan | None:
        """Plan a block; None where it lies in memory as no array of its dtype does."""
        out = block.out
        cut = tiles(out.shape, block.strides, out.strides, out.itemsize)
        if cut is None:
            return None
        numbers = Numbers.of(law)
        job = array("q", (block.base, cut.axes, cut.by_planes, cut.rows, cut.blocks))
        job.extend((numbers.normal, *numbers.window, _FORMS[into.name]))
        job.extend(cut.geometry)
        return cls(cut, job, _scale(numbers, into.name == "float64"))


class Entries:
    """What one function draws: tiles of blocks, of one weight or of many."""

    def __init__(self, call: Kernel, itemsize: int) -> None:
        self._call, self._halves = call, itemsize == 2
        self._numbers = array("q")
        self._ends: list[int] = []
        self._count = self._since = 0
        # The addresses among the numbers are good as long as these live.
        self._table = _table()
        self._held: list[tuple[Plan, object]] = []

    def add(self, plan: Plan, at: int, key: Key, holder: object) -> None:
        """Enter a block, cut into what a thread takes at a time.

        Args:
            plan: of the block.
            at: the address at which it begins.
            key: of its stream.
            holder: what keeps the memory there.
        """
        self._held.append((plan, holder))
        count, elements = plan.tiles.count, plan.tiles.elements
        step = max(1, SHARE // elements)
        for first in range(0, count, step):
            last = min(first + step, count)
            self._numbers.extend((at, *plan.at, first, last, *key))
            self._count += 1
            self._since += (last - first) * elements
            if self._since >= SHARE:
                self._end()

    def tasks(self) -> Sequence[Callable[[], None]]:
        """Return the parts of the work, each for one thread."""
        if self._since:
            self._end()
        starts = (0, *self._ends)
        return [partial(self._draw, *part) for part in zip(starts, self._ends, strict=False)]

    def _end(self) -> None:
        self._ends.append(self._count)
        self._since = 0

    def _draw(self, first: int, last: int) -> None:
        space = _take_space()
        self._call(
            *space.result,
            self._numbers.buffer_info()[0],
            first,
            last,
            *self._table.at,
            *(space.for_halves if self._halves else space.plain),
        )
        _spaces.append(space)


class _Space:
    """Working memory, enough for any tile, and its addresses."""

    def __init__(self) -> None:
        ints = 3 * MOST_AXES + STEP + 2 * SIZE
        sizes = (16, 8 * ints, 4 * (3 * STEP + 8 * SIZE), 8 * SIZE, 2 * SIZE)
        self._memory = [np.empty(size // 8, np.int64) for size in sizes]
        at = [memory.ctypes.data for memory in self._memory]
        result, whole, small, values, stored = at
        self.result = (result, result + 8)
        self.plain = (whole, small, values, values, values)
        self.for_halves = (whole, small, values, values, stored)


def _take_space() -> _Space:
    """Take working memory that no other thread has; there is as much as there were threads."""
    try:
        return _spaces.pop()
    except IndexError:
        return _Space()


class _Table:
    """The quantile's table as the look-up takes it: the slopes of a row are one integer."""

    def __init__(self) -> None:
        c0, c1, c2 = columns()
        self._memory = (c0.astype(np.uint32), (c1 << np.uint64(32)) | c2)
        self.at = tuple(column.ctypes.data for column in self._memory)


_spaces: Final[list[_Space]] = []
_table = cache(_Table)


@lru_cache(maxsize=1024)
def _scale(numbers: Numbers, double: bool) -> array[float]:  # noqa: FBT001
    """Round the unit, the mean and the largest product once to the computing dtype."""
    compute = np.float64 if double else np.float32
    unit = compute(numbers.unit)
    largest = compute(numbers.largest) * unit
    return array("d" if double else "f", (float(unit), numbers.centre, float(largest)))
