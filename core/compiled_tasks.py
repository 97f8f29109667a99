"""A block as work for the compiled path: the numbers that its function takes."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fanwise.core.blocks import Block
from fanwise.core.dtypes import Format
from fanwise.core.philox import Key
from fanwise.core.quantile import columns
from fanwise.core.tiles import MOST_AXES, SIZE, Tiles, tiles
from fanwise.core.values import Numbers
from fanwise.spec.laws import Law

#: ``kernels.draw``, compiled.
Kernel = Callable[..., Any]

#: Elements that a thread takes at a time.
SHARE: Final = 1 << 17
#: Elements that the look-up takes at a time, as in ``kernels.py``.
STEP: Final = 512

#: Where the key stands in a job.
_KEY: Final = 5
_FORMS: Final = {"float32": 0, "float64": 0, "bfloat16": 1, "float16": 2}


@dataclass(frozen=True, slots=True)
class Plan:
    """All that is known of a block before there are a key and memory to write into.

    Attributes:
        tiles: its geometry.
        job: the numbers that the function takes, without the key.
        scale: the unit, the mean and the largest product.
        halves: whether an element has 16 bits.
    """

    tiles: Tiles
    job: array[int]
    scale: array[float]
    halves: bool

    @classmethod
    def of(cls, block: Block, law: Law, into: Format) -> Plan | None:
        """None where the block lies in memory as no array of its dtype does."""
        out = block.out
        cut = tiles(out.shape, block.strides, out.strides, out.itemsize)
        if cut is None:
            return None
        numbers, form = Numbers.of(law), _FORMS[into.name]
        job = array("q", (block.base, cut.axes, cut.by_planes, cut.rows, cut.blocks, 0, 0))
        job.extend((numbers.normal, *numbers.window, form))
        job.extend(cut.geometry)
        return cls(cut, job, _scale(numbers, into.name == "float64"), form != 0)

    def tasks(self, call: Kernel, out: NDArray[Any], key: Key) -> Sequence[Callable[[], None]]:
        """The parts of the work, each for one thread."""
        job = self.job[:]
        job[_KEY], job[_KEY + 1] = key
        drawing = _Drawing(call, self, job, out)
        each = max(1, SHARE // self.tiles.elements)
        if self.tiles.count <= each:
            return (drawing,)
        starts = range(0, self.tiles.count, each)
        return [partial(drawing, first, first + each) for first in starts]


class _Drawing:
    """Holds on to all memory of which the function is given the address."""

    __slots__ = ("call", "job", "out", "plan")

    def __init__(self, call: Kernel, plan: Plan, job: array[int], out: NDArray[Any]) -> None:
        self.call, self.plan, self.job, self.out = call, plan, job, out

    def __call__(self, first: int = 0, last: int = 1 << 62) -> None:
        space = _taken()
        plan = self.plan
        self.call(
            *space.result,
            self.out.__array_interface__["data"][0],
            self.job.buffer_info()[0],
            first,
            min(last, plan.tiles.count),
            plan.scale.buffer_info()[0],
            *_table().at,
            *(space.for_halves if plan.halves else space.plain),
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


def _taken() -> _Space:
    """Working memory that no other thread has now; there is as much as there were threads."""
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
    """The unit, the mean and the largest product, rounded once to the computing dtype."""
    compute = np.float64 if double else np.float32
    unit = compute(numbers.unit)
    largest = compute(numbers.largest) * unit
    return array("d" if double else "f", (float(unit), numbers.centre, float(largest)))
