"""B-splines through noise: the matrix that turns values at grid points into coefficients.

On G intervals of the same length, splines of order k have G + k coefficients; their values at the
G + 1 grid points are A c. Of the many c that give the same values the one of least norm is taken,
c = Aᵀ(A Aᵀ)⁻¹ y.

References:
    de Boor 1978, A Practical Guide to Splines, chapter IX.
"""

from __future__ import annotations

from decimal import Context, Decimal, localcontext
from functools import lru_cache
from typing import Final

Rows = tuple[tuple[float, ...], ...]

#: Enough digits that what is rounded to float64 is the nearest to the exact rational number.
_DIGITS: Final = 64


def grid_size(coefficients: int, order: int) -> int:
    """Return how many intervals splines of an order and of so many coefficients have."""
    return coefficients - order


@lru_cache(maxsize=64)
def spline_fit(grid: int, order: int) -> Rows:
    """Return the matrix from values at the grid points to coefficients, each element rounded once.

    Args:
        grid: the number of intervals, at least 1.
        order: of the splines, at least 1; cubic ones have 3.

    Returns:
        A row for each of the ``grid + order`` coefficients, with ``grid + 1`` columns.

    Examples:
        >>> spline_fit(2, 1)
        ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
    """
    spline, points = _at_integers(order), grid + 1
    factorial = sum(spline)
    # A Aᵀ, a banded Toeplitz matrix of whole numbers, times the factorial squared.
    band = [sum(a * b for a, b in zip(spline, spline[lag:], strict=False)) for lag in range(order)]
    with localcontext(Context(prec=_DIGITS)):
        factor = _factored([Decimal(number) for number in band], points)
        solved = [_solved(factor, point, points) for point in range(points)]
        return tuple(
            tuple(
                float(
                    factorial
                    * sum(
                        (
                            spline[row - point] * solution[point]
                            for point in range(max(0, row - order + 1), min(row, grid) + 1)
                        ),
                        Decimal(0),
                    )
                )
                for solution in solved
            )
            for row in range(grid + order)
        )


def _at_integers(order: int) -> list[int]:
    """Return the B-spline at the integers inside its support, times factorial(order).

    These are the Eulerian numbers.
    """
    values = [1]
    for k in range(2, order + 1):
        # The recurrence of Cox and de Boor.
        before = [0, *values, 0]
        values = [m * before[m] + (k + 1 - m) * before[m - 1] for m in range(1, k + 1)]
    return values


def _factored(band: list[Decimal], size: int) -> list[list[Decimal]]:
    """Factor a symmetric banded Toeplitz matrix as L D Lᵀ.

    Returns:
        For each row D, then its elements of L from the one before the diagonal backwards.
    """
    rows: list[list[Decimal]] = []
    for row in range(size):
        width = min(row, len(band) - 1)
        products: dict[int, Decimal] = {}
        for column in range(row - width, row):
            known = band[row - column]
            for inner in range(row - width, column):
                if column - inner < len(rows[column]):
                    known -= products[inner] * rows[column][column - inner]
            products[column] = known
        lower = {column: products[column] / rows[column][0] for column in products}
        diagonal = band[0] - sum((lower[c] * products[c] for c in products), Decimal(0))
        rows.append([diagonal, *(lower[row - lag] for lag in range(1, width + 1))])
    return rows


def _solved(factor: list[list[Decimal]], unit: int, size: int) -> list[Decimal]:
    """Solve for a column of the identity."""
    solution = [Decimal(0)] * size
    for row in range(unit, size):
        known = Decimal(int(row == unit))
        for lag, element in enumerate(factor[row][1:], 1):
            known -= element * solution[row - lag]
        solution[row] = known
    solution = [number / factor[row][0] for row, number in enumerate(solution)]
    for row in range(size - 1, -1, -1):
        for lag, element in enumerate(factor[row][1:], 1):
            solution[row - lag] -= element * solution[row]
    return solution
