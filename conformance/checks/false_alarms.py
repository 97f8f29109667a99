"""The claim that a verdict does not fail by chance."""

from __future__ import annotations

from typing import Final

from fanwise.conformance.checks.check import Check
from fanwise.conformance.results.claims import ANY_DIFFERENCE, Claim, Group
from fanwise.conformance.results.rows import Origin, Outcome, ResultRow
from fanwise.conformance.results.subjects import Subject
from fanwise.conformance.results.verdicts import Verdict

FALSE_ALARMS: Final = Claim(
    name="false alarms",
    group=Group.VERDICT,
    null="all rates together are small",
    test="their sum",
    catches=ANY_DIFFERENCE,
)

#: What all false-alarm rates of a verdict may add up to.
FAMILY: Final = 1e-9


def false_alarms(verdict: Verdict) -> ResultRow:
    """Judge the sum of all false-alarm rates of a verdict."""
    total = verdict.false_alarms
    judged = sum(row.outcome != Outcome.NONE for row in verdict.rows)
    subject = Subject(
        adapter="all",
        engine=Origin.VERDICT,
        scheme="all claims together",
        subject=f"{judged} claims",
    )
    return subject.row(
        FALSE_ALARMS,
        Outcome.PASS if total <= FAMILY else Outcome.FAIL,
        observed=f"{total:.3g}",
        expected="0",
        bound=f"[0, {FAMILY:.3g}]",
    )


CHECK: Final = Check(claims=(FALSE_ALARMS,))
