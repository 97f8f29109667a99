"""What a module of checks brings, and what it need not bring."""

from fanwise.adapters.numpy import NumpyAdapter
from fanwise.conformance.checks.check import Check, Step, StepResult, rows_step
from fanwise.conformance.results.rows import Origin, Outcome, ResultRow

ROW = ResultRow(
    adapter="a",
    engine=Origin.ADAPTER,
    claim="runs",
    scheme="every step",
    subject="",
    outcome=Outcome.PASS,
    observed="rows",
    expected="rows",
)


def test_a_step_of_rows_judges_when_it_is_taken_and_not_before():
    seen = []

    def judge(*arguments):
        seen.append(arguments)
        yield ROW

    step = rows_step("one", judge, "x", 3)
    assert seen == []
    assert step.work() == StepResult(rows=(ROW,))
    assert seen == [("x", 3)]


def test_the_rows_of_a_step_are_told_from_those_of_another():
    step = Step("another", lambda: StepResult(rows=(ROW,)))
    (titled,) = step.titled(step.work().rows)
    assert (ROW.step, titled.step) == ("", "another")
    assert titled.claim == ROW.claim


def test_a_check_that_brings_nothing_judges_nothing():
    check = Check()
    assert [*check.steps(NumpyAdapter()), *check.core(), *check.compare([])] == []
    assert (check.claims, check.faults, dict(check.calibration)) == ((), (), {})
