"""What a verification found: which weights differ from what was drawn, and where first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fanwise.conformance.audits.block_samples import BlockSample
from fanwise.conformance.audits.digests import counts_of, shown
from fanwise.conformance.audits.forms import audit_json
from fanwise.conformance.audits.lines import TextLine, row_lines
from fanwise.conformance.audits.results import FAILS, HOLDS, AuditRow
from fanwise.conformance.audits.verdicts import Audit


@dataclass(frozen=True)
class Verification:
    """Whether weights are what a recipe and a seed draw; ``print`` it to see the first difference.

    Attributes:
        audit: a row for each weight, its first difference in the note.
        compared: how many elements were compared.
        elements: how many the weights have.
        sample: which blocks were compared; None for all.
    """

    audit: Audit
    compared: int
    elements: int
    sample: BlockSample | None = None

    @property
    def passed(self) -> bool:
        """Whether nothing that was compared differs, and something was."""
        return self.audit.passed

    @property
    def first_difference(self) -> AuditRow | None:
        """The first weight that differs, and where; None where none does."""
        return next(iter(self.audit.failures), None)

    def __str__(self) -> str:
        return self.to_text()

    def to_text(self, *, full: bool = False) -> str:
        """Write it as plain text, without anything that a terminal would obey.

        Args:
            full: whether to show every weight; without it, those alike are told once.
        """
        return "\n".join(line.text for line in self.lines(full=full))

    def lines(self, *, full: bool = False) -> Iterator[TextLine]:
        """Write it line by line, each with the outcome that it tells of.

        Args:
            full: whether to show every weight.
        """
        counts, outcome = counts_of(self.audit.rows), HOLDS if self.passed else FAILS
        word = "PASS" if self.passed else "FAIL"
        yield TextLine(f"{word}: {shown(self.audit.subject)}", outcome)
        yield TextLine(f"Held to {shown(self.audit.held_to)}.")
        differing = counts[FAILS]
        verb = "weight differs" if differing == 1 else "weights differ"
        yield TextLine(
            f"{differing:,} {verb}, {counts[HOLDS]:,} do not; {self.compared:,} of "
            f"{self.elements:,} elements compared, {counts['undecided']:,} claims undecided."
        )
        if self.sample is not None:
            yield TextLine(f"Compared: {self.sample}.")
        if not differing and not self.passed:
            yield TextLine(
                "Nothing could be compared, and nothing compared is nothing right.", FAILS
            )
        yield from row_lines(self.audit.rows, full=full)

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data: that of the audit, and what was compared."""
        data = self.audit.to_dict() | {"compared": self.compared, "elements": self.elements}
        if self.sample is not None:
            data["sample"] = {
                "blocks": self.sample.count,
                "of": self.sample.total,
                "seen": self.sample.smallest_seen,
                "missed": self.sample.missed(1),
            }
        return data

    def to_json(self) -> str:
        """Return it as JSON."""
        return audit_json(self.to_dict())
