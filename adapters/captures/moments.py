"""Sums over the values of a weight, and the moments that follow from them."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fanwise.adapters.stored_weights import StoredWeight

Values = NDArray[np.float64]

#: The bytes of a float32.
_SINGLE: Final = 4
#: Squares of larger numbers, and of smaller ones than its inverse, are no float32.
_PLAIN: Final = 1e15
#: How many values are added up in their own dtype.
_PIECE: Final = 1 << 15
#: A variance that is so small a share of the squared mean is not told by their sums.
_CANCELLED: Final = 1e-4


@dataclass(frozen=True)
class SampleMoments:
    """Moments of values, from which those of any scaled and shifted values follow.

    Attributes:
        count: how many values the mean, the deviation and the ends are of.
        mean, std: of all values.
        low, high: the smallest and the largest.
        sampled: how many values the others are of.
        centre: the mean of these.
        central: the means of the second to fourth powers of what they differ from it by.
    """

    count: int
    mean: float
    std: float
    low: float
    high: float
    sampled: int
    centre: float
    central: tuple[float, float, float]

    @property
    def square(self) -> float:
        """The mean of the squares of all values."""
        return self.std**2 + self.mean**2

    def about(self, centre: float, scale: float) -> tuple[float, float, float, float]:
        """Return the means of the first to fourth powers of (values - centre) / scale."""
        first = (self.mean - centre) / scale
        second = (self.std / scale) ** 2 + first**2
        shift = (self.centre - centre) / scale
        b, c, d = (m / scale**power for power, m in enumerate(self.central, 2))
        third = c + 3 * shift * b + shift**3
        fourth = d + 4 * shift * c + 6 * shift**2 * b + shift**4
        return first, second, third, fourth


@dataclass
class Sums:
    """Sums over all values of a weight, and over all builds.

    Attributes:
        count, first, second: how many there are, their sum, and that of their squares.
        low, high: the smallest and the largest.
        lengths: the root of the sum of the squares of each build.
    """

    count: int = 0
    first: float = 0.0
    second: float = 0.0
    low: float = math.inf
    high: float = -math.inf
    lengths: list[float] = field(default_factory=list)

    def add(self, stored: StoredWeight) -> None:
        """Add the values of a build."""
        before = self.second
        self._add(stored)
        self.lengths.append(math.sqrt(max(self.second - before, 0.0)))

    def _add(self, stored: StoredWeight) -> None:
        for _, block in stored.blocks():
            flat = block.reshape(-1)
            if flat.dtype.itemsize < _SINGLE:
                flat = flat.astype(np.float32)
            if not flat.size:
                continue
            # In pieces that float32 adds up well; the sums of the pieces are float64.
            low, high = float(flat.min()), float(flat.max())
            largest = max(-low, high)
            is_plain = 1 / _PLAIN < largest < _PLAIN
            for start in range(0, flat.size, _PIECE):
                piece = flat[start : start + _PIECE]
                if not is_plain:
                    piece = piece.astype(np.float64)
                self.first += float(piece.sum())
                self.second += float(np.dot(piece, piece))
            self.low, self.high = min(self.low, low), max(self.high, high)
            self.count += flat.size

    def moments(self, sample: Values, zeros: float) -> SampleMoments | None:
        """Return the moments of what is drawn; None where it is not finite.

        Args:
            sample: some of what is drawn.
            zeros: the share of the values that are zero under every seed.
        """
        count = round(self.count * (1 - zeros))
        if not (math.isfinite(self.second) and sample.size and count):
            return None
        mean = self.first / count
        variance = self.second / count - mean**2
        centre = float(sample.mean())
        apart = sample - centre
        square = apart * apart
        central = (
            float(square.mean()),
            float((square * apart).mean()),
            float((square * square).mean()),
        )
        if variance < _CANCELLED * mean**2:
            # The sums of squares are no longer exact enough.
            variance = central[0]
        std = math.sqrt(max(variance, 0.0))
        return SampleMoments(count, mean, std, self.low, self.high, sample.size, centre, central)
