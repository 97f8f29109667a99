"""A weight drawn block by block, in the order of its file: it need not fit into memory."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fanwise.core.blocks import Index, block_shape, checked_index
from fanwise.core.dtypes import Format
from fanwise.core.sampler import check_law, write
from fanwise.spec.errors import FanwiseError, Phrase
from fanwise.spec.laws import StructuredLaw
from fanwise.spec.resolved import Resolved

#: Elements drawn at a time: enough for every thread, and little memory.
_ELEMENTS: Final = 1 << 22
#: A structured weight is drawn as a whole: so many times its float64 size is used at the most.
_WHOLE: Final = 4
_MEMORY: Final = Path("/proc/meminfo")


@dataclass(frozen=True, kw_only=True)
class WeightBlocks:
    """A weight, or a part of it, to be drawn block by block.

    Attributes:
        resolved: the scheme on the shape of the whole weight.
        index: of the part, a slice for each axis with a positive step.
        seed, path: they choose the stream.
        into: the dtype.
    """

    resolved: Resolved
    index: Index
    seed: int
    path: str | None
    into: Format

    @classmethod
    def of(
        cls,
        resolved: Resolved,
        index: tuple[slice, ...] | None,
        *,
        seed: int,
        path: str | None,
        into: Format,
    ) -> WeightBlocks:
        """Check what is to be drawn, before anything is.

        Raises:
            FanwiseError: for an index that does not fit, a law that cannot be drawn, and a weight
                for which the memory will not do.
        """
        check_law(resolved.law, into.name)
        part = checked_index(index, resolved.shape)
        weight = cls(resolved=resolved, index=part, seed=seed, path=path, into=into)
        if isinstance(resolved.law, StructuredLaw):
            _check_memory(_WHOLE * 8 * resolved.layout.size, resolved.shape)
        return weight

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of what is drawn."""
        return block_shape(self.index, self.resolved.shape)

    @property
    def bytes(self) -> int:
        """The size of what is drawn."""
        return math.prod(self.shape) * self.into.storage.itemsize

    def __iter__(self) -> Iterator[NDArray[Any]]:
        """Draw it: in C order, each block right behind the last one."""
        if isinstance(self.resolved.law, StructuredLaw):
            yield self._drawn(self.index)
            return
        for block in _cut(self.shape):
            spans = zip(self.index, self.resolved.shape, block, strict=True)
            yield self._drawn(tuple(_within(part, size, cut) for part, size, cut in spans))

    def corner(self, rows: int, columns: int) -> list[list[float]]:
        """Draw the beginning of it: of its last two axes the first rows and columns."""
        ends = ([1] * len(self.shape) + [rows, columns])[-len(self.shape) :] if self.shape else []
        spans = zip(self.index, self.resolved.shape, ends, strict=True)
        drawn = self._drawn(tuple(_within(part, size, slice(end)) for part, size, end in spans))
        if self.into.name == "bfloat16":
            drawn = (drawn.astype(np.uint32) << np.uint32(16)).view(np.float32)
        lines: list[list[float]] = drawn.reshape(-1, drawn.shape[-1] if drawn.ndim else 1).tolist()
        return lines

    def _drawn(self, index: Index) -> NDArray[Any]:
        out = np.empty(block_shape(index, self.resolved.shape), self.into.storage)
        write(out, self.resolved, index, seed=self.seed, path=self.path, into=self.into)
        return out


def _cut(shape: tuple[int, ...]) -> Iterator[Index]:
    """Cut a shape into blocks that lie one behind the other in C order."""
    trailing = [math.prod(shape[axis + 1 :]) for axis in range(len(shape))]
    at = next((axis for axis, size in enumerate(trailing) if size <= _ELEMENTS), None)
    if at is None or 0 in shape:
        yield (slice(None),) * len(shape)
        return
    step = max(1, _ELEMENTS // max(trailing[at], 1))
    rest = (slice(None),) * (len(shape) - at - 1)
    for lead in itertools.product(*map(range, shape[:at])):
        first = tuple(slice(i, i + 1) for i in lead)
        for start in range(0, shape[at], step):
            yield (*first, slice(start, min(start + step, shape[at])), *rest)


def _within(part: slice, size: int, cut: slice) -> slice:
    """Return the slice of an axis that is a slice of one of its slices."""
    span = range(*part.indices(size))[cut]
    return slice(span.start, span.stop, span.step)


def _check_memory(needed: int, shape: tuple[int, ...]) -> None:
    """Raise where a weight takes more memory than there is; where nobody says, try."""
    if not _MEMORY.is_file():
        return
    lines = dict(line.split(":", 1) for line in _MEMORY.read_text().splitlines() if ":" in line)
    words = lines.get("MemAvailable", "").split()
    if words and needed > (free := int(words[0]) << 10):
        received = Phrase(f"{shape}, which takes about {needed / 1e9:.3g} GB to draw as a whole")
        hint = "Ask for a smaller one, or for a scheme that is drawn element by element."
        raise FanwiseError(f"a shape for the {free / 1e9:.3g} GB of free memory", received, hint)
