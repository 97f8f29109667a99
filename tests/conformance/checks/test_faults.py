"""Every claim holds on the reference, and fails on each of its faults."""

from pkgutil import resolve_name

import pytest

from fanwise.conformance.checks.faults import patched
from fanwise.conformance.checks.registry import checks, faults
from fanwise.conformance.results.rows import Outcome

pytestmark = pytest.mark.slow


def outcomes(fault, seed=5):
    return {row.outcome for row in fault.rows(seed) if row.claim == fault.claim.name}


@pytest.mark.parametrize("fault", faults(), ids=lambda fault: fault.name)
def test_a_claim_fails_on_its_fault_and_holds_without_it(fault):
    assert Outcome.FAIL in outcomes(fault)
    assert outcomes(fault.without()) <= {Outcome.PASS}


def test_a_fault_in_the_core_is_there_while_it_is_judged_and_gone_after():
    name = "fanwise.core.philox.ROUNDS"

    def rounds():
        return resolve_name(name)

    with patched(name, 9):
        assert rounds() == 9
    assert rounds() == 10


def test_faults_have_names_of_their_own():
    names = [fault.name for fault in faults()]
    assert len(set(names)) == len(names)
    assert sum(len(check.faults) for check in checks()) == len(names)
