"""Blocks as work for the extension: the numbers that its functions take."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from functools import cache, lru_cache, partial
from typing import Any, Final

import numpy as np

from fanwise.core.blocks import Block
from fanwise.core.dtypes import Format
from fanwise.core.fast.extension import Kernels
from fanwise.core.fast.tiles import Tiles, tiles
from fanwise.core.philox import Key
from fanwise.core.quantile import columns
from fanwise.core.values import Numbers
from fanwise.spec.laws import Law

#: Elements that a thread takes at a time.
SHARE: Final = 1 << 18
#: What rounds and stores, as in kernels/src/layout.h.
_FORMS: Final = {"float32": 0, "bfloat16": 1, "float16": 2, "float64": 3}
#: Rows of the table begin on lines of the cache.
_LINE: Final = 64


class Plan:
    """All that is known of a block before there are a key and memory to write into.

    Attributes:
        tiles: its geometry.
        at: the addresses of its job and its scale.
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
        job = array("q", (block.base, cut.axes, cut.by_planes, numbers.normal))
        job.extend((*numbers.window, _FORMS[into.name], *cut.geometry))
        return cls(cut, job, _scale(numbers, into.name == "float64"))


class Entries:
    """What one call draws: tiles of blocks, of one weight or of many."""

    def __init__(self, kernels: Kernels) -> None:
        self._kernels, self._numbers = kernels, array("q")
        self._ends: list[int] = []
        self._count = self._since = 0
        # The addresses among the numbers are good as long as these live.
        self._table = table()
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
        self._kernels.draw(self._numbers.buffer_info()[0], first, last, self._table)


@cache
def table() -> int:
    """Return the address of the quantile's table as the extension takes it; it stays there."""
    c0, c1, c2 = columns()
    rows = np.stack((c2, c1, c0, np.zeros_like(c0)), axis=1).astype(np.uint32)
    memory = np.empty(rows.nbytes + _LINE, np.uint8)
    skipped = -memory.ctypes.data % _LINE
    memory[skipped : skipped + rows.nbytes] = rows.reshape(-1).view(np.uint8)
    _kept.append(memory)
    return memory.ctypes.data + skipped


_kept: Final[list[np.ndarray[Any, Any]]] = []


@lru_cache(maxsize=1024)
def _scale(numbers: Numbers, double: bool) -> array[float]:  # noqa: FBT001
    """Round the unit and the mean once to the computing dtype."""
    return array("d" if double else "f", (numbers.unit, numbers.centre))
