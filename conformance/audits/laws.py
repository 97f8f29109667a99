"""Weights against the laws that a recipe gives them."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from fanwise.adapters.stored_weights import StoredWeight
from fanwise.conformance.audits.element_claims import (
    CHANCES,
    DEVIATION,
    DISTRIBUTION,
    MEAN,
    TAILS,
    Judged,
    element_rows,
    neighbours_row,
    padding_row,
)
from fanwise.conformance.audits.law_faults import named
from fanwise.conformance.audits.line_claims import lines_row
from fanwise.conformance.audits.results import FAILS, UNDECIDED, AuditRow
from fanwise.conformance.audits.scale_faults import Scales, scales_of
from fanwise.conformance.audits.structure_claims import constant_row, structure_rows
from fanwise.conformance.audits.tallies import Tally, tally
from fanwise.conformance.statistics.elements import ElementLaw, element_law
from fanwise.conformance.statistics.grids import GRIDS
from fanwise.spec.errors import FanwiseError
from fanwise.spec.laws import Law, NormalLaw, StructuredLaw, TruncatedNormalLaw, UniformLaw
from fanwise.spec.plan import Planned
from fanwise.spec.truncation import truncated_moments

LAW: Final = "law"
#: What there is to see is seen of a weight, or of these together: but for the mean, the deviation,
#: the distribution and the tails nothing is claimed of several weights.
_POOLED: Final = (MEAN, DEVIATION, DISTRIBUTION, TAILS)
#: How many weights are named in one row.
_NAMED: Final = 3


@dataclass
class _Pool:
    """Weights of one rule that have one law in units of its own scale, too small to be judged."""

    paths: list[str] = field(default_factory=list)
    tally: Tally = field(default_factory=Tally)

    def add(self, path: str, tally: Tally) -> None:
        self.paths.append(path)
        self.tally.add(tally)

    @property
    def note(self) -> str:
        named = ", ".join(self.paths[:_NAMED]) + (", …" if len(self.paths) > _NAMED else "")
        return f"{len(self.paths)} weights together, in units of their laws: {named}."


#: Weights that are judged together, by their rule, and their law in units of its scale.
_Pools = defaultdict[tuple[int, ElementLaw], _Pool]


def audit_laws(
    plans: Sequence[tuple[StoredWeight, Planned]], alpha: float, *, has_layers: bool = True
) -> Iterator[AuditRow]:
    """Judge weights by the laws that a recipe gives them.

    Each weight is read once. Those that are too small for a claim to be decided are judged once
    more, together with the others of their rule and law.

    Args:
        plans: weights, each with what the recipe gives it.
        alpha: the false-alarm rate of all claims together.
        has_layers: whether layers have told which rows stay zero; where they have not, one row of
            zeros in an embedding is taken for one.

    Yields:
        The rows of each weight, in order; then those of weights that are judged together.
    """
    rate = alpha / 2 / max(len(plans), 1) / CHANCES
    pools: _Pools = defaultdict(_Pool)
    judge = _Judge(rate, scales_of(plans), pools, has_layers)
    for stored, planned in plans:
        obstacle = _obstacle(stored, planned)
        try:
            if not obstacle:
                yield from judge.rows(stored, planned)
        except FanwiseError as error:
            obstacle = str(error)
        if obstacle:
            yield AuditRow(planned.weight.path, UNDECIDED, LAW, n=stored.size, note=obstacle)
    for (_, element), pool in pools.items():
        if len(pool.paths) > 1:
            together = Judged(pool.paths[0], element, pool.tally, rate, pool.note)
            yield from (row for row in element_rows(together) if row.claim in _POOLED)


@dataclass(frozen=True)
class _Judge:
    """What the weights of an audit have in common.

    Attributes:
        rate: the false-alarm rate of each claim.
        scales: of the recipe's weights.
        pools: the weights that are too small, by their rules and laws.
        has_layers: whether layers have told which rows stay zero.
    """

    rate: float
    scales: Scales
    pools: _Pools
    has_layers: bool

    def rows(self, stored: StoredWeight, planned: Planned) -> Iterator[AuditRow]:
        """Judge a weight."""
        path, law = planned.weight.path, planned.resolved.law
        if isinstance(law, StructuredLaw):
            yield from structure_rows(stored, planned, law, self.rate)
            return
        element = None if law.std == 0 else element_law(law, stored.dtype)
        if element is None:
            yield constant_row(stored, path, law.mean)
            return
        counted = tally(stored, planned.resolved.layout, element)
        if planned.weight.role == "embedding" and not self.has_layers:
            row = counted.set_padding_aside(element)
            if row is not None:
                yield padding_row(path, row)
        judged = Judged(path, element, counted, self.rate)
        rows = [named(row, judged, planned, self.scales) for row in _rows(judged)]
        yield from rows
        if _is_small(rows):
            self.pools[planned.rule, _in_units(element)].add(path, counted)


def _rows(judged: Judged) -> Iterator[AuditRow]:
    yield from element_rows(judged)
    if judged.tally.n:
        yield from filter(None, (lines_row(judged), neighbours_row(judged)))


def _is_small(rows: Sequence[AuditRow]) -> bool:
    """Tell whether no claim of a weight fails, and one that may be made of several is undecided."""
    return not any(row.outcome == FAILS for row in rows) and any(
        row.outcome == UNDECIDED and row.claim in _POOLED for row in rows
    )


def _in_units(element: ElementLaw) -> ElementLaw:
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


def _obstacle(stored: StoredWeight, planned: Planned) -> str:
    """Say what keeps a weight from being judged; nothing where it can be."""
    if planned.weight.obstacle is not None:
        return str(planned.weight.obstacle)
    if stored.formula:
        return f"Its layer computes the values from what was drawn: {stored.formula}."
    if stored.dtype not in GRIDS:
        return f"Its dtype, {stored.dtype}, has no numbers that a law is told of."
    return "" if stored.size else "It has no elements."
