"""The law of a stored element: its bounds keep their rates, for every dtype."""

import numpy as np
import pytest
from common.judged import DTYPES, SCHEMES, drawn, rounded

from fanwise.conformance.statistics import tails
from fanwise.conformance.statistics.elements import CELLS, element_law

RUNS = 1000


def scaled(name, dtype, shape, seed=0):
    """Samples in units of their law, as an audit sees them."""
    law = SCHEMES[name].law(())
    element = element_law(law, dtype)
    values = rounded(drawn(law, shape, np.random.default_rng(seed)), dtype).astype(np.float64)
    return element, (values - element.law.mean) / element.law.std


@pytest.mark.parametrize("name", SCHEMES)
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("n", [4, 40, 1000])
def test_bounds_keep_the_rate_that_they_state(name, dtype, n):
    element, samples = scaled(name, dtype, (RUNS, n))
    for rate in (0.5, 0.05):
        most = tails.count_bounds(RUNS, rate, 1e-6)[1]
        low, high = element.mean_bounds(n, rate)
        means = samples.mean(axis=1)
        assert ((means < low) | (means > high)).sum() <= most
        low, high = element.deviation_bounds(n, rate)
        deviations = np.sqrt((samples**2).mean(axis=1))
        assert ((deviations < low) | (deviations > high)).sum() <= most


@pytest.mark.parametrize("name", SCHEMES)
@pytest.mark.parametrize("dtype", ["float32", "bfloat16", "float8_e4m3fn"])
def test_bounds_are_as_near_as_the_size_allows(name, dtype):
    """Ten thousand elements settle a mean to 0.08 and a scale to 8 %, of any law."""
    element, samples = scaled(name, dtype, (10**6,))
    low, high = element.mean_bounds(10**4, 1e-12)
    assert high - low < 0.17
    assert low < samples.mean() < high
    low, high = element.deviation_bounds(10**4, 1e-12)
    assert high - low < 0.17
    assert low < np.sqrt((samples**2).mean()) < high


@pytest.mark.parametrize("name", SCHEMES)
@pytest.mark.parametrize("dtype", DTYPES)
def test_cells_hold_what_the_law_says_of_the_grid(name, dtype):
    element, samples = scaled(name, dtype, (10**6,), seed=3)
    cells = element.cells_of(samples.copy()).astype(int)
    counts = np.bincount(cells, minlength=CELLS)
    assert tails.rounded(counts, element.cumulative, 1e-6).passed
    ranks = element.ranks[cells]
    assert abs(ranks.mean()) < 5e-3
    assert ranks.var() <= 1 / 3 + 2e-3


def test_a_coarse_grid_that_is_not_minded_would_be_seen():
    """What float8 makes of a normal law is not the law itself."""
    _, samples = scaled("normal", "float8_e4m3fn", (10**6,))
    exact = element_law(SCHEMES["normal"].law(()), "float32")
    cells = exact.cells_of(samples.copy()).astype(int)
    counts = np.bincount(cells, minlength=CELLS)
    assert not tails.rounded(counts, exact.cumulative, 1e-12).passed


@pytest.mark.parametrize("dtype", DTYPES)
def test_tails_have_the_probability_that_they_state(dtype):
    element, samples = scaled("normal", dtype, (10**6,), seed=5)
    cells = element.cells_of(samples.copy()).astype(int)
    for share in (1e-2, 1e-4):
        tail = element.tail(share)
        count = int(((cells < tail.first) | (cells >= tail.last)).sum())
        low, high = tails.count_bounds(10**6, tail.probability, 1e-6)
        assert low <= count <= high


def test_what_is_no_float_has_no_law():
    assert element_law(SCHEMES["normal"].law(()), "int8") is None
