"""The tests that judge are powerful against the smallest faults."""

import numpy as np
import pytest
from scipy import stats

import fanwise
from fanwise.conformance.statistics import sample_sizes as sizes
from fanwise.conformance.statistics import tails
from fanwise.conformance.statistics.distributions import FAR, distribution_of, outside

SCHEMES = {
    "normal": fanwise.scheme("normal", mean=0.1, std=0.02),
    "uniform": fanwise.scheme("uniform", low=-0.25, high=1.0),
    "truncated_normal": fanwise.scheme("truncated_normal", std=0.02),
    "asymmetric": fanwise.scheme("truncated_normal", low=-1.0, high=3.0, mean=0.5),
}


def law(name):
    return distribution_of(SCHEMES[name].law(()))


@pytest.mark.parametrize("name", SCHEMES)
@pytest.mark.parametrize("factor", [1 - sizes.SCALE_FAULT, 1 + sizes.SCALE_FAULT])
def test_the_sample_size_catches_a_wrong_scale(name, factor):
    one = law(name)
    n = sizes.sample_size(one)
    for seed in range(3):
        sample = one.frozen.rvs(n, random_state=np.random.default_rng(seed))
        assert tails.variance(sample, one).passed
        wrong = one.mean + (sample - one.mean) * factor
        assert not tails.variance(wrong, one).passed


@pytest.mark.parametrize("name", SCHEMES)
@pytest.mark.parametrize("sign", [-1, 1])
def test_the_sample_size_catches_a_moved_mean(name, sign):
    one = law(name)
    n = sizes.sample_size(one)
    sample = one.frozen.rvs(n, random_state=np.random.default_rng(1))
    assert tails.mean(sample, one).passed
    assert not tails.mean(sample + sign * sizes.MEAN_FAULT * one.std, one).passed


def test_the_sample_size_catches_a_missing_cut():
    one = law("truncated_normal")
    n = sizes.sample_size(one)
    uncut = np.random.default_rng(1).normal(one.mean, one.std, n)
    assert not tails.distribution(uncut, one).passed
    assert outside(uncut, one.support, "float32") > 0


@pytest.mark.parametrize("cut", [4, 100])
def test_a_cut_that_is_hardly_ever_reached_needs_no_sample_to_show_it(cut):
    far = distribution_of(fanwise.scheme("truncated_normal", low=-cut, high=cut).law((8,)))
    assert far.cut_fault < sizes.CUT_FAULT
    # The bound of Bernstein's inequality is the cut, that of a normal is exact.
    assert sizes.sample_size(far) <= (1.5 if cut < FAR else 1) * sizes.sample_size(law("normal"))


def test_a_smaller_sample_would_not_do():
    """The size is not just large: with a tenth of it the fault can pass."""
    one = law("normal")
    n = sizes.sample_size(one) // 10
    sample = one.frozen.rvs(n, random_state=np.random.default_rng(0)) - one.mean
    assert tails.variance(one.mean + sample * 1.01, one).passed


@pytest.mark.parametrize("name", SCHEMES)
def test_moments_are_those_of_scipy(name):
    one = law(name)
    assert one.mean == pytest.approx(float(one.frozen.mean()), rel=1e-12, abs=1e-15)
    assert one.std == pytest.approx(float(one.frozen.std()), rel=1e-9)
    fourth = one.frozen.expect(lambda x: ((x - one.mean) / one.std) ** 4)
    assert one.fourth_moment / one.variance**2 == pytest.approx(fourth, rel=1e-6)


def test_not_a_number_never_passes():
    one = law("normal")
    sample = one.frozen.rvs(1000, random_state=np.random.default_rng(0))
    sample[3] = np.nan
    assert not tails.mean(sample, one).passed
    assert not tails.variance(sample, one).passed
    assert outside(sample.astype(np.float32), (-1.0, 1.0), "float32") == 1


def test_two_samples_of_one_law_agree_and_of_two_laws_do_not():
    generator = np.random.default_rng(3)
    cells = np.arange(257) / 256
    first, second, other = (
        np.histogram(generator.beta(1, b, 10**6), cells)[0] for b in (1, 1, 1.02)
    )
    assert tails.two_samples(first, second).passed
    assert not tails.two_samples(first, other).passed
    with pytest.raises(ValueError, match="one size"):
        tails.two_samples(first, second[:-1])


@pytest.mark.parametrize("alpha", [1e-3, 1e-12, 1e-17, 1e-19])
@pytest.mark.parametrize(("n", "p"), [(50, 2**-22), (10**6, 1e-4), (10**8, 1e-4), (1000, 0.5)])
def test_counts_are_bounded_at_rates_at_which_scipy_gives_up(alpha, n, p):
    least, most = tails.count_bounds(n, p, alpha)
    law = stats.binom(n, p)
    assert law.sf(most) <= alpha / 2
    assert most == 0 or law.sf(most - 1) > alpha / 2
    assert least == 0 or law.cdf(least - 1) < alpha / 2
    assert law.cdf(least) >= alpha / 2


def test_no_value_is_as_often_as_the_bound_says_of_any():
    generator = np.random.default_rng(0)
    for _ in range(200):
        counts = np.bincount(generator.integers(0, 64, 500), minlength=64)
        assert counts.max() <= tails.most_alike(500, 1 / 64, 1e-6)
    assert tails.most_alike(10**6, 2.0**-22, 1e-12) < 15
