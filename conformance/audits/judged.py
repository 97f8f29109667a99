"""A weight with what was counted of it, and the claims that are made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from fanwise.conformance.audits.results import FAILS, HOLDS, UNDECIDED, AuditOutcome, AuditRow
from fanwise.conformance.audits.tallies import Tally
from fanwise.conformance.statistics.elements import ElementLaw

FINITE: Final = "finite"
MEAN: Final = "mean"
DEVIATION: Final = "deviation"
DISTRIBUTION: Final = "distribution"
TAILS: Final = "tails"
SUPPORT: Final = "support"
REPEATS: Final = "repeats"
PADDING: Final = "padding"

#: How many claims of a weight may fail by chance: five of those above, and those about rows and
#: columns and about neighbours.
CHANCES: Final = 7


@dataclass(frozen=True)
class Judged:
    """A weight, or several of one law, with what was counted.

    Attributes:
        path: the weight's.
        element: the law of its elements.
        tally: what was counted of them.
        alpha: the false-alarm rate of each claim.
        note: what to say with each row.
    """

    path: str
    element: ElementLaw
    tally: Tally
    alpha: float
    note: str = ""

    def row(self, claim: str, *, holds: bool, shows: bool = True, **fields: Any) -> AuditRow:
        """Return a row about it.

        Args:
            claim: the claim's name.
            holds: whether what was observed is within the bound.
            shows: whether the smallest fault that matters would have been seen.
            fields: the others of the row.
        """
        outcome: AuditOutcome = FAILS if not holds else HOLDS if shows else UNDECIDED
        notes = filter(None, (fields.pop("note", ""), self.note))
        n = fields.pop("n", self.tally.n)
        return AuditRow(self.path, outcome, claim, n=n, note=" ".join(notes), **fields)
