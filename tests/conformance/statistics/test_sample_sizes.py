"""A sample is as large as its smallest fault needs, and no larger."""

import numpy as np
import pytest

from fanwise.conformance.statistics import ranks, tails
from fanwise.conformance.statistics import sample_sizes as sizes
from fanwise.conformance.statistics.distributions import distribution_of
from fanwise.spec.registry import scheme

LAWS = {
    "normal": scheme("normal", mean=0.1, std=0.02),
    "uniform": scheme("uniform", low=-0.25, high=1.0),
    "truncated_normal": scheme("truncated_normal", std=0.02),
}


def drawn(law, n):
    return law.frozen.rvs(n, random_state=np.random.default_rng(1))


@pytest.mark.parametrize("name", LAWS)
def test_at_that_size_the_smallest_faults_are_caught_and_a_sound_sample_is_not(name):
    law = distribution_of(LAWS[name].law(()))
    sample = drawn(law, sizes.sample_size(law))
    assert tails.mean(sample, law).passed
    assert tails.variance(sample, law).passed
    assert not tails.mean(sample + sizes.MEAN_FAULT * law.std, law).passed
    for factor in (1 - sizes.SCALE_FAULT, 1 + sizes.SCALE_FAULT):
        scaled = law.mean + (sample - law.mean) * factor
        assert not tails.variance(scaled, law).passed


@pytest.mark.parametrize("name", LAWS)
def test_of_a_tenth_of_it_a_fault_is_missed(name):
    law = distribution_of(LAWS[name].law(()))
    sample = drawn(law, sizes.sample_size(law) // 10)
    scaled = law.mean + (sample - law.mean) * (1 + sizes.SCALE_FAULT)
    moved = sample + sizes.MEAN_FAULT * law.std
    assert tails.variance(scaled, law).passed or tails.mean(moved, law).passed


def test_a_smaller_rate_of_false_alarms_needs_more_elements():
    law = distribution_of(LAWS["normal"].law(()))
    assert (
        sizes.sample_size(law, alpha=1e-15) > sizes.sample_size(law) > sizes.sample_size(law, 1e-3)
    )
    assert sizes.correlation_size(100) > sizes.correlation_size(10)


def test_half_precision_needs_as_many_as_a_distance_of_that_size():
    n = sizes.half_size()
    assert tails.dkw_bound(n, tails.ALPHA) < sizes.HALF_FAULT < 3 * tails.dkw_bound(n, tails.ALPHA)


def test_the_support_shows_what_it_must():
    share, n = sizes.SUPPORT_FAULT, sizes.support_size()
    assert (1 - share) ** n <= sizes.MISS < (1 - share) ** (n - 1)


def test_the_bound_of_a_correlation_leaves_room_for_the_fault():
    n = sizes.correlation_size(10)
    generator = np.random.default_rng(2)
    first, second = generator.uniform(-1, 1, (2, n))
    share = 1.5 * sizes.CORRELATION_FAULT
    mixed = np.where(generator.random(n) < share, first, second)
    for other, passes in ((second, True), (mixed, False)):
        assert ranks.between(first, [other] * 10).passed is passes
