"""Correlations of ranks, and windows of elements that occur twice."""

import numpy as np
import pytest

from fanwise.conformance.statistics import ranks
from fanwise.conformance.statistics.tails import ALPHA, LIKELIEST, WINDOW


def uniforms(count, seed=0):
    return np.random.default_rng(seed).uniform(-1, 1, count).astype(np.float32)


def counted_plainly(weights):
    """Every window that another one before it equals, by a set."""
    windows = [
        tuple(weight[i : i + WINDOW]) for weight in weights for i in range(weight.size - WINDOW + 1)
    ]
    return len(windows) - len(set(windows)), len(windows)


@pytest.mark.parametrize("period", [4, 7, 1000])
def test_windows_are_counted_within_a_weight_and_across_weights(period):
    weights = [
        np.resize(uniforms(period), 2500),
        uniforms(800, seed=1),
        uniforms(800, seed=1)[300:500],
        np.zeros(10, np.float32),
    ]
    finding, windows, _ = ranks.repeats(weights)
    assert (finding.observed, windows) == counted_plainly(weights)
    assert not finding.passed


def test_three_elements_in_common_are_no_repeat_and_four_are():
    first, second = uniforms(500), uniforms(500, seed=1)
    second[100 : 100 + WINDOW - 1] = first[7 : 7 + WINDOW - 1]
    assert ranks.repeats([first, second])[0].observed == 0
    second[100 : 100 + WINDOW] = first[7 : 7 + WINDOW]
    assert ranks.repeats([first, second])[0].observed == 1


def test_the_two_zeros_are_one_value():
    positive = np.zeros(WINDOW, np.float32)
    assert ranks.repeats([positive, -positive])[0].observed == 1


def test_windows_of_one_hash_are_compared_themselves(monkeypatch):
    weights = [uniforms(1000), uniforms(1000, seed=1)]
    monkeypatch.setattr(ranks, "_hashes", lambda windows: np.zeros(len(windows), np.uint64))
    assert ranks.repeats(weights)[0].passed


def test_the_rate_is_that_of_any_two_windows():
    _, windows, rate = ranks.repeats([uniforms(1000)])
    assert windows == 1000 - WINDOW + 1
    assert rate == windows * (windows - 1) / 2 * LIKELIEST**WINDOW


def test_lines_and_lags_are_the_largest_of_theirs():
    ranked = uniforms(4096).reshape(64, 64).astype(np.float64)
    assert ranks.lines(ranked, axis=1).passed
    assert ranks.lags(ranked, (1, 2, 64)).passed
    moved = ranked.copy()
    moved[9] = np.abs(moved[9])
    assert not ranks.lines(moved, axis=1, alpha=1e-3).passed
    assert ranks.lines(moved, axis=0, alpha=ALPHA).passed
    copied = ranked.copy()
    copied[1::2] = copied[::2]
    assert not ranks.lags(copied, (1, 2, 64)).passed
    assert ranks.lags(copied, (1, 2)).passed
