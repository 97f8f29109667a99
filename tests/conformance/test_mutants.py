"""The suite catches what it is to catch: its mutants, each for its fault."""

from dataclasses import replace
from unittest import mock

import pytest

from fanwise.conformance.checks.claims import CLAIMS
from fanwise.conformance.mutants import adapters as mutants
from fanwise.conformance.mutants import faults
from fanwise.conformance.results.rows import (
    FAIL,
)


def test_the_suite_catches_all_its_mutants(suite):
    assert [str(row) for row in suite.failures] == []
    assert sum(row.engine == "mutant" for row in suite.rows) >= 25


def test_every_statistical_and_exact_claim_has_a_mutant(suite):
    """But for those about the core's stages, which golden tensors would catch as well."""
    killed = {row.claim for row in suite.rows if row.engine == "mutant"}
    groups = ("stages", "verdict", "own", "models")
    needed = {name for name, claim in CLAIMS.items() if claim.group not in groups}
    # A verdict's own claims are shown to fail in test_verdict.py; whether a framework offers a
    # scheme is a fact; "bits" is "golden" in another order.
    assert needed - killed == {"same bits", "two samples", "offered", "bits"}


MUTANTS = [one for one in mutants.mutants() if isinstance(one.rows, mutants.Drawn)]


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_mutant_without_its_fault_is_not_caught(mutant):
    """The kill is of the fault, not of the wrapping."""
    harmless = replace(mutant, rows=replace(mutant.rows, fault=faults.right))
    assert harmless.row().outcome == FAIL


def test_kills_are_counted_over_seeds():
    few = [mutant for mutant in mutants.mutants() if mutant.claim in ("mean", "zeros")]
    with mock.patch.object(mutants, "mutants", return_value=few):
        found = mutants.kills(range(3), lambda *_: None)
    assert [(kill.caught, kill.tried, kill.always) for kill in found] == [(3, 3, True)] * 2
