"""The suite catches what it is to catch: its mutants, each for its fault."""

from dataclasses import replace
from unittest import mock

from fanwise.conformance.checks.registry import claims
from fanwise.conformance.mutants import kills
from fanwise.conformance.results.rows import Origin, Outcome


def test_the_suite_catches_all_its_mutants(suite):
    assert [str(row) for row in suite.failures] == []
    assert sum(row.engine == Origin.MUTANT for row in suite.rows) >= 25


def test_every_claim_has_a_mutant(suite):
    """But for two that are facts: whether a framework offers a scheme, and a library is there."""
    killed = {row.claim for row in suite.rows if row.engine == Origin.MUTANT}
    assert set(claims()) - killed == {"offered", "at hand"}


def test_a_mutant_without_its_fault_is_not_caught():
    """The kill is of the fault, not of the wrapping; tests of the faults show it of each."""
    mutant = next(iter(kills.mutants()))
    assert mutant.row().outcome == Outcome.PASS
    assert replace(mutant, fault=mutant.fault.without()).row().outcome == Outcome.FAIL


def test_kills_are_counted_over_seeds():
    few = [mutant for mutant in kills.mutants() if mutant.fault.claim.name in ("mean", "zeros")]
    with mock.patch.object(kills, "mutants", return_value=few):
        counted = kills.kills(range(3), lambda *_: None)
    assert [(kill.caught, kill.tried, kill.always) for kill in counted] == [(3, 3, True)] * 2
