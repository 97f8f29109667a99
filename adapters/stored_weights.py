"""Weights with their values, wherever they are: in a model, a state dict, a pytree or a file.

Whatever looks at values and not at a framework (a capture, an audit) takes them as
:class:`StoredWeight`: what a recipe sees of a weight, and its values in blocks, so that no weight
needs to be in memory as a whole.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fanwise.adapters.layer_weights import Index, LayerWeight, Span
from fanwise.spec.weights import Weight

#: How many elements a block has at most.
BLOCK: Final = 1 << 22

#: Where a block lies in its weight: a slice for each axis.
Where = tuple[slice, ...]


@dataclass(frozen=True)
class StoredTensor:
    """A tensor as it is stored, of which any block can be read.

    Attributes:
        name: what the model, or the file, calls it.
        shape: of it.
        dtype: of its elements, by the name that NumPy or ml_dtypes has for it, e.g. ``"bfloat16"``.
        read: returns a block of it, given an integer or a slice without a step for each of its
            first axes; as NumPy has the numbers, or where NumPy has none, as float32 equal to them.
            It may be memory of the model, and is not to be written into. Raises FanwiseError where
            the values are not to be had: on the meta device, on another process, packed.
        aliases: what else the model calls it, where it is shared.
        tied: what the file holds under its other names, where it has more than one of them.
        is_computed: whether its values are computed from stored ones, with the rounding of that.
        sources: the tensors that it is an arrangement of, where it is not stored as it is.
        arrange: makes it of others in the place of these.
        placing: says where it lies in its sources, and how they have its axes.
    """

    name: str
    shape: tuple[int, ...]
    dtype: str
    read: Callable[[Index], NDArray[Any]]
    aliases: tuple[str, ...] = ()
    tied: tuple[StoredTensor, ...] = ()
    is_computed: bool = False
    sources: Mapping[str, StoredTensor] = field(default_factory=dict)
    arrange: Callable[[Mapping[str, StoredTensor]], StoredTensor] | None = None
    placing: LayerWeight | None = None

    @classmethod
    def of(cls, name: str, values: NDArray[Any]) -> StoredTensor:
        """Return a tensor whose values are in memory."""
        return cls(name, tuple(values.shape), values.dtype.name, values.__getitem__)


@dataclass(frozen=True)
class StoredWeight:
    """A weight with its values.

    Attributes:
        weight: as a recipe sees it, under the path that its model gives it.
        description: where it lies in the tensors of its layer.
        tensors: those that it lies in, maybe with other weights, by their names in the layer.
        formula: what its values come out of once they are drawn, such as a mask, so that they
            need not be of the law that its recipe draws; empty where there is none.
    """

    weight: Weight
    description: LayerWeight
    tensors: Mapping[str, StoredTensor]
    formula: str = ""

    def cut(self, weight: Weight) -> StoredWeight:
        """Return a part of it: see :class:`fanwise.adapters.recipes.ModelWeight`."""
        assert weight.part is not None
        return replace(
            self, weight=weight, description=self.description.cut(weight.part, weight.path)
        )

    @property
    def dtype(self) -> str:
        """The dtype that it is stored in."""
        return next(iter(self.tensors.values())).dtype

    @property
    def size(self) -> int:
        """The number of its elements."""
        return math.prod(self.weight.shape)

    @property
    def names(self) -> tuple[str, ...]:
        """What its model, or the file, calls the tensors that it lies in."""
        return tuple(tensor.name for tensor in self.tensors.values())

    @property
    def absent_rows(self) -> tuple[int, ...]:
        """The positions on its first axis of which its layer keeps nothing, such as a gate's."""
        if self.description.shape is None or not self.weight.shape:
            return ()
        size = self.weight.shape[0]
        ends = [block_ends(span.part, self.weight.shape)[0] for span in self.description.blocks()]
        held = {row for start, stop in ends for row in range(start, stop)}
        return tuple(row for row in range(size) if row not in held)

    def blocks(self, most: int = BLOCK) -> Iterator[tuple[Where, NDArray[Any]]]:
        """Read all of it, block by block.

        Args:
            most: how many elements a block has at most.

        Yields:
            Where the block lies in the weight, and its values, with as many axes as the weight.
        """
        for span in self.description.blocks():
            yield from _span_blocks(self.tensors[span.parameter], span, self.weight.shape, most)

    def places(self, most: int = BLOCK) -> Iterator[Where]:
        """Say where the blocks lie that :meth:`blocks` would read, without reading them.

        Args:
            most: how many elements a block has at most.
        """
        for span in self.description.blocks():
            ends = block_ends(span.part, self.weight.shape)
            for cell in _cells([stop - start for start, stop in ends], most):
                yield _placed(cell, ends)

    def block(self, where: Where) -> NDArray[Any]:
        """Read one block of it.

        Args:
            where: the block: a slice with both ends for each of its axes.
        """
        spans = self.description.blocks()
        held = [_overlap(self.tensors[s.parameter], s, where, self.weight.shape) for s in spans]
        pieces = [piece for piece in held if piece is not None]
        shape = [part.stop - part.start for part in where]
        if len(pieces) == 1 and list(pieces[0][1].shape) == shape:
            return pieces[0][1]
        # A layer may keep only some batches of it; the others are zero.
        whole = np.zeros(shape, pieces[0][1].dtype if pieces else np.float32)
        for inside, values in pieces:
            whole[inside] = values
        return whole

    def values(self) -> NDArray[Any]:
        """Read it as a whole."""
        blocks = list(self.blocks())
        if len(blocks) == 1 and blocks[0][1].shape == self.weight.shape:
            return blocks[0][1]
        dtype = blocks[0][1].dtype if blocks else np.float32
        # A layer may keep only some batches of it; the others are zero.
        whole = np.zeros(self.weight.shape, dtype)
        for where, block in blocks:
            whole[where] = block
        return whole


def numpy_numbers(block: Any) -> NDArray[Any]:
    """Return a block in memory that is not to be written into, as NumPy has its numbers.

    Args:
        block: an array; what NumPy has no dtype of its own for, such as bfloat16, becomes float32.
    """
    array = np.asarray(block)
    if array.dtype.isbuiltin != 1:  # that of another library is 2
        array = array.astype(np.float32)
    shown = array.view()
    shown.flags.writeable = False
    return shown


def blocks_of(tensor: StoredTensor, most: int = BLOCK) -> Iterator[tuple[Where, NDArray[Any]]]:
    """Read a tensor block by block.

    Args:
        tensor: the tensor.
        most: how many elements a block has at most.
    """
    yield from _span_blocks(tensor, Span(tensor.name), tensor.shape, most)


def _span_blocks(
    tensor: StoredTensor, span: Span, shape: Sequence[int], most: int
) -> Iterator[tuple[Where, NDArray[Any]]]:
    """Read what lies in one block of a tensor, in smaller blocks."""
    source = block_ends(span.at, tensor.shape)
    target = block_ends(span.part, shape)
    lengths = [stop - start for start, stop in target]
    if _lengths(span.at, source) == _lengths(span.part, target):
        for cell in _cells(lengths, most):
            yield _placed(cell, target), _span_cell(tensor, span, cell, target)
        return
    # It has other axes there, as gates do that a layer keeps one below the other.
    values = np.asarray(tensor.read(span.at)).reshape(lengths)
    for cell in _cells(lengths, most):
        yield _placed(cell, target), values[cell]


def _overlap(
    tensor: StoredTensor, span: Span, where: Where, shape: Sequence[int]
) -> tuple[Where, NDArray[Any]] | None:
    """Read what a span has of a block of its weight: where in the block, and the values."""
    target = block_ends(span.part, shape)
    ends = [
        (max(start, wanted.start), min(stop, wanted.stop))
        for (start, stop), wanted in zip(target, where, strict=True)
    ]
    if any(first >= last for first, last in ends):
        return None
    cell = tuple(
        slice(first - start, last - start)
        for (first, last), (start, _) in zip(ends, target, strict=True)
    )
    inside = tuple(
        slice(first - wanted.start, last - wanted.start)
        for (first, last), wanted in zip(ends, where, strict=True)
    )
    return inside, _span_cell(tensor, span, cell, target)


def _span_cell(
    tensor: StoredTensor, span: Span, cell: Where, target: Sequence[tuple[int, int]]
) -> NDArray[Any]:
    """Read a cell of what lies in one block of a tensor."""
    source = block_ends(span.at, tensor.shape)
    if _lengths(span.at, source) == _lengths(span.part, target):
        pieces = iter(_pieces(span.part, cell))
        index = tuple(
            _shifted(next(pieces), start) if has_axis(span.at, axis) else start
            for axis, (start, _) in enumerate(source)
        )
        values = np.asarray(tensor.read(index))
        return values.reshape([piece.stop - piece.start for piece in cell])
    # It has other axes there, as gates do that a layer keeps one below the other.
    lengths = [stop - start for start, stop in target]
    whole: NDArray[Any] = np.asarray(tensor.read(span.at)).reshape(lengths)
    return whole[cell]


def block_ends(index: Index, shape: Sequence[int]) -> list[tuple[int, int]]:
    """Return where a block begins and ends on every axis.

    Args:
        index: an integer or a slice for each of its first axes.
        shape: of the array that it is a block of.
    """
    full = (*index, *[slice(None)] * (len(shape) - len(index)))
    return [_ends(chosen, size) for chosen, size in zip(full, shape, strict=True)]


def _lengths(index: Index, ends: Sequence[tuple[int, int]]) -> list[int]:
    """Return the sizes of the axes that a block has."""
    return [stop - start for axis, (start, stop) in enumerate(ends) if has_axis(index, axis)]


def _pieces(index: Index, cell: Where) -> Where:
    """Leave out the axes that a block does not have."""
    return tuple(piece for axis, piece in enumerate(cell) if has_axis(index, axis))


def has_axis(index: Index, axis: int) -> bool:
    """Tell whether a block has an axis of its array: one that no integer is chosen from."""
    return axis >= len(index) or isinstance(index[axis], slice)


def _placed(cell: Where, ends: Sequence[tuple[int, int]]) -> Where:
    """Return where a cell of a block lies in the weight."""
    return tuple(_shifted(piece, start) for piece, (start, _) in zip(cell, ends, strict=True))


def _cells(lengths: Sequence[int], most: int) -> Iterator[Where]:
    """Divide a block into cells of at most so many elements, in order."""
    if 0 in lengths:
        return
    steps, room = [], most
    for length in reversed(lengths):
        step = max(1, min(length, room))
        steps.append(step)
        room = room // step if step == length else 1
    ranges = [
        [slice(start, min(start + step, length)) for start in range(0, length, step)]
        for length, step in zip(lengths, reversed(steps), strict=True)
    ]
    yield from itertools.product(*ranges)


def _shifted(piece: slice, start: int) -> slice:
    return slice(start + piece.start, start + piece.stop)


def _ends(chosen: slice | int, size: int) -> tuple[int, int]:
    """Return where a slice or an integer begins and ends on an axis."""
    if isinstance(chosen, slice):
        return chosen.start or 0, size if chosen.stop is None else chosen.stop
    return chosen, chosen + 1
