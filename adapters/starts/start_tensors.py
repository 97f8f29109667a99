"""A tensor of a start, of which any part can be drawn without the rest."""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from fanwise.adapters.files.numbers import NUMBERS
from fanwise.adapters.starts.cells import Where, cells_of

#: The last letter of a start's files is that of the low byte, whatever the machine.
_IS_LITTLE: Final = sys.byteorder == "little"


class Blocks(Protocol):
    """What gives any block of an array, as often as it is asked."""

    @property
    def is_whole(self) -> bool:
        """Whether a block takes all of the array to be in memory, until it is released."""
        ...

    def write(self, where: Where, out: NDArray[Any]) -> None:
        """Write a block.

        Args:
            where: the block: a slice with both ends for each axis.
            out: memory of its shape, of the dtype that it is stored in (uint16 for bfloat16), with
                any strides.
        """
        ...

    def release(self) -> None:
        """Let go of what was kept for the next block."""
        ...


@dataclass(frozen=True)
class StartPart:
    """What a block of a tensor holds: a block of a weight.

    Attributes:
        at: the block of the tensor, a slice with both ends for each of its axes.
        axes: those of its axes that the weight has too.
        source: the weight.
        part: the block of the weight; as long as ``at`` on the axes that both have, and of length
            one on those that the tensor has not.
        own_axes: the axes of the weight that the tensor has too.
    """

    at: Where
    axes: tuple[int, ...]
    source: Blocks
    part: Where
    own_axes: tuple[int, ...]

    def write(self, where: Where, out: NDArray[Any]) -> None:
        """Write what it has of a block of the tensor.

        Args:
            where: the block.
            out: memory of it.
        """
        common = [
            (max(here.start, wanted.start), min(here.stop, wanted.stop))
            for here, wanted in zip(self.at, where, strict=True)
        ]
        if any(first >= last for first, last in common):
            return
        inside = tuple(
            slice(first - wanted.start, last - wanted.start)
            for (first, last), wanted in zip(common, where, strict=True)
        )
        block = list(self.part)
        for axis, own in zip(self.axes, self.own_axes, strict=True):
            first, last = common[axis]
            moved = self.part[own].start - self.at[axis].start
            block[own] = slice(first + moved, last + moved)
        # A view, as only axes of length one come or go; and by the dots, where there are no axes.
        here: Any = (*inside, ...)
        view = out[here].reshape([part.stop - part.start for part in block])
        self.source.write(tuple(block), view)


@dataclass(frozen=True)
class StartTensor:
    """A tensor as a start's file holds it.

    Attributes:
        name: in the file.
        shape: of it.
        dtype: of its elements, by the name that NumPy or ml_dtypes has for it.
        parts: what its blocks hold; together they cover it.
        paths: canonical, of the weights that are drawn into it.
        is_copied: whether some of it is copied from a model, so that the recipe alone does not
            tell its bytes.

    Examples:
        >>> from fanwise.adapters.starts.weight_blocks import DrawnBlocks
        >>> from fanwise.spec.registry import scheme
        >>> from fanwise.spec.resolved import resolve
        >>> weight = DrawnBlocks(resolve(scheme("ones"), (2, 3)), 0, "kernel", "float32")
        >>> tensor = StartTensor.of("weight", (2, 3), "float32", weight)
        >>> memory = np.empty(4, tensor.storage)
        >>> tensor.fill(1, memory)
        >>> memory.tolist()
        [1.0, 1.0, 1.0, 1.0]
    """

    name: str
    shape: tuple[int, ...]
    dtype: str
    parts: tuple[StartPart, ...] = field(repr=False)
    paths: tuple[str, ...] = ()
    is_copied: bool = False

    @classmethod
    def of(
        cls,
        name: str,
        shape: Sequence[int],
        dtype: str,
        source: Blocks,
        paths: tuple[str, ...] = (),
        *,
        is_copied: bool = False,
    ) -> StartTensor:
        """Make a tensor that is all of one weight, in its shape."""
        whole, axes = whole_of(shape), tuple(range(len(shape)))
        part = StartPart(whole, axes, source, whole, axes)
        return cls(name, tuple(shape), dtype, (part,), paths, is_copied)

    @property
    def size(self) -> int:
        """The number of its elements."""
        return math.prod(self.shape)

    @property
    def storage(self) -> np.dtype[Any]:
        """The dtype that NumPy has its elements in, with the bytes in the order of this machine."""
        return NUMBERS[self.dtype].storage.newbyteorder("=")

    @property
    def nbytes(self) -> int:
        """The number of its bytes."""
        return self.size * self.storage.itemsize

    @property
    def is_whole(self) -> bool:
        """Whether some of it is made as a whole, and in memory until it is released."""
        return any(part.source.is_whole for part in self.parts)

    def fill(self, first: int, out: NDArray[Any]) -> None:
        """Write consecutive elements as the file has them, the low byte first.

        Args:
            first: the place of the first, in row-major order.
            out: contiguous memory of one axis, of the dtype :attr:`storage`; as many elements are
                written as it holds.
        """
        at = 0
        for cell in cells_of(self.shape, first, out.size):
            lengths = [part.stop - part.start for part in cell]
            size = math.prod(lengths)
            self.write(cell, out[at : at + size].reshape(lengths))
            at += size
        if not _IS_LITTLE:
            out.byteswap(inplace=True)

    def write(self, where: Where, out: NDArray[Any]) -> None:
        """Write a block, with its bytes in the order of this machine.

        Args:
            where: the block: a slice with both ends for each axis.
            out: memory of its shape, of the dtype :attr:`storage`.
        """
        for part in self.parts:
            part.write(where, out)

    def block(self, where: Where) -> NDArray[Any]:
        """Return a block in memory of its own: as :meth:`write`."""
        out = np.empty([part.stop - part.start for part in where], self.storage)
        self.write(where, out)
        return out

    def release(self) -> None:
        """Let go of what was kept for the next block."""
        for part in self.parts:
            part.source.release()


def whole_of(shape: Sequence[int]) -> Where:
    """Return the block that is all of an array."""
    return tuple(slice(0, length) for length in shape)
