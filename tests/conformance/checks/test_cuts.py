"""Rows about cut models: of an adapter that has ways to cut, and of what a matrix found."""

from dataclasses import replace

import pytest

from fanwise.adapters.cut_protocol import CutWay
from fanwise.adapters.numpy import NumpyAdapter
from fanwise.conformance.checks.cuts import CHECK, cut_rows
from fanwise.conformance.checks.registry import faults
from fanwise.conformance.cuts.expected import expected_digests
from fanwise.conformance.cuts.matrix import BESIDE, CutRow, judged_row

PART = 100 << 20


class Spread(NumpyAdapter):
    """An adapter of a registered name that says that it has ways to cut."""

    cuts = (CutWay("rows", (2, 4)), CutWay("devices", (2,), processes=False))

    def take_seat(self, seat):
        raise NotImplementedError

    def cut(self, draw):
        raise NotImplementedError


def found(**changes):
    cell = {
        "way": "rows",
        "world": 2,
        "model": "encoder",
        "weights": expected_digests("encoder"),
    }
    row = judged_row("mine", "rows", 2, [[cell], [cell]])
    return replace(row, part=PART, allocated=PART, **changes)


def outcomes(row):
    return [(one.claim, str(one.outcome)) for one in cut_rows(row)]


def test_each_set_of_processes_is_a_step_and_what_has_no_ways_has_none():
    titles = [step.title for step in CHECK.steps(Spread())]
    assert titles == ["cuts over 2 processes", "cuts in one process"]
    assert not list(CHECK.steps(NumpyAdapter()))
    assert not any(step.quick for step in CHECK.steps(Spread()))


def test_what_is_equal_and_bounded_holds():
    assert outcomes(found()) == [("cuts", "pass"), ("cut memory", "pass")]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"wrong": ("encoder: up/kernel",)}, [("cuts", "fail"), ("cut memory", "pass")]),
    ],
)
def test_weights_and_memory_are_claims_of_their_own(changes, told):
    assert outcomes(found(**changes)) == told


def test_memory_beyond_the_bound_fails():
    beyond = replace(found(), allocated=PART + BESIDE + 1)
    assert outcomes(beyond)[1] == ("cut memory", "fail")
    assert outcomes(replace(beyond, allocated=None)) == [("cuts", "pass")]


def test_an_error_is_one_failure_that_says_it():
    (row,) = cut_rows(CutRow("mine", "rows", 2, 2, {}, error="process 1 ended with 7"))
    assert row.outcome == "fail"
    assert "ended with 7" in row.note


def test_its_faults_are_caught():
    mine = [fault for fault in faults() if fault.claim in CHECK.claims]
    assert len(mine) == 2
    for fault in mine:
        assert [r for r in fault.rows(0) if r.outcome == "fail" and r.claim == fault.claim.name]
        assert all(row.outcome == "pass" for row in fault.without().rows(0))
