"""The bits of weights, as they are stored and as the portable engine draws them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fanwise.core import sampler
from fanwise.core.dtypes import NAMES, bfloat16_bits, format_of
from fanwise.spec.resolved import Resolved

Bits = NDArray[np.unsignedinteger[Any]]
Floats = NDArray[np.float64]
#: A block of a weight: a slice for each of its axes.
Where = tuple[slice, ...]

BFLOAT16: Final = "bfloat16"
#: What a dtype of weights is compared in.
_UNSIGNED: Final = {"float16": np.uint16, BFLOAT16: np.uint16, "float32": np.uint32}


def is_drawn(dtype: str) -> bool:
    """Tell whether the portable engine draws a dtype."""
    return dtype in NAMES


def stored_bits(values: NDArray[Any], dtype: str) -> Bits:
    """Return the bits of values as they were read.

    Args:
        values: of the dtype; where NumPy does not have it, as float32.
        dtype: one of the four dtypes of weights.
    """
    native = np.asarray(values, order="C")
    if not native.dtype.isnative:
        native = native.astype(native.dtype.newbyteorder("="))
    if dtype == BFLOAT16 and native.dtype == np.float32:
        return np.asarray((native.view(np.uint32) >> np.uint32(16)).astype(np.uint16))
    return native.view(_UNSIGNED.get(dtype, np.uint64))


def numbers(bits: Bits, dtype: str) -> Floats:
    """Return what bits of a dtype stand for, in float64."""
    if dtype == BFLOAT16:
        wide = np.asarray(bits.astype(np.uint32) << np.uint32(16))
        return np.asarray(wide.view(np.float32).astype(np.float64))
    return np.asarray(bits.view(np.dtype(dtype)).astype(np.float64))


def bits_of_numbers(values: NDArray[Any], dtype: str) -> Bits:
    """Round numbers to nearest even into a dtype, and return its bits."""
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        if dtype == BFLOAT16:
            return np.asarray(bfloat16_bits(np.asarray(values, np.float32)))
        return stored_bits(np.asarray(values).astype(dtype), dtype)


@dataclass(frozen=True)
class StreamDraw:
    """What the portable engine draws a weight from.

    Attributes:
        resolved: the scheme on the shape of the weight.
        seed, path: they choose the stream.
        zero_row: a row that is zero whatever is drawn.
    """

    resolved: Resolved
    seed: int
    path: str | None
    zero_row: int | None = None

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the weight."""
        return self.resolved.shape

    def bits(self, dtype: str, where: Where) -> Bits:
        """Return the bits of a block.

        Args:
            dtype: one of the four dtypes of weights.
            where: the block.
        """
        into = format_of(dtype)
        out = np.empty([part.stop - part.start for part in where], into.storage)
        sampler.draw(
            self.resolved, seed=self.seed, path=self.path, dtype=dtype, index=where, out=out
        )
        row = self.zero_row
        if row is not None and where and where[0].start <= row < where[0].stop:
            out[row - where[0].start] = 0
        return out.view(_UNSIGNED.get(dtype, np.uint64))

    def whole_bits(self, dtype: str) -> Bits:
        """Return the bits of all of it."""
        return self.bits(dtype, tuple(slice(0, size) for size in self.shape))

    def exact(self, where: Where) -> Floats:
        """Return the numbers of a block as they are drawn in float64."""
        return numbers(self.bits("float64", where), "float64")

    def on(self, seed: int, path: str | None) -> StreamDraw:
        """Return the draw of the same law on another stream."""
        return replace(self, seed=seed, path=path)


def along(shape: Sequence[int], axis: int, first: Sequence[int], most: int) -> Where:
    """Return a block that has all of one axis, and about an element as much of the others.

    Args:
        shape: of the weight.
        axis: the axis.
        first: the index of the element.
        most: the number of elements.
    """
    others = [1 if n == axis else size for n, size in enumerate(shape)]
    rest = corner(
        others,
        [0 if n == axis else at for n, at in enumerate(first)],
        most // max(shape[axis], 1) or 1,
    )
    return tuple(slice(0, shape[axis]) if n == axis else part for n, part in enumerate(rest))


def corner(shape: Sequence[int], first: Sequence[int], most: int) -> Where:
    """Return a block of at most so many elements about an element, wide on every axis.

    Args:
        shape: of the weight.
        first: the index of the element.
        most: the number of elements.
    """
    sizes = [min(1, size) for size in shape]
    # Axis by axis in turn, so that no order of the axes is left out of it.
    grown = True
    while grown:
        grown = False
        for axis in reversed(range(len(shape))):
            wider = min(2 * sizes[axis], shape[axis])
            if wider > sizes[axis] and math.prod(sizes) // sizes[axis] * wider <= most:
                sizes[axis], grown = wider, True
    starts = [
        max(0, min(at, size - width)) for at, size, width in zip(first, shape, sizes, strict=True)
    ]
    return tuple(slice(start, start + width) for start, width in zip(starts, sizes, strict=True))
