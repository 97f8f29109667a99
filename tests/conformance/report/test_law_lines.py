"""The line of a law: its density, upright where it is cut."""

from itertools import pairwise

import pytest

from fanwise.conformance.report.law_lines import density_line
from fanwise.conformance.statistics.distributions import distribution_of
from fanwise.spec.registry import scheme


@pytest.mark.parametrize("name", ["he_normal", "glorot_uniform", "kaiming_normal"])
def test_the_area_below_the_line_is_one(name):
    law = distribution_of(scheme(name).law((64, 32)))
    points = list(density_line(law))
    area = sum((right - left) * (low + high) / 2 for (left, low), (right, high) in pairwise(points))
    assert area == pytest.approx(1, abs=2e-3)
    assert points[0][1] == points[-1][1] == 0


def test_a_cut_is_upright():
    law = distribution_of(scheme("he_normal").law((64, 32)))
    (first, zero), (second, density), *_ = density_line(law)
    assert first == second == law.support[0]
    assert zero == 0 < density


def test_a_line_may_be_counted_in_standard_deviations():
    law = distribution_of(scheme("normal", mean=3.0, std=0.1).law(()))
    points = dict(density_line(law, law.mean, law.std))
    assert points[0.0] == pytest.approx(0.3989, abs=1e-4)
