"""The moments of a cut normal are correctly rounded, so that no C library can change a bit."""

import mpmath
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from reference.truncation import CORRECTION

from fanwise.spec.truncation import truncated_mass, truncated_moments


def exact(low, high):
    """The same formula through another library, with twice the digits."""
    with mpmath.workdps(120):
        a, b = mpmath.mpf(low), mpmath.mpf(high)
        mass = mpmath.ncdf(b) - mpmath.ncdf(a)
        mean = (mpmath.npdf(a) - mpmath.npdf(b)) / mass
        variance = 1 + (a * mpmath.npdf(a) - b * mpmath.npdf(b)) / mass - mean**2
        return float(mass), float(mean), float(mpmath.sqrt(variance))


@given(st.floats(-9, 3.6), st.floats(2**-12, 20))
@example(-2.0, 4.0)
@example(3.4, 0.5)
@example(-12.0, 24.0)
def test_correctly_rounded(low, width):
    high = low + width
    assume(truncated_mass(low, high) >= 2**-12)
    mass, mean, std = exact(low, high)
    assert (truncated_mass(low, high), *truncated_moments(low, high)) == (mass, mean, std)


def test_the_literal_of_other_libraries():
    assert exact(-2.0, 2.0)[2] == truncated_moments(-2.0, 2.0)[1] == CORRECTION


def test_bounds_beyond_everything_cut_nothing():
    assert truncated_moments(-1e6, float("inf")) == (0.0, 1.0)


def test_too_few_digits_would_show(monkeypatch):
    """The digits are needed: with 20 the smallest windows lose the last bits."""
    monkeypatch.setattr("fanwise.spec.truncation._DIGITS", 20)
    low, high = 3.4, 3.9
    assert truncated_moments.__wrapped__(low, high)[1] != exact(low, high)[2]


@pytest.mark.parametrize("low", [-3.0, 0.5])
def test_a_window_of_one_side_mirrors(low):
    mean, std = truncated_moments(low, low + 1)
    mirrored = truncated_moments(-low - 1, -low)
    assert mirrored == (-mean, std)
