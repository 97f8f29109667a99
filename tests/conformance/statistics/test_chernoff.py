"""Chernoff's bound holds, and is not wide."""

import numpy as np
import pytest
from scipy import stats

from fanwise.conformance.statistics.chernoff import Cumulants


def coin(probability):
    return Cumulants.of_atoms(np.array([0.0, 1.0]), np.array([1 - probability, probability]))


@pytest.mark.parametrize("n", [1, 7, 100, 10**6])
@pytest.mark.parametrize("probability", [0.5, 0.01])
def test_the_bounds_of_a_mean_of_coins_are_beyond_the_exact_ones(n, probability):
    for alpha in (0.1, 1e-6, 1e-14):
        low, high = coin(probability).bounds(n, alpha)
        assert stats.binom.sf(np.ceil(high * n) - 1, n, probability) <= alpha / 2 or high > 1
        assert stats.binom.cdf(np.floor(low * n), n, probability) <= alpha / 2 or low < 0


def test_the_bounds_are_not_much_wider_than_they_need_to_be():
    """Of a hundredth of the rate they would be as wide: the factor is that of the square root."""
    low, high = coin(0.5).bounds(10**6, 1e-12)
    exact = 0.5 * stats.norm.isf(0.5e-12) / 1e3
    assert exact < high - 0.5 < 1.08 * exact
    assert exact < 0.5 - low < 1.08 * exact


def test_values_far_out_do_not_overflow():
    values = np.array([-1e4, 0.0, 1e4])
    cumulants = Cumulants.of_atoms(values, np.array([1e-9, 1 - 2e-9, 1e-9]))
    low, high = cumulants.bounds(100, 1e-10)
    assert -1e4 <= low < 0 < high <= 1e4
