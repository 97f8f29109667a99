"""Tensors that lie in a source of bytes by an offset and strides, of which any block is read."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, NoReturn

import numpy as np
from numpy.typing import NDArray

from fanwise.adapters.files.faults import broken, quoted
from fanwise.adapters.files.numbers import Number
from fanwise.adapters.files.sources import Bytes
from fanwise.adapters.layer_weights import Index
from fanwise.adapters.stored_weights import StoredTensor
from fanwise.spec.errors import FanwiseError, Phrase

#: How many elements are read at once.
_SPAN: Final = 1 << 22
#: Elements that are read together may have this many others about each, or lie so near.
_SPARSE: Final = 8
_NEAR: Final = 256
#: More axes than NumPy's oldest versions know.
_MOST_AXES: Final = 32
#: No size of an axis, and no product of these, comes near it in a file that is right.
_MOST: Final = 1 << 60


@dataclass(frozen=True)
class Region:
    """Where a tensor lies.

    Attributes:
        source: the bytes.
        number: what the elements are.
        offset: of the first element, in bytes.
        shape: of the tensor.
        strides: from an element to the next one of each axis, in elements.
    """

    source: Bytes
    number: Number
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]

    def read(self, index: Index) -> NDArray[Any]:
        """Return a block of the tensor.

        Args:
            index: an integer or a slice without a step for each of the first axes.
        """
        start, shape, strides = 0, [], []
        chosen = (*index, *[slice(None)] * (len(self.shape) - len(index)))
        for place, size, stride in zip(chosen, self.shape, self.strides, strict=True):
            if isinstance(place, slice):
                first, end, _ = place.indices(size)
                shape.append(max(0, end - first))
                strides.append(stride)
                start += first * stride if end > first else 0
            else:
                start += range(size)[place] * stride
        values = np.empty(shape, self.number.decoded)
        self._fill(values, start, strides)
        return values

    def _fill(self, values: NDArray[Any], start: int, strides: Sequence[int]) -> None:
        """Read the elements of a block, in as few reads as their places allow."""
        if not values.size:
            return
        span = _span(values.shape, strides)
        widest = max(range(values.ndim), key=lambda axis: _reach(values, strides, axis), default=-1)
        together = span <= _SPARSE * values.size or strides[widest] <= _NEAR
        if span <= _SPAN and together:
            size = self.number.storage.itemsize
            data = self.source.read(self.offset + start * size, span * size)
            bits = np.frombuffer(data, self.number.storage)
            steps = [stride * size for stride in strides]
            view = np.lib.stride_tricks.as_strided(bits, values.shape, steps, writeable=False)
            values[...] = self.number.decode(view)
            return
        step = max(1, _SPAN // max(1, strides[widest])) if together else 1
        step = min(step, max(1, values.shape[widest] // 2))
        for first in range(0, values.shape[widest], step):
            part = [slice(None)] * values.ndim
            part[widest] = slice(first, first + step)
            self._fill(values[tuple(part)], start + first * strides[widest], strides)


def stored(
    name: str,
    source: Bytes,
    number: Number,
    offset: int,
    shape: Sequence[int],
    strides: Sequence[int] | None = None,
) -> StoredTensor:
    """Return a tensor of a source.

    Args:
        name: what the file calls it.
        source: the bytes.
        number: what the elements are.
        offset: of the first element, in bytes.
        shape: of the tensor.
        strides: in elements; by default those of rows that follow each other.

    Raises:
        FanwiseError: where an element would lie outside the source.
    """
    shape = checked_shape(name, shape)
    steps = _steps(shape) if strides is None else _counts(name, strides)
    if len(steps) != len(shape):
        raise broken(f"a stride for each axis of {quoted(name)}", f"{len(steps)} strides")
    last = _span(shape, steps) if 0 not in shape else 0
    if not 0 <= offset <= offset + last * number.storage.itemsize <= source.size:
        raise broken(
            f"the elements of {quoted(name)} within the {source.size} bytes that there are",
            f"shape {shape} of {number.name} from byte {offset} on",
        )
    region = Region(source, number, offset, shape, steps)
    return StoredTensor(name, shape, number.name, region.read)


def refused(name: str, shape: Sequence[int], dtype: str, reason: str) -> StoredTensor:
    """Return a tensor whose values cannot be read: whoever asks for them is told why.

    Args:
        name: what the file calls it.
        shape: of the tensor.
        dtype: what the file says of its elements.
        reason: what they are, in words.
    """

    def read(index: Index) -> NoReturn:
        del index
        raise FanwiseError(
            "a tensor of real numbers",
            Phrase(f"{quoted(name)}, {reason}"),
            "Leave it out, or convert it and write the file again.",
        )

    return StoredTensor(name, checked_shape(name, shape), dtype, read)


def checked_shape(name: str, shape: object) -> tuple[int, ...]:
    """Return a shape that a file claims, if it is one.

    Raises:
        FanwiseError: for what is no sequence of counts, or of too many, or too large ones.
    """
    sizes = _counts(name, shape)
    if math.prod(size for size in sizes if size) >= _MOST:
        raise broken(f"a shape for {quoted(name)} that a file can hold", str(sizes))
    return sizes


def _counts(name: str, values: object) -> tuple[int, ...]:
    """Return a shape or strides, if they are counts, and few."""
    if not isinstance(values, list | tuple) or len(values) > _MOST_AXES:
        raise broken(f"at most {_MOST_AXES} axes of {quoted(name)}", quoted(type(values).__name__))
    if not all(type(value) is int and 0 <= value < _MOST for value in values):
        raise broken(f"counts for the axes of {quoted(name)}", quoted(str(values)))
    return tuple(values)


def _steps(shape: Sequence[int]) -> tuple[int, ...]:
    """Return the strides of rows that follow each other."""
    steps = [math.prod(shape[axis + 1 :]) for axis in range(len(shape))]
    return tuple(steps)


def _span(shape: Sequence[int], strides: Sequence[int]) -> int:
    """Return how many elements lie between the first and the last one, with both."""
    return 1 + sum((size - 1) * stride for size, stride in zip(shape, strides, strict=True))


def _reach(values: NDArray[Any], strides: Sequence[int], axis: int) -> int:
    return strides[axis] if values.shape[axis] > 1 else -1
