"""Means over a standard normal number, against closed forms."""

import math
import random

import pytest

from fanwise.spec.gaussian_means import mean


@pytest.mark.parametrize("power", range(13))
def test_moments(power: int) -> None:
    expected = 0 if power % 2 else math.prod(range(1, power, 2))
    assert mean(lambda z: z**power) == pytest.approx(expected, rel=1e-13, abs=1e-11)


@pytest.mark.parametrize("place", [0.0, 0.3, -1.77, math.pi, 5.5])
def test_kinks_and_steps_anywhere(place: float) -> None:
    """E[1(z > a)] and E[max(z - a, 0)]."""
    density = math.exp(-place * place / 2) / math.sqrt(2 * math.pi)
    above = math.erfc(place / math.sqrt(2)) / 2
    assert mean(lambda z: float(z > place)) == pytest.approx(above, abs=1e-14)
    assert mean(lambda z: max(z - place, 0)) == pytest.approx(density - place * above, abs=1e-14)


@pytest.mark.parametrize("scale", [1, 30, 10_000])
def test_what_varies_fast(scale: float) -> None:
    """E[sech(s z)²] tends to 2 / (s √(2π)); E[cos(s z)] is exp(-s²/2)."""
    held = mean(lambda z: 1 - math.tanh(scale * z) ** 2)
    assert scale == 1 or held == pytest.approx(2 / scale / math.sqrt(2 * math.pi), rel=1e-3)
    if scale < 1000:
        expected = math.exp(-(scale**2) / 2)
        assert mean(lambda z: math.cos(scale * z)) == pytest.approx(expected, abs=1e-12)


def test_what_is_not_finite() -> None:
    assert math.isnan(mean(lambda z: math.nan))
    assert mean(lambda z: math.inf) == math.inf


def test_a_function_that_is_nowhere_smooth_comes_to_an_end() -> None:
    generator, asked = random.Random(0), []
    assert mean(lambda z: asked.append(z) or generator.random()) == pytest.approx(0.5, abs=0.05)
    assert len(asked) < 250_000
