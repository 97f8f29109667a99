"""The largest singular value of a matrix, by the Lanczos process of Golub and Kahan.

No library of linear algebra takes part: those share their sums out over threads, whose number
would change the last bits.

References:
    Golub & Kahan 1965, Calculating the singular values and pseudo-inverse of a matrix.
    Golub & Van Loan 2013, Matrix Computations, sections 8.4.1 (bisection) and 10.4 (the process).
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

Reals = NDArray[np.float64]

#: After so many steps each the largest singular value that is seen is worked out.
_EVERY: Final = 8
#: What it may still grow by, relatively, in so many steps, twice running, and count as found.
_SETTLED: Final = 2.0**-51
#: A vector that is shorter than that, measured by the norm, is what rounding leaves of none.
_NOTHING: Final = 2.0**-46
_WEYL: Final = 0x9E3779B1


def spectral_norm(matrix: Reals) -> float:
    """Return the largest singular value of a matrix, to a few units in the last place.

    Examples:
        >>> spectral_norm(np.array([[3.0, 0.0], [4.0, 0.0]]))
        5.0
    """
    largest = float(np.abs(matrix).max(initial=0.0))
    if not largest:
        return 0.0
    # A power of two, so that nothing is rounded and no square is too large or too small.
    scale = math.ldexp(1.0, -math.frexp(largest)[1])
    tall = matrix if matrix.shape[0] >= matrix.shape[1] else matrix.T
    return _norm_of(np.ascontiguousarray(tall) * scale) / scale


def _norm_of(matrix: Reals) -> float:
    """Return the largest singular value of a matrix that is not wide."""
    rows, columns = matrix.shape
    rights, lefts = _Basis(columns), _Basis(rows)
    right, left = _start(columns), np.zeros(rows)
    # The matrix is bidiagonal in the two bases: these are its diagonal and what stands above it.
    alphas: list[float] = []
    betas: list[float] = []
    beta = found = 0.0
    settled = 0
    for step in range(1, columns + 1):
        rights.add(right)
        left = lefts.rest(np.einsum("ij,j->i", matrix, right) - beta * left)
        alpha = _length(left)
        alphas.append(alpha)
        if alpha <= _NOTHING * max(alphas):
            break
        left /= alpha
        lefts.add(left)
        right = rights.rest(np.einsum("ij,i->j", matrix, left) - alpha * right)
        beta = _length(right)
        if step % _EVERY == 0:
            before, found = found, _largest(alphas, betas)
            settled = settled + 1 if found - before <= _SETTLED * found else 0
        if settled == 2 or beta <= _NOTHING * max(alphas):
            break
        right /= beta
        betas.append(beta)
    return _largest(alphas, betas)


class _Basis:
    """Orthonormal vectors, one after the other."""

    def __init__(self, length: int) -> None:
        self._vectors = np.empty((0, length))
        self._count = 0

    def add(self, vector: Reals) -> None:
        """Take a further one."""
        if self._count == len(self._vectors):
            more = np.empty((self._count + 32, vector.size))
            more[: self._count] = self._vectors
            self._vectors = more
        self._vectors[self._count] = vector
        self._count += 1

    def rest(self, vector: Reals) -> Reals:
        """Return what is left of a vector without its parts along these."""
        vectors = self._vectors[: self._count]
        # Twice is enough (Parlett 1998, The Symmetric Eigenvalue Problem, section 6.9).
        for _ in range(2):
            parts = np.einsum("ij,j->i", vectors, vector)
            vector = vector - np.einsum("ij,i->j", vectors, parts)
        return vector


def _start(size: int) -> Reals:
    """Return a vector of length 1 that no matrix has reason to be orthogonal to."""
    spread = np.arange(1, size + 1, dtype=np.uint64) * np.uint64(_WEYL) & np.uint64(0xFFFFFFFF)
    vector = spread.astype(np.float64) * 2.0**-31 - 1.0
    return vector / _length(vector)


def _length(vector: Reals) -> float:
    return math.sqrt(float(np.einsum("i,i->", vector, vector)))


def _largest(alphas: list[float], betas: list[float]) -> float:
    """Return the largest singular value of an upper bidiagonal matrix, by bisection."""
    above = [0.0, *betas][: len(alphas)]
    squares = [a * a + b * b for a, b in zip(alphas, above, strict=True)]
    beside = [(a * b) ** 2 for a, b in zip(alphas, above[1:], strict=False)]
    low = max(squares)
    high = 2.0 * low + 2.0 * math.sqrt(max(beside, default=0.0))
    while True:
        middle = (low + high) / 2.0
        if not low < middle < high:
            return math.sqrt(high)
        if _is_above(middle, squares, beside):
            high = middle
        else:
            low = middle


def _is_above(number: float, diagonal: list[float], beside: list[float]) -> bool:
    """Tell whether all eigenvalues of a symmetric tridiagonal matrix are below a number."""
    pivot = number - diagonal[0]
    for entry, square in zip(diagonal[1:], beside, strict=True):
        if pivot <= 0.0:
            return False
        pivot = number - entry - square / pivot
    return pivot > 0.0
