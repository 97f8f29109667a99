"""A weight whose bits are not those of its seed and path, and what of it is looked at."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fanwise.adapters.stored_weights import StoredWeight
from fanwise.conformance.audits.known_faults.bit_patterns import (
    Bits,
    Floats,
    StreamDraw,
    Where,
    corner,
    numbers,
    stored_bits,
)

#: So many elements are looked at for each fault, and so many to confirm it.
PROBED: Final = 1 << 10
CONFIRMED: Final = 1 << 20
#: So many different values must agree, or their agreement may be chance.
EVIDENCE: Final = 4


@dataclass(frozen=True)
class KnownFault:
    """A fault that was recognized.

    Attributes:
        name: of it.
        note: what it means for this weight.
        path: under which it was drawn, where that is the path of another weight.
    """

    name: str
    note: str = ""
    path: str = ""


@dataclass(frozen=True)
class DeviatingWeight:
    """A weight whose bits are not those that were expected.

    Attributes:
        stored: the weight.
        draw: what it should have been drawn from.
        differing: how many elements differ.
        first, last: the indices of the first and the last of them.
    """

    stored: StoredWeight
    draw: StreamDraw
    differing: int
    first: tuple[int, ...]
    last: tuple[int, ...]

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
    def probed(self) -> Bits:
        """The bits in the probe."""
        return self.bits(self.probe)

    @cached_property
    def held(self) -> Bits:
        """The bits in the window."""
        return self.bits(self.window)

    @cached_property
    def expected(self) -> Bits:
        """The bits that should be in the window."""
        return self.draw.bits(self.dtype, self.window)

    @cached_property
    def values(self) -> Floats:
        """The numbers in the window."""
        return numbers(self.held, self.dtype)

    @cached_property
    def differs(self) -> NDArray[np.bool_]:
        """Which elements of the window differ."""
        return np.asarray(self.held != self.expected)

    @cached_property
    def tells(self) -> bool:
        """Whether it has enough different values to recognize a draw by."""
        return len(np.unique(self.probed)) >= EVIDENCE

    def bits(self, where: Where) -> Bits:
        """Return the bits of a block."""
        return stored_bits(self.stored.block(where), self.dtype)

    def is_drawn_by(self, draw: StreamDraw) -> bool:
        """Tell whether another draw gives the bits: of the probe, and then of the window."""
        return (
            self.tells
            and np.array_equal(self.probed, draw.bits(self.dtype, self.probe))
            and np.array_equal(self.held, draw.bits(self.dtype, self.window))
        )
