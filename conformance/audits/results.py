"""What an audit found: a row for each claim about a weight, and the verdict on all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

#: What a claim about a weight comes to: ``undecided`` where the weight is too small to show the
#: fault, or where nothing is claimed of it.
AuditOutcome = Literal["pass", "fail", "undecided"]
HOLDS: Final = "pass"
FAILS: Final = "fail"
UNDECIDED: Final = "undecided"


@dataclass(frozen=True)
class AuditRow:
    """One claim about one weight.

    Attributes:
        path: of the weight, canonical by the recipe's ``[names]``; of several weights, the first.
        outcome: whether it holds.
        claim: its name, e.g. ``"deviation"``.
        observed, expected: what was found, and what the claim says; numbers, or words.
        bound: what observed may be at the farthest, in words or as a number.
        n: how many elements were looked at.
        fault: the name of the known fault that it is, where it is one, e.g. ``"seed of 32 bits"``.
        note: one sentence more: what it means, what else is concerned, what to do.
        visible: the smallest fault that so many elements show, in words; ``""`` where every one
            shows.
    """

    path: str
    outcome: AuditOutcome
    claim: str
    observed: float | str = ""
    expected: float | str = ""
    bound: float | str = ""
    n: int = 0
    fault: str = ""
    note: str = ""
    visible: str = ""


@dataclass(frozen=True)
class Audit:
    """A verdict on the weights of a model or a file.

    Attributes:
        subject: what was audited, in words.
        rows: one for each claim, the weights in their order.
        false_alarm_rate: the probability, at the most, that any row fails of weights that are
            right.
    """

    subject: str
    rows: tuple[AuditRow, ...]
    false_alarm_rate: float

    @property
    def failures(self) -> tuple[AuditRow, ...]:
        """The claims that do not hold."""
        return tuple(row for row in self.rows if row.outcome == FAILS)

    @property
    def passed(self) -> bool:
        """Whether no claim failed, and some claim held: nothing judged is nothing passed."""
        return not self.failures and any(row.outcome == HOLDS for row in self.rows)
