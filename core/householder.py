"""Haar-distributed orthonormal columns, as a product of Householder reflections.

A QR of a Gaussian matrix reflects its columns one after the other, and what is left of
each is again Gaussian. So the factorization need not be done: reflections of independent
Gaussian vectors of shrinking length have the same law, at half the work (Stewart 1980).

References:
    Stewart 1980, The efficient generation of random orthogonal matrices, section 3.
    Schreiber & Van Loan 1989, A storage-efficient WY representation (the blocks).
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]

#: Reflections that are applied at once, as products of matrices: enough for the products to
#: run at the full speed of the processor.
_PANEL: Final = 192
#: Rows that they are applied to at once, so few that what is subtracted is still in the cache.
_STRIP: Final = 512
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
    product, signs = np.eye(rows, columns), np.empty(columns)
    # One array for all products: a new one would be fetched from the system each time.
    space = np.empty(_STRIP * columns)
    for start in reversed(range(0, columns, _PANEL)):
        panel = slice(start, min(start + _PANEL, columns))
        v, taus, signs[panel] = _reflections(gaussian[start:, panel])
        size = len(taus)
        rest = product[start:, start:]
        # So far the panel's own rows and columns are those of the identity.
        seen = np.empty((size, rest.shape[1]))
        seen[:, :size] = v[:size].T
        np.matmul(v[size:].T, rest[size:, size:], out=seen[:, size:])
        seen = _triangular_factor(v, taus) @ seen
        for top in range(0, len(rest), _STRIP):
            strip = rest[top : top + _STRIP]
            change = space[: strip.size].reshape(strip.shape)
            np.matmul(v[top : top + _STRIP], seen, out=change)
            strip -= change
    product *= signs
    return product


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


def _triangular_factor(v: Matrix, taus: Matrix) -> Matrix:
    """Return T with I - V T Vᵀ the product of the panel's reflections."""
    return _factor(v.T @ v, taus)


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
