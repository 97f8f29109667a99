"""What a weight comes to for the Triton kernels: numbers, and which kernel takes them."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.lib.stride_tricks import as_strided

from fanwise.adapters.torch.drawing.triton_rows import MOST_AXES, Rows, rows_of
from fanwise.core.blocks import Index, block_shape, blocks, whole
from fanwise.core.dtypes import Format, format_of
from fanwise.core.philox import Key
from fanwise.core.quantile import ALL_WORDS
from fanwise.core.values import Numbers
from fanwise.spec.axes import Layout
from fanwise.spec.laws import Law
from fanwise.spec.resolved import Resolved

#: Elements of a row that has tiles of its own.
LONG: Final = 1 << 9


class Kind(NamedTuple):
    """What a kernel is compiled for; entries of one kind share a launch.

    Attributes:
        is_normal, is_cut, has_mean: the law.
        dtype: of the weight, by its name.
        row_axes: how many axes rows have.
        across: whether memory runs across the stream, along the rows.
        aligned: whether every row begins with a block.
        dense: whether neighbours in memory have no gap between them.
        in_fours: whether memory runs along the stream, in blocks that a thread stores at once.
        in_rows, quads: of a tile: its rows, and the blocks of each.
    """

    is_normal: bool
    is_cut: bool
    has_mean: bool
    dtype: str
    row_axes: int
    across: bool
    aligned: bool
    dense: bool
    in_fours: bool
    in_rows: int
    quads: int


@dataclass(frozen=True, slots=True)
class DeviceEntry:
    """What the kernels draw.

    Attributes:
        kind: of the kernel.
        numbers: as it takes them.
        tiles: how many there are.
    """

    kind: Kind
    numbers: tuple[int, ...]
    tiles: int


@dataclass(frozen=True, slots=True)
class EntryForm:
    """What is known of an entry before there are a key and memory.

    Attributes:
        kind: of the kernel.
        offset: bytes from the weight's address on.
        base: its first canonical index.
        geometry: rows, their length, the step of memory along them; of the axes of rows, the
            innermost first: the sizes of two, three canonical steps, three steps of memory.
        law: the bits of unit, largest product and mean; the window's first word, and their count.
        tiles: how many there are.
    """

    kind: Kind
    offset: int
    base: int
    geometry: tuple[int, ...]
    law: tuple[int, ...]
    tiles: int

    def entry(self, address: int, key: Key) -> DeviceEntry:
        """Return the entry, for a weight at an address and the key of its stream."""
        numbers = (address + self.offset, self.base, *key, *self.geometry, *self.law)
        return DeviceEntry(self.kind, numbers, self.tiles)


def forms(
    resolved: Resolved, index: Index | None, strides: tuple[int, ...], dtype: str, *, aligned: bool
) -> tuple[EntryForm, ...]:
    """Plan the entries of a weight, or of a block of it; most weights are one.

    Args:
        resolved: an elementwise scheme on the shape of the whole weight.
        index: one slice per axis; None for the whole weight.
        strides: of the memory, in elements.
        dtype: of the weight.
        aligned: whether the memory begins at a multiple of four elements.
    """
    law, layout = resolved.law, resolved.layout
    if index is None:
        return _forms_of_whole(law, layout, strides, dtype, aligned)
    return _forms(law, layout, index, strides, dtype, aligned=aligned)


@lru_cache(maxsize=4096)  # a network has many weights of few shapes
def _forms_of_whole(
    law: Law,
    layout: Layout,
    strides: tuple[int, ...],
    dtype: str,
    aligned: bool,  # noqa: FBT001
) -> tuple[EntryForm, ...]:
    return _forms(law, layout, whole(layout.shape), strides, dtype, aligned=aligned)


def _forms(
    law: Law, layout: Layout, index: Index, strides: tuple[int, ...], dtype: str, *, aligned: bool
) -> tuple[EntryForm, ...]:
    into = format_of(dtype)
    itemsize = into.storage.itemsize
    steps = tuple(stride * itemsize for stride in strides)
    # Of these strides, but with no memory of its own: only its geometry is looked at.
    array = as_strided(np.empty(0, into.storage), block_shape(index, layout.shape), steps)
    found = []
    for block in blocks(array, layout, index):
        offset = block.out.ctypes.data - array.ctypes.data
        for rows in rows_of(block.out.shape, block.strides, block.out.strides, itemsize):
            begins = offset + rows.offset * itemsize
            at_once = aligned and begins % (4 * itemsize) == 0
            found.append(_form(rows, block.base, begins, law, into, at_once=at_once))
    return tuple(found)


def _form(
    rows: Rows, base: int, offset: int, law: Law, into: Format, *, at_once: bool
) -> EntryForm:
    axes = rows.axes or ((1, 0, 0),)
    numbers = Numbers.of(law)
    first, window = numbers.window
    base += rows.start
    aligned = base % 4 == 0 and all(canonical % 4 == 0 for _, canonical, _ in axes)
    steps = (rows.length, *(memory for _, _, memory in axes))
    in_fours = at_once and rows.dense and aligned and not rows.across
    in_rows, quads = _tile(rows, into)
    kind = Kind(
        is_normal=numbers.normal,
        is_cut=window != ALL_WORDS,
        has_mean=numbers.centre != 0.0,
        dtype=into.name,
        row_axes=len(axes),
        across=rows.across,
        aligned=aligned,
        dense=rows.dense,
        in_fours=in_fours and all(step % 4 == 0 for step in steps),
        in_rows=in_rows,
        quads=quads,
    )
    sizes, canonical, memory = zip(*axes, *[(1, 0, 0)] * (MOST_AXES - len(axes)), strict=True)
    geometry = (rows.count, rows.length, rows.along, *sizes[:2], *canonical, *memory)
    blocks_of_row = (rows.length + (3 if aligned else 6)) >> 2
    tiles = -(-rows.count // in_rows) * -(-blocks_of_row // quads)
    law_numbers = (*_bits(numbers, into.compute), first, window)
    return EntryForm(kind, offset, base, geometry, law_numbers, tiles)


def _tile(rows: Rows, into: Format) -> tuple[int, int]:
    """Choose the rows of a tile and their blocks: few kinds, since each must be compiled."""
    if rows.across:
        in_rows = 128 if rows.count > 32 else 8
        return in_rows, (1024 if into.storage.itemsize == 2 else 512) // in_rows
    in_rows = 1 if rows.count == 1 or rows.length >= LONG else 32
    return in_rows, 512 // in_rows


def _bits(numbers: Numbers, compute: np.dtype[Any]) -> tuple[int, ...]:
    """Round the unit, the largest product and the mean once, and return the bits of their float64.

    Rounded to the computing dtype first, so that the kernels' conversion is exact.
    """
    unit = compute.type(numbers.unit)
    reals = (unit, compute.type(numbers.largest) * unit, compute.type(numbers.centre))
    return tuple(struct.unpack("<q", struct.pack("<d", float(real)))[0] for real in reals)
