"""The verdict on all weights, and its forms: text, JSON, a page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from fanwise.conformance.audits.forms import audit_data, audit_fields, audit_json
from fanwise.conformance.audits.lines import audit_lines
from fanwise.conformance.audits.pages import audit_page
from fanwise.conformance.audits.results import FAILS, HOLDS, UNDECIDED, AuditRow
from fanwise.conformance.results.files import write_text


@dataclass(frozen=True)
class Audit:
    """A verdict on the weights of a model or a file.

    ``print(audit)`` shows the failures with their names, what its size leaves undecided, and how
    often each claim holds; :meth:`to_text` shows every row if asked.

    Attributes:
        subject: what was audited, in words.
        rows: one for each claim, the weights in their order.
        false_alarm_rate: the probability, at the most, that any row fails of weights that are
            right.
        held_to: what it was held to, in words: the recipe, its variables, the seed; empty for
            an audit without a recipe.
    """

    subject: str
    rows: tuple[AuditRow, ...]
    false_alarm_rate: float
    held_to: str = ""

    @property
    def failures(self) -> tuple[AuditRow, ...]:
        """The claims that do not hold."""
        return tuple(row for row in self.rows if row.outcome == FAILS)

    @property
    def undecided(self) -> tuple[AuditRow, ...]:
        """The claims that the weights are too small to settle."""
        return tuple(row for row in self.rows if row.outcome == UNDECIDED)

    @property
    def passed(self) -> bool:
        """Whether no claim failed, and some claim held: nothing judged is nothing passed."""
        return not self.failures and any(row.outcome == HOLDS for row in self.rows)

    def __str__(self) -> str:
        return self.to_text()

    def to_text(self, *, full: bool = False) -> str:
        """Write the verdict as plain text, without anything that a terminal would obey.

        Args:
            full: whether to show every row; without it, those alike are told once.

        Examples:
            >>> row = AuditRow("out/kernel", "fail", "deviation", 0.05, 0.02, "± 0.001", 4096)
            >>> print(Audit("a model", (row,), 1e-9).to_text())
            FAIL: a model
            1 claim fails, 0 hold, 0 undecided; false alarms below 1e-09
            What fails
              ✗ out/kernel  deviation: observed 0.05, expected 0.02, bound ± 0.001, n 4,096
        """
        return "\n".join(line.text for line in audit_lines(self, full=full))

    def to_dict(self) -> dict[str, Any]:
        """Return the verdict as plain data, of the form that ``audit.schema.json`` gives.

        Numbers that JSON lacks are the texts ``"NaN"``, ``"Infinity"`` and ``"-Infinity"``. Of a
        text of more than 1,000 letters the middle is left out.
        """
        return audit_data(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Read what :meth:`to_dict` gave.

        Raises:
            FanwiseError: for data of another form.

        Examples:
            >>> audit = Audit("a model", (AuditRow("out/bias", "pass", "constant"),), 1e-9)
            >>> Audit.from_dict(audit.to_dict()) == audit
            True
        """
        return cls(**audit_fields(data))

    def to_json(self, path: str | Path | None = None) -> str:
        """Return the verdict as JSON, in ASCII, and write it where a path is given.

        Raises:
            FanwiseError: where the file cannot be written.
        """
        text = audit_json(self.to_dict())
        if path is not None:
            write_text(Path(path), text)
        return text

    def to_html(self, path: str | Path | None = None) -> str:
        """Return the verdict as a page that needs nothing else, and write it where a path is given.

        Raises:
            FanwiseError: where the file cannot be written.
            ModuleNotFoundError: without jinja2, which the extra ``conformance`` brings.
        """
        page = audit_page(self)
        if path is not None:
            write_text(Path(path), page)
        return page
