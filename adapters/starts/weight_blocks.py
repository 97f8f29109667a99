"""The blocks of weights, by where their numbers come from: the stream, or a model."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fanwise.adapters.files.numbers import NUMBERS
from fanwise.adapters.starts.cells import Where
from fanwise.adapters.starts.spilled_blocks import SpilledBlocks
from fanwise.core import sampler
from fanwise.core.dtypes import bfloat16_bits, format_of
from fanwise.core.fill import rounded_constant
from fanwise.core.orthogonal import matrices_of
from fanwise.core.orthogonal_blocks import cheap_blocks, is_in_blocks
from fanwise.spec.axes import Layout
from fanwise.spec.laws import ConstantLaw, StructuredLaw
from fanwise.spec.resolved import Resolved

#: What is made together of so many elements would take 100 MiB while it is.
_LARGE: Final = 10 << 20

#: An axis, and a place on it where all is zero, whatever is drawn.
Row = tuple[int, int]


class DrawnBlocks:
    """A weight that the portable engine draws.

    Args:
        resolved: its scheme, on its shape.
        seed, path: they choose the stream.
        dtype: of its elements, one of the four.
        zero_row: what of it stays zero; None where nothing does.
    """

    def __init__(
        self, resolved: Resolved, seed: int, path: str, dtype: str, zero_row: Row | None = None
    ) -> None:
        self._resolved, self._seed, self._path = resolved, seed, path
        self._format, self._zero_row = format_of(dtype), zero_row
        law = resolved.law
        self._constant = rounded_constant(law, dtype) if isinstance(law, ConstantLaw) else None
        # Its elements are made together, so that a block takes all of it.
        self._whole: WholeBlocks | SpilledBlocks | None = None
        if isinstance(law, StructuredLaw):
            self._whole = self._spilled(law) if is_spilled(law) else WholeBlocks(self.whole)

    def write(self, where: Where, out: NDArray[Any]) -> None:
        """Write a block: see :class:`fanwise.adapters.starts.start_tensors.Blocks`."""
        if self._whole is not None:
            self._whole.write(where, out)
            return
        self._draw(where, out)
        self._clear(where, out)

    @property
    def is_whole(self) -> bool:
        """Whether its elements are made together."""
        return self._whole is not None

    def release(self) -> None:
        """Let go of the whole weight, if it was drawn."""
        if self._whole is not None:
            self._whole.release()

    def whole(self) -> NDArray[Any]:
        """Draw all of it, in its shape."""
        out = np.empty(self._resolved.shape, self._format.storage)
        self._draw(None, out)
        self._clear(tuple(slice(0, length) for length in out.shape), out)
        return out

    def _spilled(self, law: StructuredLaw) -> SpilledBlocks:
        def draw(where: Where, out: NDArray[Any]) -> None:
            self._draw(where, out)
            self._clear(where, out)

        return SpilledBlocks(
            self._resolved.shape, self._format.storage, lambda: cheap_blocks(law), draw
        )

    def _draw(self, where: Where | None, out: NDArray[Any]) -> None:
        if self._constant is not None:
            out[...] = self._constant
            return
        sampler.write(
            out, self._resolved, where, seed=self._seed, path=self._path, into=self._format
        )

    def _clear(self, where: Where, out: NDArray[Any]) -> None:
        if self._zero_row is None:
            return
        axis, row = self._zero_row
        if where[axis].start <= row < where[axis].stop:
            out[(slice(None),) * axis + (row - where[axis].start,)] = 0


def is_spilled(law: StructuredLaw) -> bool:
    """Tell whether a weight is made by blocks, as its elements are many and made together."""
    return law.layout.size >= _LARGE and is_in_blocks(law)


def stored_as(resolved: Resolved, there: Layout) -> Resolved | None:
    """Return a weight in another order of storage; None where that has to be made of the whole.

    Args:
        resolved: its scheme, on the shape that a recipe sees.
        there: the shape in which it is stored, with as many elements in the same canonical order.
    """
    law = resolved.law
    if isinstance(law, StructuredLaw):
        moved = replace(law, layout=there)
        if not is_spilled(law) or not is_spilled(moved):
            return None
        if matrices_of(there) != matrices_of(law.layout):
            return None
        law = moved
    return Resolved(resolved.scheme, there, law)


class WholeBlocks:
    """An array that is made as a whole, and kept from its first block to its last.

    Args:
        make: makes it, in storage: uint16 for bfloat16.
    """

    is_whole = True

    def __init__(self, make: Callable[[], NDArray[Any]]) -> None:
        self._make, self._lock = make, threading.Lock()
        self._made: NDArray[Any] | None = None

    def write(self, where: Where, out: NDArray[Any]) -> None:
        """Write a block: see :class:`fanwise.adapters.starts.start_tensors.Blocks`."""
        with self._lock:
            if self._made is None:
                self._made = np.asarray(self._make())
            made = self._made
        out[...] = made[where]

    def release(self) -> None:
        """Let go of it."""
        with self._lock:
            self._made = None


class CopiedBlocks:
    """A tensor that is copied from where its values are.

    Args:
        read: gives a block of it, as NumPy has its numbers.
        dtype: of its elements in the copy.
    """

    is_whole = False

    def __init__(self, read: Callable[[Where], NDArray[Any]], dtype: str) -> None:
        self._read, self._dtype = read, dtype

    def write(self, where: Where, out: NDArray[Any]) -> None:
        """Write a block: see :class:`fanwise.adapters.starts.start_tensors.Blocks`."""
        out[...] = in_storage(np.asarray(self._read(where)), self._dtype).reshape(out.shape)

    def release(self) -> None:
        """Do nothing: the model keeps its values."""


def in_storage(values: NDArray[Any], dtype: str) -> NDArray[Any]:
    """Bring numbers into what a dtype is stored in, rounded to nearest even.

    Args:
        values: as NumPy has them; bfloat16 as float32.
        dtype: of the result, stored as uint16 where it is bfloat16.
    """
    if dtype == "bfloat16":
        return np.asarray(bfloat16_bits(np.asarray(values, np.float32)))
    with np.errstate(over="ignore", under="ignore"):
        return values.astype(NUMBERS[dtype].storage.newbyteorder("="), copy=False)


def is_copyable(dtype: str) -> bool:
    """Tell whether values of a dtype can be copied to the bit, from what NumPy has of them."""
    return dtype in NUMBERS and not dtype.startswith("float8")
