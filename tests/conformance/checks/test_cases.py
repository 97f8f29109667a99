"""What is judged: every scheme, on kernels in the framework's own order."""

import numpy as np
import pytest

import fanwise
from fanwise.adapters.engines import Engine
from fanwise.adapters.numpy import NumpyAdapter
from fanwise.conformance.checks.cases import (
    Case,
    drawer,
    exact_draws,
    example_draw,
    is_first,
    judged_schemes,
    statistical_cases,
    stored_shape,
    title,
)
from fanwise.spec.catalogue import catalogue


def test_cases_are_stored_in_the_frameworks_own_order():
    assert stored_shape((3, 3, 5, 7), "torch") == (7, 5, 3, 3)
    assert stored_shape((3, 3, 5, 7), "kernel") == (3, 3, 5, 7)
    with pytest.raises(fanwise.FanwiseError, match="an axes pattern"):
        stored_shape((5, 7), "in out")
    assert {draw.scheme for draw, _ in exact_draws("torch")} == set(judged_schemes())
    assert len({case.seed for case in statistical_cases()}) == len(list(statistical_cases()))


def test_a_drawer_is_one_of_the_two_engines():
    draw = Case(fanwise.scheme("he_normal"), (8, 6), seed=3).draw("kernel")
    portable, native = (drawer(NumpyAdapter(), engine)(draw) for engine in Engine)
    expected = fanwise.sample("he_normal", (8, 6), seed=3)
    np.testing.assert_array_equal(portable, expected)
    assert (native != expected).any()


def test_every_scheme_is_judged_by_its_example_and_the_laws_on_those_of_the_first_version():
    assert {judged.family for judged in judged_schemes()} == {*catalogue().entries}
    cases = [case for case in statistical_cases() if not is_first(case.scheme)]
    assert len({case.scheme for case in cases}) == len(cases)
    assert {case.scheme.entry.uses_fan: len(case.kernel) for case in cases} in (
        {True: 4, False: 2},
        {False: 2},
        {True: 4},
        {},
    )


@pytest.mark.parametrize("axes", ["torch", "kernel"])
def test_an_example_is_stored_as_it_says_or_as_a_framework_does(axes):
    given = example_draw(fanwise.scheme("given", values=[[0.0, 0.5, 1.0], [1.0, 0.5, 0.0]]), axes)
    assert (given.shape, given.axes) == ((2, 3), "* in out")
    other = example_draw(fanwise.scheme("he_normal"), axes)
    assert (other.shape, other.axes) == ((16, 8) if axes == "torch" else (8, 16), axes)


def test_a_title_names_what_differs_from_the_defaults():
    assert title(fanwise.scheme("he_normal")) == "he_normal"
    assert title(fanwise.scheme("normal", mean=0.1)) == "normal(mean=0.1)"
