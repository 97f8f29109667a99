"""Runs of elements as blocks."""

import itertools
import math

import numpy as np
import pytest

from fanwise.adapters.starts.cells import cells_of, step_of


@pytest.mark.parametrize("shape", [(), (7,), (3, 4), (2, 3, 4), (1, 5, 1, 3), (4, 1)])
def test_blocks_of_a_run_are_its_elements_in_order(shape):
    array = np.arange(math.prod(shape)).reshape(shape)
    for first, last in itertools.combinations(range(array.size + 1), 2):
        found = np.concatenate(
            [array[cell].ravel() for cell in cells_of(shape, first, last - first)]
        )
        np.testing.assert_array_equal(found, np.arange(first, last))


@pytest.mark.parametrize("shape", [(3, 4), (2, 3, 4), (5,)])
def test_a_run_is_few_blocks(shape):
    size = math.prod(shape)
    most = max(len(list(cells_of(shape, 1, length))) for length in range(1, size))
    assert most <= 2 * len(shape) - 1


def test_an_empty_run_has_no_blocks():
    assert list(cells_of((0, 4), 0, 0)) == []


@pytest.mark.parametrize(
    ("shape", "most", "step"),
    [
        ((4096, 4096), 1 << 19, 1 << 19),
        ((100, 30), 1000, 32 * 30),  # rows by fours
        ((100, 300), 1000, 3 * 300),  # fewer than four rows
        ((8, 5000), 1000, 1000),  # less than a row
        ((3, 4), 1000, 12),
        ((), 1000, 1),
        ((0, 4), 1000, 1),
    ],
)
def test_steps_are_whole_rows_where_rows_are_short(shape, most, step):
    assert step_of(shape, most) == step
