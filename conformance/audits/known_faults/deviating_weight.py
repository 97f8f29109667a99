"""A weight whose bits are not those of its seed and path, and what of it is looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from fanwise.conformance.audits.known_faults.bit_patterns import (
    Bits,
    Draw,
    Floats,
    Where,
    corner,
    numbers,
    stored_bits,
)
from fanwise.adapters.stored_weights import StoredWeight

#: So many elements are looked at for each fault, and so many to confirm it.
PROBED: Final = 1 << 10
CONFIRMED: Final = 1 << 20
#: So many different values must agree, or their agreement may be chance.
EVIDENCE: Final = 4


@dataclass(frozen=True)
class Found:
    """A known fault.

    Attributes:
        fault: its name.
        note: what it means for this weight.
    """

    fault: str
    note: str = ""


@dataclass(frozen=True)
class DeviatingWeight:
    """A weight whose bits are not those that were expected.

    Attributes:
        stored: the weight.
        draw: what it should have been drawn from.
        number: its place among the weights of the model.
        differing: how many elements differ.
        first, last: the indices of the first and the last of them.
        paths: of all weights of the model, each with its place.
    """

    stored: StoredWeight
    draw: Draw
    number: int
    differing: int
    first: tuple[int, ...]
    last: tuple[int, ...]
    paths: Mapping[str, int]

    @property
    def dtype(self) -> str:
        """The dtype that it is stored in."""
        return self.stored.dtype

    @property
    def size(self) -> int:
        """The number of its elements."""
        return self.stored.size

    @cached_property
    def probe(self) -> Where:
        """A small block of it about the first element that differs."""
        return corner(self.draw.shape, self.first, PROBED)

    @cached_property
    def window(self) -> Where:
        """A large block of it about the first element that differs, often all of it."""
        return corner(self.draw.shape, self.first, CONFIRMED)

    @cached_property
    def held(self) -> Bits:
        """The bits in the window."""
        return self.read(self.window)

    @cached_property
    def probed(self) -> Bits:
        """The bits in the probe."""
        return self.read(self.probe)

    @cached_property
    def values(self) -> Floats:
        """The numbers in the window."""
        return numbers(self.held, self.dtype)

    @cached_property
    def tells(self) -> bool:
        """Whether the probe has enough different values to recognize a draw by."""
        return len(np.unique(self.probed)) >= min(EVIDENCE, self.size) and self.size >= EVIDENCE

    def read(self, where: Where) -> Bits:
        """Return the bits of a block."""
        block = np.zeros([part.stop - part.start for part in where], self.stored_values_dtype)
        return stored_bits(self.stored.read(where), self.dtype) if block.size else block

    def is_drawn_by(self, draw: Draw) -> bool:
        """Tell whether another draw gives the bits: of the probe, and then of the window."""
        return self.holds(self.probe, draw.bits(self.dtype, self.probe)) and self.holds(
            self.window, draw.bits(self.dtype, self.window)
        )

    def holds(self, where: Where, bits: Bits) -> bool:
        """Tell whether a block of the weight has these bits."""
        held = self.probed if where is self.probe else self.held
        return bool(np.array_equal(held, bits))
