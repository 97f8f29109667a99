"""The conformance suite as tests: one for each step of a run, and for each mutant.

Run it by ``pytest --pyargs fanwise.conformance --adapter NAME``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

import pytest

from fanwise.adapters.discovery import load
from fanwise.adapters.protocol import Adapter
from fanwise.conformance.checks.exact import core
from fanwise.conformance.mutants.adapters import Mutant, mutants
from fanwise.conformance.results.rows import FAIL, PASS, Row
from fanwise.conformance.run import Found, Step, closing, listed_deviations, steps


@dataclass
class Judged:
    """One adapter, and what its steps have found so far."""

    adapter: Adapter
    found: dict[str, Found] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.adapter.name

    def rows(self, step: Step) -> tuple[Row, ...]:
        """The rows of a step, which is run once."""
        if step.title not in self.found:
            self.found[step.title] = step.judged(self.adapter, listed_deviations(self.adapter))
        return self.found[step.title].rows


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test for each step of each adapter that was asked for."""
    names = metafunc.config.getoption("adapter", default=[])
    if not names:
        raise pytest.UsageError("Say which adapter to judge: --adapter NAME")
    if "judged" not in metafunc.fixturenames:
        return
    every = [_judged(name) for name in names]
    if "step" not in metafunc.fixturenames:
        metafunc.parametrize("judged", every, ids=str)
        return
    pairs = [(one, step) for one in every for step in steps(one.adapter)]
    ids = [f"{one} {step.title}" for one, step in pairs]
    metafunc.parametrize(("judged", "step"), pairs, ids=ids)


@cache
def _judged(name: str) -> Judged:
    """The same for all tests, so that what they find is kept."""
    return Judged(load(name))


def test_claims_hold(judged: Judged, step: Step) -> None:
    """Every claim of the step holds, or its failure is a listed deviation."""
    _assert_none_fails(judged.rows(step))


def test_enough_was_judged(judged: Judged) -> None:
    """Both engines and a layer were judged, and every listed deviation occurred."""
    rows = [row for step in steps(judged.adapter) for row in judged.rows(step)]
    _assert_none_fails(closing(judged.adapter, rows, listed_deviations(judged.adapter)))


def test_the_core_gives_the_known_answers() -> None:
    """The stream of the specification, stage by stage."""
    _assert_none_fails(core())


@pytest.mark.parametrize("mutant", list(mutants()), ids=lambda mutant: mutant.name)
def test_a_mutant_is_caught(mutant: Mutant) -> None:
    """A broken adapter is caught by the claim that is there for it."""
    assert mutant.row().outcome == PASS


def _assert_none_fails(rows: Iterable[Row]) -> None:
    failures = [row for row in rows if row.outcome == FAIL]
    if failures:
        pytest.fail("\n".join(map(str, failures)), pytrace=False)
