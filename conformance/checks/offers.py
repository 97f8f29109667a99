"""The claim that a framework has an initializer for a scheme, which it may do without."""

from __future__ import annotations

from typing import Final

from fanwise.conformance.checks.check import Check
from fanwise.conformance.results.claims import Claim, Group
from fanwise.conformance.results.rows import Outcome, ResultRow
from fanwise.conformance.results.subjects import Subject

OFFERED: Final = Claim(
    name="offered",
    group=Group.STRUCTURE,
    null="the framework has an initializer for it",
    test="it gave one",
    catches="nothing",
)


def not_offered(subject: Subject, error: Exception) -> ResultRow:
    """Return a row for what the framework has no initializer for."""
    figures = {"observed": "no", "expected": "yes or no", "note": str(error)}
    return subject.row(OFFERED, Outcome.NONE, **figures)


CHECK: Final = Check(claims=(OFFERED,))
