"""Expressions of arrays have the values of those of numbers, element by element, or none."""

import numpy as np
import pytest

from fanwise.core.formulas import _OF_ARRAYS
from fanwise.spec.errors import FanwiseError
from fanwise.spec.expressions import evaluate, value

COLUMNS = np.arange(40.0)
TEXTS = [
    "10000 ^ (-2 * floor(column / 2) / columns) * (row + 1)",
    "where(mod(column, 2) == 0, sin(row), cos(row))",
    "-log1p(column) / (1 + row) - +2 ^ -column",
    "where(column > 0, 1 / column, -1)",
    "where(columns > 40, 1 / (columns - 40), 2)",
    "where(column < 3, where(column < 3, 1, 1 / 0), min(column, row, 7))",
    "logit((column + 0.5) / columns) + max(row, 3) + tanh(column)",
    # What has no value stays without one.
    "1 / column",
    "1 / exp(100 * column)",
    "tanh(1e308 * column)",
    "exp(-1e308 * column)",
    "where(1 / column > 0.5, 1, 2)",
    "min(log(column), 3)",
    "(0 * log(column)) ^ 0",
    "1 ^ (1 / column)",
    "log(column - 3) * 0",
    "mod(3, column)",
    "1e999",
    "0 / 1e999",
]


@pytest.mark.parametrize("row", [0.0, 5.0])
@pytest.mark.parametrize("text", TEXTS)
def test_the_values_of_numbers(text, row):
    names = {"columns": 40.0, "row": row}
    arrays = {name: np.asarray(number) for name, number in {**names, "column": COLUMNS}.items()}
    with np.errstate(all="ignore"):
        found = np.broadcast_to(evaluate(text, arrays, _OF_ARRAYS), COLUMNS.shape)
    for column in COLUMNS:
        try:
            wanted = value(text, {**names, "column": column})
        except FanwiseError:
            wanted = np.nan
        np.testing.assert_array_equal(found[int(column)], wanted)
