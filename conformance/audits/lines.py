"""An audit as lines of text: failures first, then what is undecided, passes summed up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from fanwise.conformance.audits.digests import (
    NOTHING,
    Findings,
    RowGroup,
    counts_of,
    failures_of,
    passes_of,
    shown,
    undecided_of,
)
from fanwise.conformance.audits.results import FAILS, HOLDS, UNDECIDED, AuditRow

#: How many groups of failures, and of undecided claims, the short form shows.
_SHORT: Final = 20
_MARKS: Final = {HOLDS: "✓", FAILS: "✗", UNDECIDED: "?"}
#: How many letters of a note are shown.
_NOTE: Final = 600


@dataclass(frozen=True)
class TextLine:
    """A line of text.

    Attributes:
        text: without anything that a terminal obeys.
        outcome: what it tells of, for a colour; ``""`` for neither.
    """

    text: str
    outcome: str = ""


def audit_lines(audit: Findings, *, full: bool = False) -> Iterator[TextLine]:
    """Write an audit.

    Args:
        audit: what was found.
        full: whether to write a line for every row; without it, rows alike are told once.
    """
    counts = counts_of(audit.rows)
    outcome = HOLDS if audit.passed else FAILS
    yield TextLine(f"{'PASS' if audit.passed else 'FAIL'}: {shown(audit.subject)}", outcome)
    failed = counts[FAILS]
    yield TextLine(
        f"{failed:,} {'claim fails' if failed == 1 else 'claims fail'}, {counts[HOLDS]:,} hold, "
        f"{counts[UNDECIDED]:,} undecided; false alarms below {audit.false_alarm_rate:.2g}"
    )
    if not failed and not audit.passed:
        yield TextLine("Nothing could be decided, and nothing judged is nothing passed.", FAILS)
    yield from row_lines(audit.rows, full=full)


def row_lines(rows: Sequence[AuditRow], *, full: bool = False) -> Iterator[TextLine]:
    """Write the rows of an audit, those that fail first.

    Args:
        rows: of it.
        full: whether to write a line for every row; without it, rows alike are told once.
    """
    if full:
        for row in rows:
            yield from _row_lines(row)
        return
    yield from _failures(failures_of(rows))
    yield from _undecided(undecided_of(rows))
    held = [f"{shown(group.first.claim)} {len(group.rows):,}" for group in passes_of(rows)]
    if held:
        yield TextLine("What holds")
        yield TextLine(f"  ✓ {', '.join(held)}", HOLDS)


def _failures(groups: list[RowGroup]) -> Iterator[TextLine]:
    if groups:
        yield TextLine("What fails")
    for group in groups[:_SHORT]:
        more = f" (and {group.others:,} more like it)" if group.others else ""
        yield from _row_lines(group.first, more)
        if group.also:
            yield TextLine(f"      also: {', '.join(map(shown, group.also))}", FAILS)
    if len(groups) > _SHORT:
        left = sum(len(group.rows) for group in groups[_SHORT:])
        yield TextLine(f"  and {left:,} more, listed by the full text, JSON and the page", FAILS)


def _undecided(groups: list[RowGroup]) -> Iterator[TextLine]:
    if groups:
        yield TextLine("What is undecided")
    for group in groups[:_SHORT]:
        row = group.smallest
        weights = "1 weight" if not group.others else f"{len(group.rows):,} weights, such as"
        size = f" (n {row.n:,})" if row.n else ""
        why = _why(row)
        text = f"  ? {shown(row.claim)}: {weights} {shown(row.path)}{size}"
        yield TextLine(f"{text}: {why}" if why else text, UNDECIDED)
    if len(groups) > _SHORT:
        yield TextLine(f"  and {len(groups) - _SHORT:,} claims more", UNDECIDED)


def _why(row: AuditRow) -> str:
    """Say what the size of a weight lets it see, or else the note."""
    if row.visible == NOTHING:
        return "no fault shows in so few elements"
    if row.visible:
        return f"the smallest fault that shows is {shown(row.visible)}"
    return shown(row.note, _NOTE)


def _row_lines(row: AuditRow, more: str = "") -> Iterator[TextLine]:
    facts = [
        f"{name} {shown(value)}"
        for name, value in (
            ("observed", row.observed),
            ("expected", row.expected),
            ("bound", row.bound),
        )
        if value != ""
    ]
    facts += [f"n {row.n:,}"] if row.n else []
    text = f"  {_MARKS[row.outcome]} {shown(row.path)}  {shown(row.claim)}"
    yield TextLine(f"{text}: {', '.join(facts)}{more}" if facts else f"{text}{more}", row.outcome)
    if row.fault:
        yield TextLine(f"      this is: {shown(row.fault)}", row.outcome)
    if row.visible and row.outcome == UNDECIDED:
        yield TextLine(f"      {_why(row)}")
    if row.note:
        yield TextLine(f"      {shown(row.note, _NOTE)}")
