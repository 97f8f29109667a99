"""The moments of a cut normal, against SciPy's."""

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from reference.truncation import CORRECTION
from scipy.special import ndtr
from scipy.stats import truncnorm

from fanwise.spec.limits import SMALLEST_MASS
from fanwise.spec.truncation import truncated_mass, truncated_moments

#: In how many digits SciPy and we must agree; a swapped or missing term is far outside.
REL = 1e-8


def assert_moments(low: float, high: float) -> None:
    mean, variance = truncnorm.stats(low, high, moments="mv")
    got_mean, got_std = truncated_moments(low, high)
    assert got_mean == pytest.approx(float(mean), rel=REL, abs=1e-12)
    assert got_std == pytest.approx(math.sqrt(variance), rel=REL)


@pytest.mark.parametrize(
    ("low", "high"),
    [(-2, 2), (-1, 1), (-2, 3), (0, 1), (0.5, 4), (-4, -0.5), (-9, 9), (2, 9), (3, 7), (-30, 40)],
)
def test_moments(low: float, high: float) -> None:
    assert_moments(float(low), float(high))


@given(low=st.floats(-5, 5), high=st.floats(-5, 5))
def test_moments_of_any_window(low: float, high: float) -> None:
    assume(high - low > 0.05)
    assume(ndtr(high) - ndtr(low) > SMALLEST_MASS)
    assert_moments(low, high)


def test_the_literal_that_frameworks_carry() -> None:
    assert truncated_moments(-2.0, 2.0) == (0.0, CORRECTION)


def test_the_uncut_normal() -> None:
    assert truncated_moments(-40.0, 40.0) == (0.0, 1.0)
    assert truncated_moments(-1e308, 1e308) == (0.0, 1.0)


def test_a_half_normal() -> None:
    mean, std = truncated_moments(0.0, 40.0)
    assert mean == pytest.approx(math.sqrt(2 / math.pi), rel=1e-15)
    assert std == pytest.approx(math.sqrt(1 - 2 / math.pi), rel=1e-15)


@pytest.mark.parametrize("width", [1e-1, 1e-2, 1e-3])
@pytest.mark.parametrize("middle", [0.0, 1.0, -2.0])
def test_narrow_windows_are_nearly_uniform(middle: float, width: float) -> None:
    """Where a formula in floats loses its digits: std is width / sqrt(12), to O(width**2)."""
    mean, std = truncated_moments(middle - width / 2, middle + width / 2)
    assert std == pytest.approx(width / math.sqrt(12), rel=width**2)
    assert mean == pytest.approx(middle * (1 - width**2 / 12), rel=width**3, abs=1e-15)


@given(low=st.floats(-8, 8), high=st.floats(-8, 8))
def test_mass(low: float, high: float) -> None:
    assume(low < high)
    # The tail below is the accurate one of the two.
    expected = ndtr(high) - ndtr(low) if low < 0 else ndtr(-low) - ndtr(-high)
    assert truncated_mass(low, high) == pytest.approx(expected, rel=1e-7, abs=1e-16)


def test_mirror_images() -> None:
    for low, high in ((0.25, 1.0), (1.0, 3.0), (-0.5, 3.0)):
        mean, std = truncated_moments(low, high)
        assert truncated_moments(-high, -low) == (-mean, std)
