"""What is wrong with drawn weights that the laws of a recipe do not say: copies, grids, ranks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from fanwise.adapters.stored_weights import StoredWeight
from fanwise.conformance.audits.results import FAILS, AuditRow
from fanwise.conformance.audits.unaided import audit_unaided
from fanwise.core.draws import shared_path
from fanwise.spec.laws import StructuredLaw, is_random
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
    rounds = _rounds(
        (stored, planned)
        for stored, planned in plans
        if is_random(planned.resolved.law) and not (stored.formula or planned.weight.obstacle)
    )
    for drawn in rounds:
        for row in audit_unaided(drawn, alpha / len(rounds)):
            if row.outcome == FAILS and row.claim in BESIDE:
                yield row


def _rounds(plans: Iterable[tuple[StoredWeight, Planned]]) -> list[list[StoredWeight]]:
    """Put weights that are meant to share their words into different rounds.

    Those of a joint scheme depend on each other: the first of each layer is compared with all
    other weights, the second with the second ones of other layers.
    """
    rounds: list[list[StoredWeight]] = []
    before: Counter[object] = Counter()
    for stored, planned in plans:
        together = _together(planned)
        number = before[together] if together else 0
        before[together] += 1
        if number == len(rounds):
            rounds.append([])
        rounds[number].append(replace(stored, weight=planned.weight))
    return rounds


def _together(planned: Planned) -> object:
    """Return what the weights that share their words have in common; None of one by itself."""
    law = planned.resolved.law
    if not isinstance(law, StructuredLaw) or not law.members:
        return None
    return law.members, shared_path(planned.weight.path, law.members)
