"""A run must come to its end, and must have judged enough."""

from fanwise.adapters.numpy import NumpyAdapter
from fanwise.conformance.checks.check import Step, StepResult
from fanwise.conformance.checks.completeness import missing, take_step


class WithStartsAndOwn(NumpyAdapter):
    own_layers = ("dense",)
    starts = ("dense",)

    def own(self, draw):
        raise NotImplementedError

    def start(self, kind, seed):
        raise NotImplementedError


def test_what_an_adapter_has_must_be_judged():
    always = {(row.engine, row.subject) for row in missing(NumpyAdapter(), ())}
    further = {(row.engine, row.subject) for row in missing(WithStartsAndOwn(), ())}
    assert ("portable", "golden") in always
    assert further - always == {("own", "variance"), ("start", "variance")}


def test_what_was_judged_is_not_missing(sound):
    assert list(missing(NumpyAdapter(), sound.rows)) == []
    fewer = [row for row in sound.rows if row.claim != "layers"]
    assert [row.subject for row in missing(NumpyAdapter(), fewer)] == ["layers"]


def test_a_step_that_raises_is_a_failure_with_its_message():
    def work():
        raise RuntimeError("no sampler today")

    (row,) = take_step(Step("bits", work), NumpyAdapter()).rows
    assert (row.claim, row.outcome, row.scheme) == ("runs", "fail", "bits")
    assert row.note == "RuntimeError: no sampler today"
    result = StepResult(rows=())
    assert take_step(Step("bits", lambda: result), NumpyAdapter()) is result
