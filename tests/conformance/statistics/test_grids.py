"""The numbers of each dtype are those of the libraries that define it."""

import ml_dtypes
import numpy as np
import pytest

from fanwise.conformance.statistics.grids import GRIDS

SMALL = [name for name, grid in GRIDS.items() if grid.digits <= 10]


def dtype_of(name):
    return np.dtype(getattr(ml_dtypes, name, name))


@pytest.mark.parametrize("name", GRIDS)
def test_limits_are_those_of_the_dtype(name):
    info = ml_dtypes.finfo(dtype_of(name))
    grid = GRIDS[name]
    assert (grid.largest, grid.digits) == (float(info.max), info.nmant)
    assert 2.0**grid.least == float(info.smallest_normal)


@pytest.mark.parametrize("name", SMALL)
def test_rounding_goes_to_the_number_below_or_above_by_the_middle(name):
    grid = GRIDS[name]
    top = min(grid.largest * 0.9, 1e4)
    values = np.random.default_rng(0).normal(0, 1, 20000)
    values = np.clip(np.append(values, values * 2.0**grid.least), -top, top)
    below = grid.below(values)
    above, middles = grid.above(below), grid.middles(values)
    expected = values.astype(dtype_of(name)).astype(np.float64)
    assert (below <= values).all()
    assert (values < above).all()
    assert (expected[values < middles] == below[values < middles]).all()
    assert (expected[values > middles] == above[values > middles]).all()


@pytest.mark.parametrize("name", ["float8_e4m3fn", "float8_e5m2", "float4_e2m1fn", "float16"])
def test_the_numbers_of_an_interval_are_all_of_them(name):
    bits = np.arange(1 << dtype_of(name).itemsize * 8, dtype=f"u{dtype_of(name).itemsize}")
    if name == "float4_e2m1fn":
        bits = bits[:16]
    every = bits.view(dtype_of(name)).astype(np.float64)
    every = np.unique(every[np.isfinite(every)])
    chosen = every[(every >= -0.3) & (every <= 1.1)]
    assert np.array_equal(GRIDS[name].numbers(-0.3, 1.1, 2.0**-30), chosen)


def test_below_a_size_the_numbers_are_no_finer():
    numbers = GRIDS["bfloat16"].numbers(-1.0, 1.0, 2.0**-8)
    small = numbers[np.abs(numbers) < 2.0**-8]
    assert np.unique(np.diff(small)).tolist() == [2.0**-15]
    assert len(numbers) < 5000


def test_the_numbers_about_a_value_are_it_where_it_is_one():
    grid = GRIDS["bfloat16"]
    assert grid.nearest(1.5) == (1.5, 1.5)
    low, high = grid.nearest(0.1)
    assert low < 0.1 < high
    assert high - low == 2.0**-11
