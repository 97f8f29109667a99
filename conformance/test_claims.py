"""The conformance suite as tests: one for each step of a run, and for each mutant.

Run it by ``pytest --pyargs fanwise.conformance --fanwise-adapter NAME``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

import pytest

from fanwise.adapters.discovery import load
from fanwise.adapters.protocol import Adapter
from fanwise.conformance.checks.check import Step, StepResult
from fanwise.conformance.mutants.kills import Mutant, mutants
from fanwise.conformance.plugin import OPTION
from fanwise.conformance.results.rows import Outcome, ResultRow
from fanwise.conformance.run import (
    core_rows,
    judge_step,
    listed_deviations,
    steps,
    whole_run_rows,
)


@dataclass
class JudgedAdapter:
    """One adapter, and what its steps have given so far."""

    adapter: Adapter
    results: dict[str, StepResult] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.adapter.name

    def rows(self, step: Step) -> tuple[ResultRow, ...]:
        """Return the rows of a step, which is run once."""
        if step.title not in self.results:
            listed = listed_deviations(self.adapter)
            self.results[step.title] = judge_step(step, self.adapter, listed)
        return self.results[step.title].rows


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make a test for each step of each adapter that was asked for."""
    names = metafunc.config.getoption(OPTION)
    if not names:
        raise pytest.UsageError(f"Say which adapter to judge: {OPTION} NAME")
    if "judged" not in metafunc.fixturenames:
        return
    adapters = [_judged_adapter(name) for name in names]
    if "step" not in metafunc.fixturenames:
        metafunc.parametrize("judged", adapters, ids=str)
        return
    pairs = [(judged, step) for judged in adapters for step in steps(judged.adapter)]
    ids = [f"{judged} {step.title}" for judged, step in pairs]
    metafunc.parametrize(("judged", "step"), pairs, ids=ids)


@cache
def _judged_adapter(name: str) -> JudgedAdapter:
    """Return the same for all tests, so that what their steps give is kept."""
    return JudgedAdapter(load(name))


def test_claims_hold(judged: JudgedAdapter, step: Step) -> None:
    """Every claim of the step holds, or its failure is a listed deviation."""
    _assert_none_fails(judged.rows(step))


def test_enough_was_judged(judged: JudgedAdapter) -> None:
    """Both engines and a layer were judged, and every listed deviation occurred."""
    rows = [row for step in steps(judged.adapter) for row in judged.rows(step)]
    _assert_none_fails(whole_run_rows(judged.adapter, rows, listed_deviations(judged.adapter)))


def test_the_core_gives_the_known_answers() -> None:
    """The stream of the specification, stage by stage."""
    _assert_none_fails(core_rows())


@pytest.mark.parametrize("mutant", list(mutants()), ids=lambda mutant: mutant.name)
def test_a_mutant_is_caught(mutant: Mutant) -> None:
    """A broken adapter is caught by the claim that is there for it."""
    assert mutant.row().outcome == Outcome.PASS


def _assert_none_fails(rows: Iterable[ResultRow]) -> None:
    failures = [row for row in rows if row.outcome == Outcome.FAIL]
    if failures:
        pytest.fail("\n".join(map(str, failures)), pytrace=False)
