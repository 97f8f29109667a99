"""Known answers: read, met by the reference, and missed by what draws something else."""

import math
from dataclasses import replace

import numpy as np
import pytest

import fanwise
from fanwise.adapters.numpy import NumpyAdapter
from fanwise.conformance.checks.drawn_laws import drawn_numbers
from fanwise.conformance.checks.faults import Broken, right
from fanwise.conformance.checks.published import published
from fanwise.conformance.results.rows import Outcome
from fanwise.conformance.vectors.known_answers import answer_of, known_answers
from fanwise.spec.catalogue import catalogue


def row(scheme, shape, expect, **more):
    told = {"source": "a paper", "obtained": "equation 1"}
    return {"scheme": scheme, "shape": shape, "expect": expect, **told, **more}


def outcome(row, adapter=None):
    (judged,) = published(adapter or NumpyAdapter(), [answer_of(row)])
    return judged.outcome


def test_the_reference_meets_every_published_answer():
    rows = list(published(NumpyAdapter()))
    assert [str(row) for row in rows if row.outcome != Outcome.PASS] == []
    assert len({row.scheme for row in rows}) >= 15


def test_every_answer_is_of_a_scheme_with_a_law_on_its_shape():
    for answer in known_answers():
        assert answer.draw.scheme.family in catalogue().entries
        assert math.prod(answer.draw.shape) <= 1 << 16


@pytest.mark.parametrize(
    ("expect", "met"),
    [
        ({"values": [[2.0, 0.0], [0.0, 2.0]]}, True),
        ({"values": [[2.0, 0.0], [0.0, 2.0 + 1e-9]]}, False),
        ({"values": [[2.0, 0.0], [0.0, 2.0 + 1e-9]], "rtol": 1e-8}, True),
        ({"values": [[2.0, 1e-9], [0.0, 2.0]], "rtol": 1e-8}, False),
        ({"values": [[2.0, 1e-9], [0.0, 2.0]], "atol": 1e-8}, True),
        ({"values": [2.0, 0.0]}, False),
        ({"properties": {"singular_values": 2.0}}, True),
        ({"properties": {"singular_values": 1.0}}, False),
        ({"properties": {"singular_valeus": 2.0}}, False),
    ],
)
def test_numbers_may_be_off_by_as_much_as_an_answer_says(expect, met):
    judged = outcome(row("identity", [2, 2], expect, params={"gain": 2.0}))
    assert judged == (Outcome.PASS if met else Outcome.FAIL)


@pytest.mark.parametrize(
    ("law", "met"),
    [
        ({"kind": "normal", "std": 0.5, "mean": 0.25}, True),
        ({"kind": "uniform", "std": 0.5}, False),
        ({"kind": "normal", "std": 0.5 + 1e-9}, False),
        ({"mean": 0.25 - 1e-9}, False),
        ({"low": -math.inf}, False),
    ],
)
def test_the_numbers_of_a_law_are_read_off_what_was_drawn(law, met):
    judged = outcome(row("normal", [30, 20], {"law": law}, params={"mean": 0.25, "std": 0.5}))
    assert judged == (Outcome.PASS if met else Outcome.FAIL)


@pytest.mark.parametrize(
    "scheme",
    [
        fanwise.scheme("uniform", low=-0.25, high=1.0),
        fanwise.scheme("normal", mean=0.3, std=0.1),
        fanwise.scheme("truncated_normal", mean=0.5, std=0.1, low=-1.0, high=3.0),
        fanwise.scheme("constant", value=0.25),
    ],
    ids=lambda scheme: scheme.name,
)
def test_drawn_numbers_are_those_of_the_law(scheme):
    draw = answer_of(row("zeros", [40, 30], {"law": {}})).draw
    draw = replace(draw, scheme=scheme, path="layer/kernel", seed=7)
    numbers, law = drawn_numbers(right(draw), draw), scheme.law((40, 30))
    assert numbers["mean"] == pytest.approx(law.mean, rel=1e-12)
    assert numbers["std"] == pytest.approx(law.std, rel=1e-12)
    if hasattr(law, "sigma"):
        assert numbers["sigma"] == pytest.approx(law.sigma, rel=1e-12)
    # Of other words the numbers are none.
    if law.std:
        other = drawn_numbers(right(draw), replace(draw, seed=8))
        assert math.isnan(other["std"])


def test_no_law_is_read_off_what_is_made_as_a_whole_or_of_one_element():
    assert outcome(row("orthogonal", [4, 4], {"law": {"std": 0.5}})) == Outcome.FAIL
    assert outcome(row("normal", [1, 1], {"law": {"std": 1.0}})) == Outcome.FAIL


@pytest.mark.parametrize(
    "broken",
    [
        {"expect": {}},
        {"expect": {"values": [], "law": {}}},
        {"expect": {"numbers": []}},
        {"more": 1},
    ],
)
def test_an_answer_without_a_form_is_refused(broken):
    with pytest.raises(fanwise.FanwiseError, match="known answer"):
        answer_of({**row("zeros", [2], {"values": [0.0, 0.0]}), **broken})


def test_lists_are_the_tuples_that_a_scheme_takes_and_the_axes_those_of_its_entry():
    answer = answer_of(
        row(
            "given",
            [2, 2],
            {"values": [[1.0, 2.0], [3.0, 4.0]]},
            params={"values": [[1, 2], [3, 4]]},
        )
    )
    assert answer.draw.axes == catalogue().entries["given"].axes
    (judged,) = published(NumpyAdapter(), [answer])
    assert judged.outcome == Outcome.PASS


def test_an_adapter_that_draws_something_else_misses_it():
    transposed = Broken(lambda draw: np.ascontiguousarray(right(draw).T))
    answer = row(
        "given", [2, 2], {"values": [[1.0, 2.0], [3.0, 4.0]]}, params={"values": [[1, 2], [3, 4]]}
    )
    assert outcome(answer) == Outcome.PASS
    assert outcome(answer, transposed) == Outcome.FAIL
