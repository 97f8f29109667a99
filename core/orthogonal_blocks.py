"""Blocks of a large orthogonal weight, made without the memory for all of it."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fanwise.core.blocks import Index
from fanwise.core.dtypes import Format, rounded
from fanwise.core.fast.gate import Backend
from fanwise.core.householder import Gaussians, draw_turned
from fanwise.core.order import store
from fanwise.core.orthogonal import Draw, gaussians_of, matrices_of
from fanwise.core.reflections import Matrix
from fanwise.core.strips import Strips, as_slice, columns_together
from fanwise.spec.axes import BATCH, IN, OUT, RECEPTIVE, Layout
from fanwise.spec.laws import Generator, StructuredLaw

#: Of fewer elements all are made at once, in about ten bytes for each.
_LARGE: Final = 1 << 22
#: Matrices of fewer are made together.
_MATRIX: Final = 1 << 18


def is_in_blocks(law: StructuredLaw) -> bool:
    """Tell whether a block of the weight takes less memory than all of it."""
    if law.generator is not Generator.ORTHOGONAL or law.layout.size < _LARGE:
        return False
    _, rows, columns = matrices_of(law.layout)
    return rows * columns >= _MATRIX and law.layout.expanded == law.layout.shape


def cheap_blocks(law: StructuredLaw) -> Iterator[Index]:
    """Divide a weight that :func:`is_in_blocks` into blocks that together take little more time.

    Args:
        law: orthogonal, on the weight's shape.

    Yields:
        One slice for each axis of the shape, with both ends.
    """
    shape, (batches, _, columns) = law.layout.shape, _sides(law.layout)
    # The axis along which the columns lie that are far from each other in their order.
    axis = next((axis for axis in columns if shape[axis] > 1), columns[0])
    beyond = math.prod(shape[later] for later in columns[columns.index(axis) + 1 :])
    _, *sides = matrices_of(law.layout)
    step = max(1, columns_together(max(sides), min(sides)) // beyond)
    for batch in itertools.product(*(range(shape[batch]) for batch in batches)):
        index = [slice(0, length) for length in shape]
        for at, number in zip(batches, batch, strict=True):
            index[at] = slice(number, number + 1)
        for start in range(0, shape[axis], step):
            index[axis] = slice(start, min(start + step, shape[axis]))
            yield tuple(index)


def write_block(
    out: NDArray[Any],
    law: StructuredLaw,
    index: Index,
    draw: Draw,
    into: Format,
    backend: Backend | None = None,
) -> None:
    """Write a block of a weight that :func:`is_in_blocks`, in the bits that the whole has there.

    Args:
        out: storage of the block's shape, any strides.
        law: orthogonal, on the weight's shape.
        index: one slice per axis.
        draw: draws from the stream of the weight.
        into: the dtype of the weight.
        backend: what makes it; None for the one that suits.
    """
    if out.size == 0:
        return
    layout, (batches, rows, columns) = law.layout, _sides(law.layout)
    matrices, own, wanted = (
        _places(layout.shape, axes, index) for axes in (batches, rows, columns)
    )
    placed = out.transpose([*batches, *rows, *columns])
    lengths = placed.shape[len(batches) + len(rows) :]
    shape = matrices_of(layout)
    gaussians = gaussians_of(shape, draw)
    for number, batch in zip(matrices, np.ndindex(*placed.shape[: len(batches)]), strict=True):
        strips = _strips(int(number), shape, gaussians, law.gain, backend)
        for which, made in strips.columns(wanted):
            values = rounded(made[as_slice(own)].astype(into.compute), into)
            for place, part in _runs(which, lengths):
                view = placed[(*batch, *(slice(None),) * len(rows), *place)]
                store(values[:, part].reshape(view.shape), view)


def _strips(
    number: int,
    shape: tuple[int, int, int],
    gaussians: Gaussians,
    gain: float,
    backend: Backend | None,
) -> Strips:
    """Return the columns of one of the matrices, or of its transpose where that is not wide."""
    _, rows, columns = shape

    def of_one(index: Index) -> Matrix:
        return gaussians((slice(number, number + 1), *index[1:]))

    drawn = partial(draw_turned, of_one) if rows < columns else of_one
    return Strips(drawn, (max(rows, columns), min(rows, columns)), gain, backend)


def _sides(layout: Layout) -> tuple[list[int], list[int], list[int]]:
    """Return the axes of batches, of rows and of columns, of matrices that are not wide."""
    batches = [axis for axis in layout.order if layout.roles[axis] == BATCH]
    inputs = [axis for axis in layout.order if layout.roles[axis] in (RECEPTIVE, IN)]
    outputs = [axis for axis in layout.order if layout.roles[axis] == OUT]
    _, rows, columns = matrices_of(layout)
    return (batches, outputs, inputs) if rows < columns else (batches, inputs, outputs)


def _places(shape: Sequence[int], axes: Sequence[int], index: Index) -> NDArray[np.intp]:
    """Return which of all places along some axes, in their order, are in a block; rising."""
    places = np.zeros(1, np.intp)
    for axis in axes:
        chosen = np.arange(*index[axis].indices(shape[axis]), dtype=np.intp)
        places = (places[:, None] * shape[axis] + chosen).ravel()
    return places


def _runs(which: slice, lengths: Sequence[int]) -> Iterator[tuple[tuple[Any, ...], slice]]:
    """Divide places along some axes, taken together, into runs along the last of them.

    Yields:
        Where a run is, for each axis, and which of the places are in it.
    """
    inner = lengths[-1]
    at = which.start
    while at < which.stop:
        leading, first = divmod(at, inner)
        last = min(inner, first + which.stop - at)
        place = (*np.unravel_index(leading, lengths[:-1]),) if len(lengths) > 1 else ()
        yield (*place, slice(first, last)), slice(at - which.start, at - which.start + last - first)
        at += last - first
