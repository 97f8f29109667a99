"""Laws as the judge needs them, against what SciPy and plain integration say."""

import math

import numpy as np
import pytest

from fanwise.conformance.statistics.distributions import distribution_of, outside
from fanwise.spec.registry import scheme

LAWS = {
    "uniform": scheme("uniform", low=-0.25, high=1.0),
    "normal": scheme("normal", mean=0.1, std=0.02),
    "truncated_normal": scheme("truncated_normal", std=0.02, mean=-0.3),
    "one-sided": scheme("truncated_normal", low=-1.0, high=3.0, mean=0.5),
}


@pytest.fixture(params=LAWS)
def distribution(request):
    return distribution_of(LAWS[request.param].law(()))


def test_moments_and_distribution_function_are_those_of_one_law(distribution):
    """Sums over a fine grid of quantiles, which uses none of the formulas."""
    steps = 200_000
    points = np.array([distribution.quantile((k + 0.5) / 2000) for k in range(2000)])
    assert np.allclose(distribution.cdf(points), (np.arange(2000) + 0.5) / 2000, atol=1e-9)
    low, high = (distribution.quantile(p) for p in (1e-12, 1 - 1e-12))
    edges = np.linspace(low, high, steps + 1)
    middles = (edges[1:] + edges[:-1]) / 2
    weights = np.diff(distribution.cdf(edges))
    mean = float(weights @ middles)
    assert mean == pytest.approx(distribution.mean, abs=1e-6 * distribution.std)
    for power, moment in ((2, distribution.variance), (4, distribution.fourth_moment)):
        assert float(weights @ (middles - mean) ** power) == pytest.approx(moment, rel=1e-6)


def test_the_support_holds_every_quantile_and_the_reach_spans_it(distribution):
    low, high = distribution.support
    assert distribution.bounded is math.isfinite(low + high)
    assert low <= distribution.quantile(1e-9) < distribution.quantile(1 - 1e-9) <= high
    assert distribution.reach == pytest.approx(
        max(high - distribution.mean, distribution.mean - low)
    )


def test_a_forgotten_cut_moves_only_the_distribution_of_a_cut_law():
    faults = {name: distribution_of(made.law(())).cut_fault for name, made in LAWS.items()}
    assert (faults["normal"], faults["uniform"]) == (0.0, 0.0)
    assert 0.01 < faults["truncated_normal"] < faults["one-sided"] < 0.2


@pytest.mark.parametrize("name", ["zeros", "orthogonal"])
def test_what_is_not_drawn_element_by_element_has_none(name):
    assert distribution_of(scheme(name).law((4, 6))) is None


def test_elements_outside_are_counted_beyond_rounding_alone():
    edge = np.array([1.0, 1.0 + 3e-7, 1.0 + 1e-5, -2.0, np.inf, np.nan], np.float32)
    assert outside(edge, (-1.0, 1.0), "float32") == 4
    assert outside(edge, (-math.inf, math.inf), "float32") == 0
    assert outside(np.array([1.003]), (-1.0, 1.0), "float16") == 0


def test_functions_are_those_of_scipy(distribution):
    points = np.linspace(-9, 9, 1001) * distribution.std + distribution.mean
    frozen = distribution.frozen
    assert np.allclose(distribution.cdf(points), frozen.cdf(points), rtol=1e-9, atol=1e-300)
    assert np.allclose(distribution.beyond(points), frozen.sf(points), rtol=1e-9, atol=1e-300)
    assert np.allclose(distribution.support, frozen.support())
