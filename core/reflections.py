"""Householder reflections by panels: the steps of an orthonormal matrix, in NumPy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fanwise.core.dtypes import Floats, empty
from fanwise.core.order import store

Matrix = NDArray[np.float64]

#: Rows and columns of a tile, and reflections of a panel, at most. All products are of tiles: no
#: library of linear algebra shares so small ones out over its threads, so their number changes no
#: sum. The tiles of some columns fit a core's cache together, and are the work of a thread.
_LARGEST: Final = 64
#: What the sides of a tile are multiples of: two vectors of the widest kind. Of so many
#: reflections the factor is made one by one.
_STEP: Final = 16


@dataclass(frozen=True, slots=True)
class Tiling:
    """How a matrix is cut into tiles: by its shape alone, so that nothing else changes a sum.

    Attributes:
        rows, columns: of the matrix, which is not wide.
        panels: of reflections, side by side.
        tiles: below each other; what they hold beyond the matrix is zero, and changes nothing.
        height, width: of a tile; a panel begins so many rows below the one before.
    """

    rows: int
    columns: int
    panels: int
    tiles: int
    height: int
    width: int

    @classmethod
    def of(cls, rows: int, columns: int) -> Tiling:
        """Cut a matrix of some shape."""
        panels = -(-columns // _LARGEST)
        width = _side(columns, panels)
        if panels > 1:
            return cls(rows, columns, panels, -(-rows // width), width, width)
        tiles = -(-rows // _LARGEST)
        return cls(rows, columns, 1, tiles, max(width, _side(rows, tiles)), width)

    def first_tile(self, panel: int) -> int:
        """Count the tiles of the panels before one, each of which begins a tile lower."""
        return panel * self.tiles - panel * (panel - 1) // 2


def _side(extent: int, parts: int) -> int:
    """Return a multiple of the step of which so many parts reach over an extent."""
    return -(-extent // (parts * _STEP)) * _STEP


class Reflections:
    """The reflections of some matrices of one shape: panel k of each is I - V T Vᵀ."""

    def __init__(self, tiling: Tiling, out: Floats, gain: float) -> None:
        count = len(out)
        self._tiling, self._out, self._gain = tiling, out, gain
        float64 = np.dtype(np.float64)
        # The tiles of the panels, one panel after the other, each from its own rows down.
        tiles = tiling.first_tile(tiling.panels)
        self._v = empty((count, tiles, tiling.height, tiling.width), float64)
        # The triangular factors, negated; and by what the columns of the result are multiplied.
        self._t = empty((count, tiling.panels, tiling.width, tiling.width), float64)
        self._factors = np.empty((count, tiling.panels, 1, tiling.width))

    def write(self, gaussians: Matrix) -> None:
        """Do all steps, in this thread.

        Args:
            gaussians: independent standard normals, (matrices, rows, columns).
        """
        for panel in range(self._tiling.panels):
            start, stop = panel * self._tiling.width, (panel + 1) * self._tiling.width
            self.make(panel, gaussians[:, start:, start:stop])
        for panel in range(self._tiling.panels):
            self.write_columns(panel)

    def make(self, panel: int, own: Matrix) -> None:
        """Make the reflections of a panel.

        Args:
            panel: its number.
            own: its part of the Gaussians, from its diagonal down.
        """
        tiling = self._tiling
        tiles = self._tiles(panel)
        v = tiles.reshape(len(tiles), -1, tiling.width)
        v[:, : own.shape[1], : own.shape[2]] = own
        v[:, own.shape[1] :] = 0.0
        v[:, :, own.shape[2] :] = 0.0
        taus, signs = _make_vectors(v, tiling.height)
        np.multiply(signs, self._gain, out=self._factors[:, panel, 0])
        # Not of one array with itself, for which there is another function, with other threads.
        gram = np.matmul(tiles.swapaxes(2, 3), tiles.copy()).sum(axis=1)
        np.negative(_triangular(gram, taus), out=self._t[:, panel])

    def write_columns(self, panel: int) -> None:
        """Write the columns of the result that belong to a panel, once all before it are made."""
        made, start = self._reflect(panel), panel * self._tiling.width
        out = self._out[:, :, start : start + self._tiling.width]
        # The product is one of float64, and is rounded once, as it is stored.
        made *= self._factors[:, panel]
        made = made[:, : out.shape[1], : out.shape[2]]
        if len(out) == 1:
            store(made[0], out[0])
        else:
            out[...] = made

    def _tiles(self, panel: int) -> Matrix:
        """Return a view of one panel of every matrix, (matrices, tiles, height, width)."""
        return self._v[:, self._tiling.first_tile(panel) : self._tiling.first_tile(panel + 1)]

    def _reflect(self, last: int) -> Matrix:
        """Apply the panels to the columns of the identity that belong to the last of them."""
        tiling, count = self._tiling, len(self._v)
        columns = np.zeros((count, tiling.tiles, tiling.height, tiling.width))
        columns[:, last, : tiling.width] = np.eye(tiling.width)
        # On what is still zero, the panels after it do nothing; and the last of them sees its own
        # first rows of the identity.
        seen = self._tiles(last)[:, 0, : tiling.width].swapaxes(1, 2)
        for panel in range(last, -1, -1):
            tiles, rest = self._tiles(panel), columns[:, panel:]
            if panel < last:
                seen = np.matmul(tiles.swapaxes(2, 3), rest).sum(axis=1)
            rest += np.matmul(tiles, (self._t[:, panel] @ seen)[:, None])
        return columns.reshape(count, -1, tiling.width)


def _make_vectors(v: Matrix, height: int) -> tuple[Matrix, Matrix]:
    """Turn Gaussians into vectors v (unit lower trapezoidal).

    Args:
        v: of some matrices, (matrices, rows, columns).
        height: rows that are summed up at first, whatever else is done together.

    Returns:
        The factors of I - tau v vᵀ, and the signs of the diagonal of R; (matrices, columns).
    """
    count, _, columns = v.shape
    diagonal = np.arange(columns)
    v[:, :columns] = np.tril(v[:, :columns])
    head = v[:, diagonal, diagonal]
    squares = np.square(v).reshape(count, -1, height, columns)
    norm = np.sqrt(squares.sum(axis=2).sum(axis=1))
    signs = np.where(head < 0, 1.0, -1.0)
    beta = signs * norm
    # A vector of zeros has nothing to reflect: tau is 0 there.
    alive = norm > 0
    scale = np.where(alive, head - beta, 1.0)
    taus = np.where(alive, (beta - head) / np.where(alive, beta, 1.0), 0.0)
    v /= scale[:, None]
    v[:, diagonal, diagonal] = 1.0
    return taus, signs


def _triangular(gram: Matrix, taus: Matrix) -> Matrix:
    """Make T from VᵀV: of two products of reflections, T₁₂ is -T₁ (V₁ᵀV₂) T₂.

    At first for some reflections at a time, one by one; then for more and more of them.
    """
    count, size = taus.shape
    t = np.zeros_like(gram)
    parts = [slice(start, start + _STEP) for start in range(0, size, _STEP)]
    blocks = np.stack([gram[:, part, part] for part in parts], axis=1)
    own = taus.reshape(count, -1, _STEP, 1)
    made = np.zeros_like(blocks)
    for j in range(_STEP):
        above = made[..., :j, :j] @ blocks[..., :j, j : j + 1]
        made[..., :j, j : j + 1] = -own[..., j : j + 1, :] * above
        made[..., j, j] = own[..., j, 0]
    for number, part in enumerate(parts):
        first = slice(0, part.start)
        t[:, part, part] = made[:, number]
        right = gram[:, first, part] @ made[:, number]
        t[:, first, part] = -(t[:, first, first] @ right)
    return t
