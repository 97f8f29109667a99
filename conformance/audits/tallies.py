"""What one pass over a weight counts and sums: all that its law is judged by, in little memory."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fanwise.adapters.stored_weights import StoredWeight, Where
from fanwise.conformance.audits.line_sums import Lines, lines_of
from fanwise.conformance.statistics.elements import CELLS, ElementLaw
from fanwise.spec.axes import Layout

Numbers = NDArray[np.float64]

#: Elements that are looked at together: as many as lie in a processor's own memory.
PIECE: Final = 1 << 17
#: Steps between neighbours, besides those along each axis.
STEPS: Final = (1, 2, 3, 4, 8, 64)


@dataclass
class Tally:
    """Counts and sums of the elements of a weight, or of several of one law.

    Elements are told in units of the law: less its mean, over its standard deviation.

    Attributes:
        n: how many elements were counted; those of rows that stay zero are not.
        unfinite: how many were no finite numbers; they are in no sum.
        first_unfinite: the index of the first of these.
        outside: how many lay beyond the support, by more than rounding explains.
        zeros: how many were zero.
        low, high: the smallest and the largest.
        at_low, at_high: how many were equal to these.
        total, squares: the sums of the elements, and of their squares.
        cells: how many lay in each cell.
        lags: of each step, the sum of the products of ranks a step apart, and their number.
        lines: sums along the axes.
        padding: how many elements of the row that stays zero are not; None where there is none.
    """

    n: int = 0
    unfinite: int = 0
    first_unfinite: tuple[int, ...] | None = None
    outside: int = 0
    zeros: int = 0
    low: float = math.inf
    high: float = -math.inf
    at_low: int = 0
    at_high: int = 0
    total: float = 0.0
    squares: float = 0.0
    cells: NDArray[np.int64] = field(default_factory=lambda: np.zeros(CELLS, np.int64))
    lags: dict[int, tuple[float, int]] = field(default_factory=dict)
    lines: tuple[Lines, ...] = ()
    padding: int | None = None

    @property
    def mean(self) -> float:
        """The mean, in units of the law."""
        return self.total / self.n

    @property
    def deviation(self) -> float:
        """The root of the mean square about the law's mean, in units of the law."""
        return math.sqrt(self.squares / self.n)

    def add(self, other: Tally) -> None:
        """Add what was counted of another weight of the same law, its lines and lags aside."""
        self.n += other.n
        self.unfinite += other.unfinite
        self.outside += other.outside
        self.zeros += other.zeros
        self._widen(other.low, other.at_low, other.high, other.at_high)
        self.total += other.total
        self.squares += other.squares
        self.cells += other.cells

    def set_padding_aside(self, element: ElementLaw) -> int | None:
        """Leave out the one row of a table that is all zeros, as that of padding is.

        Returns:
            Its number; None where no row is, or several, or where zero is not the law's mean.
        """
        rows = next((lines for lines in self.lines if lines.axes == (0,)), None)
        if rows is None or element.law.mean != 0:
            return None
        dead = np.flatnonzero(rows.squares == 0)
        if len(dead) != 1:
            return None
        row, length = int(dead[0]), rows.length
        for lines in self.lines:
            lines.leave_out(row)
        self.n -= length
        self.zeros -= length
        self.cells[int(element.cells_of(np.zeros(1))[0])] -= length
        return row

    def _widen(self, low: float, at_low: int, high: float, at_high: int) -> None:
        if low <= self.low:
            self.at_low = at_low + (self.at_low if low == self.low else 0)
            self.low = low
        if high >= self.high:
            self.at_high = at_high + (self.at_high if high == self.high else 0)
            self.high = high

    def count(self, values: NDArray[Any], element: ElementLaw, steps: Sequence[int]) -> Numbers:
        """Count the elements of a piece.

        Returns:
            The elements in units of the law; 0 for those that are not finite.
        """
        law = element.law
        low, high = float(values.min()), float(values.max())
        raw = values
        if not math.isfinite(low + high):
            finite = np.isfinite(values)
            self.unfinite += values.size - int(finite.sum())
            raw = np.where(finite, values, law.mean)
            low, high = float(raw.min()), float(raw.max())
        self.n += values.size
        self.zeros += values.size - int(np.count_nonzero(raw))
        self._widen(low, int((raw == low).sum()), high, int((raw == high).sum()))
        self._count_outside(raw, element, low, high)
        scaled: Numbers = np.subtract(raw, law.mean, dtype=np.float64)
        scaled /= law.std
        cells = element.cells_of(scaled.copy()).astype(np.int32).ravel()
        self.cells += np.bincount(cells, minlength=CELLS)
        self._count_lags(element.ranks[cells], steps)
        return scaled

    def _count_outside(
        self, raw: NDArray[Any], element: ElementLaw, low: float, high: float
    ) -> None:
        """Count what lies beyond the support, if the smallest or the largest does."""
        if not element.law.bounded:
            return
        least, most = element.law.support
        slack = 8 * element.grid.half_step * max(abs(least), abs(most))
        least, most = least - slack, most + slack
        if low < least or high > most:
            self.outside += int(((raw < least) | (raw > most)).sum())

    def _count_lags(self, ranks: Numbers, steps: Sequence[int]) -> None:
        for step in steps:
            pairs = len(ranks) // (2 * step)
            if pairs:
                apart = ranks[: pairs * 2 * step].reshape(pairs, 2, step)
                total, n = self.lags.get(step, (0.0, 0))
                products = float(np.einsum("ij,ij->", apart[:, 0], apart[:, 1]))
                self.lags[step] = total + products, n + pairs * step


def tally(stored: StoredWeight, layout: Layout, element: ElementLaw) -> Tally:
    """Count the elements of a weight in one pass.

    Args:
        stored: the weight.
        layout: of its axes.
        element: the law of its elements.
    """
    counted = Tally(lines=lines_of(layout))
    steps = steps_of(layout.shape)
    zero_row = stored.description.zero_row
    for where, piece in _pieces(stored):
        if zero_row is not None and where[0] == slice(zero_row, zero_row + 1):
            counted.padding = (counted.padding or 0) + int(np.count_nonzero(piece))
            continue
        before = counted.unfinite
        scaled = counted.count(np.atleast_1d(piece), element, steps)
        if counted.unfinite and not before:
            counted.first_unfinite = _first_unfinite(piece, where)
        squared = np.square(scaled)
        counted.total += float(scaled.sum())
        counted.squares += float(squared.sum())
        for lines in counted.lines:
            lines.add(where, scaled, squared)
    left_out = stored.absent_rows if zero_row is None else (zero_row,)
    for row in left_out:
        for lines in counted.lines:
            lines.leave_out(row)
    return counted


def steps_of(shape: Sequence[int]) -> tuple[int, ...]:
    """Return the steps between neighbours of a weight: some small ones, and along each axis."""
    along = [math.prod(shape[axis + 1 :]) for axis in range(len(shape))]
    return tuple(sorted({*STEPS, *along}))


def _pieces(stored: StoredWeight) -> Iterator[tuple[Where, NDArray[Any]]]:
    """Read a weight in small pieces, the row that stays zero in pieces of its own."""
    zero_row = stored.description.zero_row
    for where, block in stored.blocks():
        for inside, piece in _divided(where, block):
            if zero_row is None or not inside[0].start <= zero_row < inside[0].stop:
                yield inside, piece
                continue
            row = zero_row - inside[0].start
            for rows in (slice(0, row), slice(row, row + 1), slice(row + 1, len(piece))):
                if rows.start < rows.stop:
                    yield (_shifted(rows, inside[0].start), *inside[1:]), piece[rows]


def _divided(where: Where, block: NDArray[Any]) -> Iterator[tuple[Where, NDArray[Any]]]:
    """Divide a block along its first axes."""
    if block.size == 0:
        return
    if block.size <= PIECE or block.ndim == 0:
        yield where, block
        return
    axis = next(axis for axis, size in enumerate(block.shape) if size > 1)
    length = max(1, PIECE * block.shape[axis] // block.size)
    for start in range(0, block.shape[axis], length):
        cut = slice(start, min(start + length, block.shape[axis]))
        index = (slice(None),) * axis + (cut,)
        inside = (*where[:axis], _shifted(cut, where[axis].start), *where[axis + 1 :])
        yield from _divided(inside, block[index])


def _shifted(piece: slice, start: int) -> slice:
    return slice(start + piece.start, start + piece.stop)


def _first_unfinite(piece: NDArray[Any], where: Where) -> tuple[int, ...]:
    place = np.argwhere(~np.isfinite(piece))[0]
    return tuple(int(at) + part.start for at, part in zip(place, where, strict=True))
