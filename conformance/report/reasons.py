"""Why rows are deviations, or have nothing to judge: each reason once, with a number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from fanwise.conformance.results.rows import Outcome, ResultRow

#: Outcomes that have a reason, and the letter that their numbers begin with.
_LETTERS: Final = {Outcome.DEVIATION: "d", Outcome.NONE: "n"}


@dataclass(frozen=True, kw_only=True)
class Reason:
    """One reason, and all that it concerns.

    Attributes:
        outcome: a deviation, or nothing to judge.
        number: counted from 1 for each outcome.
        text: the reason itself.
        rows: which have it.
    """

    outcome: Outcome
    number: int
    text: str
    rows: tuple[ResultRow, ...]

    @property
    def anchor(self) -> str:
        """What links lead to."""
        return f"{_LETTERS[self.outcome]}{self.number}"

    @property
    def adapters(self) -> tuple[str, ...]:
        """The frameworks concerned."""
        return tuple(dict.fromkeys(row.adapter for row in self.rows))

    @property
    def claims(self) -> tuple[str, ...]:
        """The claims concerned."""
        return tuple(dict.fromkeys(row.claim for row in self.rows))

    @property
    def schemes(self) -> tuple[str, ...]:
        """The schemes, or recipes, concerned."""
        return tuple(dict.fromkeys(row.family for row in self.rows))


def reasons(rows: Iterable[ResultRow]) -> Mapping[tuple[Outcome, str], Reason]:
    """Return the reasons that occur, by outcome and text: see :func:`reason_text`."""
    concerned: dict[tuple[Outcome, str], list[ResultRow]] = {}
    for row in sorted(rows, key=lambda row: row.adapter):
        if row.outcome in _LETTERS:
            concerned.setdefault((row.outcome, reason_text(row)), []).append(row)
    numbers = dict.fromkeys(_LETTERS, 0)
    by_key = {}
    for (outcome, text), having in concerned.items():
        numbers[outcome] += 1
        by_key[outcome, text] = Reason(
            outcome=outcome, number=numbers[outcome], text=text, rows=tuple(having)
        )
    return by_key


def reason_text(row: ResultRow) -> str:
    """Return why a row is what it is: its note, or else what was seen."""
    return row.note or row.observed
