"""What is wrong with drawn weights that the laws of a recipe do not say: copies, grids, ranks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from fanwise.adapters.stored_weights import StoredWeight
from fanwise.conformance.audits.results import FAILS, AuditRow
from fanwise.conformance.audits.unaided import audit_unaided
from fanwise.spec.laws import is_random
from fanwise.spec.plan import Planned

#: What is told beside a recipe, whose laws say the rest.
BESIDE: Final = frozenset(
    {"independent of other weights", "distinct slices", "grid", "a start", "rank"}
)


def audit_beside_laws(
    plans: Sequence[tuple[StoredWeight, Planned]], alpha: float
) -> Iterator[AuditRow]:
    """Judge what a law does not say: that weights are no copies of each other, nor their parts.

    Args:
        plans: weights, each with what the recipe gives it.
        alpha: the probability, at the most, that a row fails of weights that are right.

    Yields:
        A row for each claim that fails.
    """
    drawn = [
        replace(stored, weight=planned.weight)
        for stored, planned in plans
        if is_random(planned.resolved.law) and not (stored.formula or planned.weight.obstacle)
    ]
    for row in audit_unaided(drawn, alpha):
        if row.outcome == FAILS and row.claim in BESIDE:
            yield row
