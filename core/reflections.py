"""Householder reflections by panels: the steps of an orthonormal matrix, in NumPy."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from fanwise.core.dtypes import Floats, empty
from fanwise.core.order import store
from fanwise.core.tiling import STEP, Tiling

Matrix = NDArray[np.float64]


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
        signs = _make_panel(self._tiles(panel), own, self._t[:, panel])
        np.multiply(signs, self._gain, out=self._factors[:, panel, 0])

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
        # On what is still zero, the panels after it do nothing.
        for panel in range(last, -1, -1):
            _apply_panel(
                self._tiles(panel), self._t[:, panel], columns[:, panel:], is_last=panel == last
            )
        return columns.reshape(count, -1, tiling.width)


class OnePanel:
    """One panel at a time of a matrix, to be applied to columns that are kept elsewhere.

    Attributes:
        panel: its number.
        signs: of the diagonal of R, one for each of its columns.
    """

    #: Memory in panels: of two of these, one of which is made; and of each one's columns, while it
    #: is applied to them.
    MAKING: Final = 5
    EACH: Final = 2

    def __init__(self, tiling: Tiling) -> None:
        float64 = np.dtype(np.float64)
        self._tiling, self.panel = tiling, -1
        self._v = empty((1, tiling.tiles, tiling.height, tiling.width), float64)
        self._t = empty((1, tiling.width, tiling.width), float64)
        self.signs: Matrix = np.empty(tiling.width)

    def make(self, panel: int, own: Matrix) -> None:
        """Make the reflections of a panel, where it held others: as ``Reflections``."""
        self.panel = panel
        self.signs = _make_panel(self._tiles, own, self._t)[0]

    def apply(self, last: int, columns: Matrix) -> None:
        """Apply the panel.

        Args:
            last: whose columns of the identity these are; it is the first panel that is applied.
            columns: as a panel of all tiles has them, (rows, columns).
        """
        tiling = self._tiling
        if self.panel == last:
            columns[...] = 0.0
            np.fill_diagonal(columns[last * tiling.height :], 1.0)
        tiles = columns.reshape(1, tiling.tiles, tiling.height, tiling.width)
        _apply_panel(self._tiles, self._t, tiles[:, self.panel :], is_last=self.panel == last)

    @property
    def _tiles(self) -> Matrix:
        return self._v[:, : self._tiling.tiles - self.panel]


def _make_panel(tiles: Matrix, own: Matrix, t: Matrix) -> Matrix:
    """Make the reflections of a panel of some matrices.

    Args:
        tiles: its vectors, to be set: (matrices, tiles, height, width).
        own: its part of the Gaussians, from its diagonal down.
        t: its triangular factors, negated, to be set.

    Returns:
        The signs of the diagonal of R, (matrices, width).
    """
    count, _, height, width = tiles.shape
    v = tiles.reshape(count, -1, width)
    v[:, : own.shape[1], : own.shape[2]] = own
    v[:, own.shape[1] :] = 0.0
    v[:, :, own.shape[2] :] = 0.0
    taus, signs = _make_vectors(v, height)
    # Not of one array with itself, for which there is another function, with other threads.
    gram = np.matmul(tiles.swapaxes(2, 3), tiles.copy()).sum(axis=1)
    np.negative(_triangular(gram, taus), out=t)
    return signs


def _apply_panel(tiles: Matrix, t: Matrix, columns: Matrix, *, is_last: bool) -> None:
    """Apply a panel to columns, from its own rows down; the last one sees the identity there."""
    if is_last:
        seen = tiles[:, 0, : tiles.shape[3]].swapaxes(1, 2)
    else:
        seen = np.matmul(tiles.swapaxes(2, 3), columns).sum(axis=1)
    columns += np.matmul(tiles, (t @ seen)[:, None])


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
    parts = [slice(start, start + STEP) for start in range(0, size, STEP)]
    blocks = np.stack([gram[:, part, part] for part in parts], axis=1)
    own = taus.reshape(count, -1, STEP, 1)
    made = np.zeros_like(blocks)
    for j in range(STEP):
        above = made[..., :j, :j] @ blocks[..., :j, j : j + 1]
        made[..., :j, j : j + 1] = -own[..., j : j + 1, :] * above
        made[..., j, j] = own[..., j, 0]
    for number, part in enumerate(parts):
        first = slice(0, part.start)
        t[:, part, part] = made[:, number]
        right = gram[:, first, part] @ made[:, number]
        t[:, first, part] = -(t[:, first, first] @ right)
    return t
