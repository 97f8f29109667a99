"""An audit as one page that loads nothing, and runs nothing but the filter of its rows."""

from __future__ import annotations

from typing import Final

from fanwise.conformance.audits.digests import (
    Findings,
    counts_of,
    failures_of,
    passes_of,
    shown,
    undecided_of,
)
from fanwise.conformance.audits.results import FAILS, HOLDS, UNDECIDED
from fanwise.conformance.report.pages import page
from fanwise.spec.versions import package_version, spec_version

#: How many rows the table of all of them has at the most; a browser must be able to hold them.
_MOST_ROWS: Final = 20_000
#: How many letters of a text are shown: more than on a terminal.
_SHOWN: Final = 600
_OUTCOMES: Final = {FAILS: "fails", UNDECIDED: "is undecided", HOLDS: "holds"}


def audit_page(audit: Findings) -> str:
    """Return the page.

    Raises:
        ModuleNotFoundError: without jinja2.
    """
    rows = audit.rows[:_MOST_ROWS]
    return page(
        "fanwise.conformance.audits",
        "audit.html",
        "audit",
        shown=_shown,
        audit=audit,
        counts=counts_of(audit.rows),
        failures=failures_of(audit.rows),
        undecided=undecided_of(audit.rows),
        passes=passes_of(audit.rows),
        rows=rows,
        left_out=max(0, len(audit.rows) - _MOST_ROWS),
        claim_choices=[(claim, claim) for claim in dict.fromkeys(row.claim for row in rows)],
        outcome_choices=list(_OUTCOMES.items()),
        fanwise=package_version(),
        spec=spec_version(),
    )


def _shown(value: object) -> str:
    """Write a number in a few figures, and a text without what turns a line around."""
    return shown(value, _SHOWN)
