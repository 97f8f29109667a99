"""The numbers that a dtype has, where its rounding moves a law enough to be seen."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Grid:
    """The finite numbers of a dtype of floats.

    Attributes:
        name: of the dtype, as NumPy or ml_dtypes has it.
        digits: the bits of a significand behind its first.
        least: the exponent of the smallest normal number; below it the steps stay as they are.
        largest: the largest number.
    """

    name: str
    digits: int
    least: int
    largest: float

    @property
    def half_step(self) -> float:
        """The largest relative error of rounding a normal number."""
        return 2.0 ** -(self.digits + 1)

    def steps(self, numbers: Numbers) -> Numbers:
        """Return how far the numbers of the grid lie apart, just above such sizes."""
        sizes = np.maximum(np.abs(numbers), 2.0**self.least)
        exponents = np.frexp(sizes)[1] - 1
        steps: Numbers = np.ldexp(1.0, exponents - self.digits)
        return steps

    def below(self, numbers: Numbers) -> Numbers:
        """Return the largest number of the grid that is no larger, for each number."""
        steps = self.steps(numbers)
        return np.floor(numbers / steps) * steps

    def above(self, numbers: Numbers) -> Numbers:
        """Return the next number of the grid, for each number of it."""
        # Just below a power of two, seen from zero, the steps are half as large.
        nearer = np.where(numbers < 0, np.nextafter(numbers, 0), numbers)
        return numbers + self.steps(nearer)

    def middles(self, numbers: Numbers) -> Numbers:
        """Return up to where what is no larger than these numbers has been rounded from."""
        lower = self.below(numbers)
        return (lower + self.above(lower)) / 2

    def nearest(self, value: float) -> tuple[float, float]:
        """Return the two numbers of the grid about a value; the same twice where it is one."""
        if not math.isfinite(value):
            return value, value
        lower = float(self.below(np.array(value)))
        return lower, lower if lower == value else float(self.above(np.array(lower)))

    def numbers(self, low: float, high: float, finest: float) -> Numbers:
        """Return the numbers of the grid in an interval, those below a size by a coarser grid.

        Args:
            low, high: the interval.
            finest: in numbers smaller than this no finer steps are made than at it.
        """
        steps = float(self.steps(np.array(finest)))
        top = min(max(abs(low), abs(high)), self.largest)
        edge = 2.0 ** math.floor(math.log2(max(finest, 2.0**self.least)))
        sizes = [np.arange(0.0, min(edge, top) + steps, steps)]
        while edge <= top:
            sizes.append(edge + np.arange(1 << self.digits) * (edge * 2.0**-self.digits))
            edge *= 2
        every = np.unique(np.concatenate(sizes))
        both = np.unique(np.concatenate([-every, every]))
        return both[(both >= low) & (both <= high)]


_GRIDS: Final = tuple(
    Grid(name, digits, least, largest)
    for name, digits, least, largest in (
        ("float64", 52, -1022, float(np.finfo(np.float64).max)),
        ("float32", 23, -126, float(np.finfo(np.float32).max)),
        ("float16", 10, -14, 65504.0),
        ("bfloat16", 7, -126, (2.0 - 2.0**-7) * 2.0**127),
        ("float8_e3m4", 4, -2, 15.5),
        ("float8_e4m3", 3, -6, 240.0),
        ("float8_e4m3fn", 3, -6, 448.0),
        ("float8_e4m3fnuz", 3, -7, 240.0),
        ("float8_e4m3b11fnuz", 3, -10, 30.0),
        ("float8_e5m2", 2, -14, 57344.0),
        ("float8_e5m2fnuz", 2, -15, 57344.0),
        ("float6_e2m3fn", 3, 0, 7.5),
        ("float6_e3m2fn", 2, -2, 28.0),
        ("float4_e2m1fn", 1, 0, 6.0),
    )
)
#: Of the dtypes whose numbers can be judged.
GRIDS: Final = {grid.name: grid for grid in _GRIDS}
