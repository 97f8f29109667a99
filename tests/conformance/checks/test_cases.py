"""What is judged: every scheme, on kernels in the framework's own order."""

import numpy as np
import pytest

import fanwise
from fanwise.adapters.engines import Engine
from fanwise.adapters.numpy import NumpyAdapter
from fanwise.conformance.checks.cases import (
    Case,
    drawer,
    exact_cases,
    judged_schemes,
    statistical_cases,
    stored_shape,
    title,
)


def test_cases_are_stored_in_the_frameworks_own_order():
    assert stored_shape((3, 3, 5, 7), "torch") == (7, 5, 3, 3)
    assert stored_shape((3, 3, 5, 7), "kernel") == (3, 3, 5, 7)
    with pytest.raises(fanwise.FanwiseError, match="an axes pattern"):
        stored_shape((5, 7), "in out")
    assert {case.scheme for case in exact_cases()} == set(judged_schemes())
    assert len({case.seed for case in statistical_cases()}) == len(list(statistical_cases()))


def test_a_drawer_is_one_of_the_two_engines():
    draw = Case(fanwise.scheme("he_normal"), (8, 6), seed=3).draw("kernel")
    portable, native = (drawer(NumpyAdapter(), engine)(draw) for engine in Engine)
    expected = fanwise.sample("he_normal", (8, 6), seed=3)
    np.testing.assert_array_equal(portable, expected)
    assert (native != expected).any()


def test_a_title_names_what_differs_from_the_defaults():
    assert title(fanwise.scheme("he_normal")) == "he_normal"
    assert title(fanwise.scheme("normal", mean=0.1)) == "normal(mean=0.1)"
