"""What is counted of every element of a weight, block by block."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

#: How many elements are counted at a time: as many as stay in a processor's cache.
PIECE: Final = 1 << 16
#: The numbers that a float32's exponent can be, and those of what is not finite or denormal.
EXPONENTS: Final = 256
NOT_FINITE: Final = EXPONENTS - 1
#: The exponent of 1.
BIAS: Final = 127
#: All bits of a float32 but its sign; the bits of its mantissa.
MAGNITUDE: Final = np.uint32(0x7FFFFFFF)
MANTISSA_BITS: Final = 23


@dataclass
class Counts:
    """What is counted.

    Attributes:
        n: elements.
        exponents: how many elements have each exponent of float32; zeros and denormals at 0.
        zeros, nans, above, below: zeros, NaN, infinities of either sign.
        low, high: the least and the largest finite number.
        at_low, at_high: how many elements are equal to it.
        total, squares: the sum of the finite elements, and of their squares.
        bits: every bit that is set in some element, as a float32, the sign left out.
    """

    n: int = 0
    exponents: NDArray[np.int64] = field(default_factory=lambda: np.zeros(EXPONENTS, np.int64))
    zeros: int = 0
    nans: int = 0
    above: int = 0
    below: int = 0
    low: float = np.inf
    high: float = -np.inf
    at_low: int = 0
    at_high: int = 0
    total: float = 0.0
    squares: float = 0.0
    bits: int = 0

    def add(self, piece: NDArray[np.float32]) -> None:
        """Count the elements of a flat piece."""
        words = piece.view(np.uint32)
        exponents = np.bincount((words >> MANTISSA_BITS) & NOT_FINITE, minlength=EXPONENTS)
        self.n += piece.size
        self.exponents += exponents
        self.zeros += piece.size - int(np.count_nonzero(piece))
        if exponents[NOT_FINITE]:
            self.nans += int(np.isnan(piece).sum())
            self.above += int((piece == np.inf).sum())
            self.below += int((piece == -np.inf).sum())
            piece = piece[np.isfinite(piece)]
        if not piece.size:
            return
        self.bits |= int(np.bitwise_or.reduce(piece.view(np.uint32) & MAGNITUDE))
        self._meet_ends(piece)
        wide = piece.astype(np.float64)
        self.total += float(wide.sum())
        self.squares += float(wide @ wide)

    def _meet_ends(self, piece: NDArray[np.float32]) -> None:
        low, high = float(piece.min()), float(piece.max())
        if low < self.low:
            self.low, self.at_low = low, 0
        if high > self.high:
            self.high, self.at_high = high, 0
        if low == self.low:
            self.at_low += int((piece == low).sum())
        if high == self.high:
            self.at_high += int((piece == high).sum())

    def leave_zeros(self, number: int) -> None:
        """Count so many zeros no more."""
        self.n -= number
        self.zeros -= number
        self.exponents[0] -= number

    @property
    def finite(self) -> int:
        """How many elements are finite."""
        return self.n - int(self.exponents[NOT_FINITE])

    @property
    def denormals(self) -> int:
        """How many elements are smaller than float32's normal numbers, and not zero."""
        return int(self.exponents[0]) - self.zeros

    @property
    def is_constant(self) -> bool:
        """Whether all elements are one finite number."""
        return self.finite == self.n and self.low == self.high

    @property
    def mean(self) -> float:
        """The mean of the finite elements."""
        return self.total / max(self.finite, 1)

    @property
    def std(self) -> float:
        """The standard deviation of the finite elements."""
        return float(np.sqrt(max(self.squares / max(self.finite, 1) - self.mean**2, 0.0)))

    @property
    def spare_bits(self) -> int:
        """How many of the last bits of the mantissa are zero in every element."""
        return MANTISSA_BITS if not self.bits else (self.bits & -self.bits).bit_length() - 1


def as_singles(values: NDArray[Any]) -> NDArray[np.float32]:
    """Return numbers as contiguous float32, in their order.

    Of float64, what is finite and too large for float32 becomes infinite.
    """
    with np.errstate(over="ignore", invalid="ignore", under="ignore"):
        return np.ascontiguousarray(values, np.float32).reshape(-1)
