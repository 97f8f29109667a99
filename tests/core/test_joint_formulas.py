"""Formulas of several weights of a layer that take one draw together."""

import numpy as np
import pytest

import fanwise
from fanwise.spec.errors import FanwiseError


def drawn(scheme, path, shape=(40,), axes="* out", **params):
    chosen = fanwise.scheme(scheme, **params)
    return fanwise.sample(chosen, shape, seed=3, path=path, axes=axes, dtype="float64")


def test_chrono_gates_are_opposite_unit_by_unit():
    forget = drawn("chrono_forget", "rnn/0/forget_bias", steps=100)
    np.testing.assert_array_equal(drawn("chrono_input", "rnn/0/bias", steps=100), -forget)
    other = drawn("chrono_input", "rnn/1/bias", steps=100)
    assert not np.any(other == -forget)
    assert 0 < forget.min() < forget.max() < np.log(99)


def test_the_first_of_several_gates_is_the_input_gate():
    forget = drawn("chrono_forget", "rnn/0/forget_bias", steps=100)
    bias = drawn("chrono_input", "rnn/0/bias", (3, 40), "batch out", steps=100)
    np.testing.assert_array_equal(bias[0], -forget)
    np.testing.assert_array_equal(bias[1:], 0.0)


def test_gammas_of_an_lru_are_those_of_its_eigenvalues():
    radii = {"radius_min": 0.4, "radius_max": 0.99}
    magnitude = np.exp(-np.exp(drawn("lru_ring", "lru/nu_log", **radii)))
    gamma = np.exp(drawn("lru_gamma", "lru/gamma_log", **radii))
    np.testing.assert_allclose(gamma**2 + magnitude**2, 1.0, rtol=1e-14)
    assert 0.4 < magnitude.min() < magnitude.max() < 0.99


def test_without_a_path_the_seed_is_shared():
    forget = drawn("chrono_forget", None, steps=100)
    np.testing.assert_array_equal(drawn("chrono_input", None, steps=100), -forget)


def test_a_path_without_a_member_is_refused():
    with pytest.raises(FanwiseError, match="forget_bias or bias"):
        drawn("chrono_forget", "rnn/0/kernel", steps=100)
