"""Known answers: read, met by the reference, and missed by what draws something else."""

import numpy as np
import pytest
from common.known_answers import row

from fanwise.adapters.numpy import NumpyAdapter
from fanwise.conformance.checks.faults import Broken, right
from fanwise.conformance.checks.published import published
from fanwise.conformance.results.rows import Outcome
from fanwise.conformance.vectors.known_answers import answer_of


def outcome(row, adapter=None):
    (judged,) = published(adapter or NumpyAdapter(), [answer_of(row)])
    return judged.outcome


def test_the_reference_meets_every_published_answer():
    rows = list(published(NumpyAdapter()))
    assert [str(row) for row in rows if row.outcome != Outcome.PASS] == []
    assert len({row.scheme for row in rows}) >= 15


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
        ({"low": -1.0}, False),
    ],
)
def test_the_numbers_of_a_law_are_read_off_what_was_drawn(law, met):
    judged = outcome(row("normal", [30, 20], {"law": law}, params={"mean": 0.25, "std": 0.5}))
    assert judged == (Outcome.PASS if met else Outcome.FAIL)


def test_no_law_is_read_off_what_is_made_as_a_whole_or_of_one_element():
    assert outcome(row("orthogonal", [4, 4], {"law": {"std": 0.5}})) == Outcome.FAIL
    assert outcome(row("normal", [1, 1], {"law": {"std": 1.0}})) == Outcome.FAIL


def test_an_adapter_that_draws_something_else_misses_it():
    transposed = Broken(lambda draw: np.ascontiguousarray(right(draw).T))
    answer = row(
        "given", [2, 2], {"values": [[1.0, 2.0], [3.0, 4.0]]}, params={"values": [[1, 2], [3, 4]]}
    )
    assert outcome(answer) == Outcome.PASS
    assert outcome(answer, transposed) == Outcome.FAIL
