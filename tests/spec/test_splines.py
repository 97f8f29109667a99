"""The fit of splines, against exact rational arithmetic and SciPy's B-splines."""

from fractions import Fraction

import numpy as np
import pytest
from scipy.interpolate import BSpline

from fanwise.spec.splines import grid_size, spline_fit

SIZES = [(1, 1), (4, 1), (1, 2), (5, 2), (1, 3), (5, 3), (8, 3), (3, 4), (4, 5), (2, 8)]


def collocation(grid: int, order: int) -> np.ndarray:
    """The B-splines at the grid points, as SciPy has them."""
    knots = np.arange(-order, grid + order + 1, dtype=np.float64)
    return BSpline.design_matrix(np.arange(grid + 1.0), knots, order).toarray()


def solved(matrix: list[list[Fraction]]) -> list[list[Fraction]]:
    """The inverse, by elimination."""
    size = len(matrix)
    rows = [[*row, *(Fraction(i == j) for j in range(size))] for i, row in enumerate(matrix)]
    for i in range(size):
        pivot = rows[i][i]
        rows[i] = [x / pivot for x in rows[i]]
        for j in range(size):
            if j != i:
                factor = rows[j][i]
                rows[j] = [x - factor * y for x, y in zip(rows[j], rows[i], strict=True)]
    return [row[size:] for row in rows]


@pytest.mark.parametrize(("grid", "order"), SIZES)
def test_rational(grid: int, order: int) -> None:
    """Each element is the nearest float64 to the exact number."""
    table = collocation(grid, order)
    exact = [[Fraction(float(x)).limit_denominator(10**6) for x in row] for row in table]
    columns = list(zip(*exact, strict=True))
    gram = [[sum(a * b for a, b in zip(r, s, strict=True)) for s in exact] for r in exact]
    inverse = solved(gram)
    expected = [
        [
            float(sum(a * b for a, b in zip(column, row, strict=True)))
            for row in zip(*inverse, strict=True)
        ]
        for column in columns
    ]
    assert [list(row) for row in spline_fit(grid, order)] == expected


@pytest.mark.parametrize(("grid", "order"), [*SIZES, (40, 3), (100, 3)])
def test_least_squares(grid: int, order: int) -> None:
    fit, table = np.array(spline_fit(grid, order)), collocation(grid, order)
    assert fit.shape == (grid + order, grid + 1)
    assert table @ fit == pytest.approx(np.eye(grid + 1), abs=1e-13)
    assert fit == pytest.approx(np.linalg.pinv(table), abs=1e-11)


def test_grid_size() -> None:
    assert grid_size(8, 3) == 5
