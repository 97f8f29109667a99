"""Small weights of one rule, judged together."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from fanwise.conformance.audits.element_claims import element_rows
from fanwise.conformance.audits.judged import DEVIATION, DISTRIBUTION, MEAN, TAILS, Judged
from fanwise.conformance.audits.results import FAILS, UNDECIDED, AuditRow
from fanwise.conformance.audits.tallies import Tally
from fanwise.conformance.statistics.elements import ElementLaw, element_law
from fanwise.spec.laws import Law, NormalLaw, TruncatedNormalLaw, UniformLaw
from fanwise.spec.truncation import truncated_moments

#: What is claimed of several weights.
_POOLED: Final = (MEAN, DEVIATION, DISTRIBUTION, TAILS)
#: How many weights are named in one row.
_NAMED: Final = 3


@dataclass
class Pool:
    """Weights of one rule that have one law in units of its own scale, too small to be judged.

    Attributes:
        paths: of the weights.
        tally: what was counted of all of them.
    """

    paths: list[str] = field(default_factory=list)
    tally: Tally = field(default_factory=Tally)

    def add(self, path: str, tally: Tally) -> None:
        """Add a weight."""
        self.paths.append(path)
        self.tally.add(tally)

    def rows(self, element: ElementLaw, rate: float) -> Iterator[AuditRow]:
        """Judge the weights together, if they are several.

        Args:
            element: their law.
            rate: the false-alarm rate of each claim.
        """
        if len(self.paths) == 1:
            return
        named = ", ".join(self.paths[:_NAMED]) + (", …" if len(self.paths) > _NAMED else "")
        note = f"{len(self.paths)} weights together, in units of their laws: {named}."
        judged = Judged(self.paths[0], element, self.tally, rate, note)
        yield from (row for row in element_rows(judged) if row.claim in _POOLED)


#: By the number of their rule, and their law.
Pools = defaultdict[tuple[int, ElementLaw], Pool]


def is_small(rows: Sequence[AuditRow]) -> bool:
    """Tell whether no claim of a weight fails, and one that may be made of several is undecided."""
    return not any(row.outcome == FAILS for row in rows) and any(
        row.outcome == UNDECIDED and row.claim in _POOLED for row in rows
    )


def in_units(element: ElementLaw) -> ElementLaw:
    """Return a law in units of its own scale, where its dtype rounds it as it does any other."""
    if element.has_atoms:
        return element
    law: Law = element.law.law
    match law:
        case UniformLaw():
            law = UniformLaw(-math.sqrt(3), math.sqrt(3))
        case NormalLaw():
            law = NormalLaw(0.0, 1.0)
        case TruncatedNormalLaw(low=low, high=high):
            mean, std = truncated_moments(low, high)
            law = TruncatedNormalLaw(-mean / std, 1 / std, low, high)
    unit = element_law(law, element.grid.name)
    return element if unit is None else unit
