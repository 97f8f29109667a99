"""What speaks against a law: each test rejects what is right less often than it says."""

from __future__ import annotations

import math

import numpy as np
import pytest

from fanwise.adapters.observed_values.evidence import (
    Evidence,
    families_of,
    is_distributed,
    is_spread,
    is_too_much,
)
from fanwise.adapters.observed_values.families import NORMAL, UNIFORM, truncated

FAMILIES = [UNIFORM, NORMAL, truncated(2.0), truncated(3.0)]


def drawn(family, random, size):
    if family == UNIFORM:
        return random.uniform(-math.sqrt(3), math.sqrt(3), size)
    values = random.normal(0, 1, 2 * size + 100)
    return values[np.abs(values) < family.cut][:size] / family.shrinkage


@pytest.mark.parametrize("family", FAMILIES, ids=lambda f: f"{f.scheme} {f.cut}")
@pytest.mark.parametrize("size", [1, 2, 3, 8, 40, 1000, 20_000])
def test_values_of_a_law_are_not_rejected(family, size) -> None:
    random = np.random.default_rng(size)
    for _ in range(2000 if size < 1000 else 100):
        values = drawn(family, random, size)
        powers = [float((values**power).mean()) for power in (1, 2, 3, 4)]
        evidence = Evidence(size, size, tuple(powers), float(np.abs(values).max()))
        assert evidence.contradiction(family) == ""
        assert is_distributed(family, values)


@pytest.mark.parametrize("family", FAMILIES, ids=lambda f: f"{f.scheme} {f.cut}")
def test_a_law_is_told_from_the_others_by_enough_values(family) -> None:
    values = drawn(family, np.random.default_rng(0), 60_000)
    assert families_of(Evidence.of(values)) == (family,)


@pytest.mark.parametrize("cut", [1.0, 1.5, 2.5, 2.2])
def test_other_cuts_are_found(cut) -> None:
    values = drawn(truncated(cut), np.random.default_rng(0), 60_000)
    (family,) = families_of(Evidence.of(values))[:1]
    assert family.cut == pytest.approx(cut, rel=0.02)


def test_moments_of_a_cut_law_are_those_of_its_values() -> None:
    values = drawn(truncated(2.0), np.random.default_rng(1), 1_000_000)
    moments = [float((values**power).mean()) for power in (4, 6, 8)]
    assert moments == pytest.approx(truncated(2.0).higher, rel=0.02)


@pytest.mark.parametrize("size", [1, 2, 4, 30])
def test_the_deviation_of_few_values_is_rejected_as_seldom_as_said(size) -> None:
    random = np.random.default_rng(0)
    squares = (random.uniform(-math.sqrt(3), math.sqrt(3), (200_000, size)) ** 2).mean(axis=1)
    assert all(is_spread(UNIFORM, size, float(square)) for square in np.sort(squares)[:200])
    assert is_spread(UNIFORM, size, float(squares.max()))
    assert not is_spread(UNIFORM, size, 1e-22)


def test_peaks_of_many_samples_speak_together() -> None:
    random = np.random.default_rng(0)
    for _ in range(500):
        assert not is_too_much(float(random.exponential(size=17).sum()), 17)
    # None of 17 bounds that are 1.5 % too far is told by itself.
    peaks = [np.abs(random.uniform(-1, 1, 864)).max() for _ in range(17)]
    beyond = [864 * (1 - peak / 1.015) for peak in peaks]
    assert not any(is_too_much(expected, 1) for expected in beyond)
    assert is_too_much(sum(beyond), 17)
