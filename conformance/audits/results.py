"""What an audit found: a row for each claim about a weight."""

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
