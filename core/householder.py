"""Haar-distributed orthonormal columns, as a product of Householder reflections.

A QR of a Gaussian matrix reflects its columns one after the other, and what is left of
each is again Gaussian. So the factorization need not be done: reflections of independent
Gaussian vectors of shrinking length have the same law, at half the work (Stewart 1980).

References:
    Stewart 1980, The efficient generation of random orthogonal matrices, section 3.
    Schreiber & Van Loan 1989, A storage-efficient WY representation (the blocks).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fanwise.core import threads

Matrix = NDArray[np.float64]

#: Rows, columns and reflections of a tile. All products are of tiles: no library of linear algebra
#: shares so small ones out over its threads, so their number changes no sum. The tiles of some
#: columns fit a core's cache together, and are the work of a thread.
_TILE: Final = 64
#: Of so many the factor is made one by one.
_LEAF: Final = 16


def orthonormal(gaussian: Matrix) -> Matrix:
    """Make a Haar-distributed matrix with orthonormal columns, or rows if it is wide.

    Column j of the lower trapezoid of the Gaussian gives reflection j; the signs are
    those of a QR factorization whose R has a positive diagonal.

    Args:
        gaussian: independent standard normals, shape (rows, columns).

    Returns:
        A matrix of that shape, in float64.
    """
    rows, columns = gaussian.shape
    if rows < columns:
        return orthonormal(gaussian.T).T
    # Rows of zeros, which change nothing, so that there are whole tiles.
    missing = -rows % _TILE
    whole = np.pad(gaussian, ((0, missing), (0, 0))) if missing else gaussian
    panels = [_Panel.of(whole[start:, start : start + _TILE]) for start in range(0, columns, _TILE)]
    product = np.empty((rows, columns))
    tasks = [partial(_write_columns, product, panels[: n + 1]) for n in range(len(panels))]
    # The longest first, so that no thread is left alone with one.
    count = threads.choose_count(product.size, compiled=False)
    threads.run(reversed(tasks), count)
    return product


@dataclass(frozen=True, slots=True)
class _Panel:
    """Reflections that are applied at once, as I - V T Vᵀ.

    Attributes:
        v: tiles of the vectors, from the panel's own rows down.
        t: the triangular factor.
        signs: of the diagonal of R.
    """

    v: Matrix
    t: Matrix
    signs: Matrix

    @classmethod
    def of(cls, gaussian: Matrix) -> _Panel:
        """Make the reflections of some columns, from their diagonal down."""
        v, taus, signs = _reflections(gaussian)
        tiles = v.reshape(-1, _TILE, v.shape[1])
        # Not of one array with itself, for which there is another function, with other threads.
        gram = np.matmul(tiles.transpose(0, 2, 1), tiles.copy()).sum(axis=0)
        return cls(tiles, _factor(gram, taus), signs)


def _write_columns(product: Matrix, panels: list[_Panel]) -> None:
    """Apply the reflections to the columns of the identity that belong to the last panel."""
    last = panels[-1]
    start, size = (len(panels) - 1) * _TILE, len(last.signs)
    tiles = np.zeros((len(panels) - 1 + len(last.v), _TILE, size))
    tiles[len(panels) - 1, :size] = np.eye(size)
    # On what is still zero, the panels after it do nothing.
    for number, panel in reversed(list(enumerate(panels))):
        rest = tiles[number:]
        seen = panel.t @ np.matmul(panel.v.transpose(0, 2, 1), rest).sum(axis=0)
        rest -= np.matmul(panel.v, seen)
    tiles *= last.signs
    product[:, start : start + size] = tiles.reshape(-1, size)[: len(product)]


def _reflections(gaussian: Matrix) -> tuple[Matrix, Matrix, Matrix]:
    """Return vectors v (unit lower trapezoidal), the factors of I - tau v vᵀ, the signs of R."""
    columns = gaussian.shape[1]
    v = gaussian.copy()
    v[:columns] = np.tril(v[:columns])
    head = np.diagonal(v).copy()
    norm = np.sqrt(np.einsum("ij,ij->j", v, v))
    signs = np.where(head < 0, 1.0, -1.0)
    beta = signs * norm
    # A vector of zeros has nothing to reflect: tau is 0 there.
    alive = norm > 0
    scale = np.where(alive, head - beta, 1.0)
    taus = np.where(alive, (beta - head) / np.where(alive, beta, 1.0), 0.0)
    v /= scale
    v[np.arange(columns), np.arange(columns)] = 1.0
    return v, taus, signs


def _factor(gram: Matrix, taus: Matrix) -> Matrix:
    """Make T from VᵀV, half by half: of two products of reflections, T₁₂ is -T₁ (V₁ᵀV₂) T₂."""
    size = len(taus)
    t = np.zeros((size, size))
    if size <= _LEAF:
        for j in range(size):
            t[:j, j] = -taus[j] * (t[:j, :j] @ gram[:j, j])
            t[j, j] = taus[j]
        return t
    first, second = slice(0, size // 2), slice(size // 2, size)
    t[first, first] = _factor(gram[first, first], taus[first])
    t[second, second] = _factor(gram[second, second], taus[second])
    t[first, second] = -(t[first, first] @ (gram[first, second] @ t[second, second]))
    return t
