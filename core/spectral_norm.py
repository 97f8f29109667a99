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
#: What it may still grow by, relatively, in so many steps, and count as found.
_SETTLED: Final = 2.0**-51
#: A vector that is shorter than that, measured by the norm, is what rounding leaves of none.
_NOTHING: Final = 2.0**-46
#: How many steps more than a multiple of its columns a matrix takes at most.
_FEW: Final = 64
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
    right, left = _start(columns), np.zeros(rows)
    # The matrix is bidiagonal in the two bases: this is its diagonal, and what stands above it.
    alphas: list[float] = []
    betas: list[float] = []
    beta = found = 0.0
    # Rounding makes the vectors less than orthogonal, and more steps needed: but only once the
    # largest singular value is there (Paige 1971), whose copies do no harm.
    for step in range(1, 4 * columns + _FEW):
        left = np.einsum("ij,j->i", matrix, right) - beta * left
        alpha = _length(left)
        alphas.append(alpha)
        if alpha <= _NOTHING * max(alphas):
            break
        left /= alpha
        right = np.einsum("ij,i->j", matrix, left) - alpha * right
        beta = _length(right)
        if step % _EVERY == 0:
            before, found = found, _largest(alphas, betas)
            if found - before <= _SETTLED * found:
                break
        if beta <= _NOTHING * max(alphas):
            break
        right /= beta
        betas.append(beta)
    return _largest(alphas, betas)


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
