"""Weights against the laws that a recipe gives them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from fanwise.adapters.stored_weights import StoredWeight
from fanwise.conformance.audits.element_claims import element_rows, padding_row
from fanwise.conformance.audits.judged import CHANCES, Judged
from fanwise.conformance.audits.law_faults import named
from fanwise.conformance.audits.line_claims import lines_row
from fanwise.conformance.audits.neighbour_claims import neighbours_row
from fanwise.conformance.audits.pools import Pool, Pools, in_units, is_small
from fanwise.conformance.audits.results import UNDECIDED, AuditRow
from fanwise.conformance.audits.scale_faults import Scales, scales_of
from fanwise.conformance.audits.structure_claims import constant_row, structure_rows
from fanwise.conformance.audits.tallies import tally
from fanwise.conformance.audits.untold_layers import (
    FORMULA,
    doubted,
    is_table_of_positions,
    may_be_padded,
)
from fanwise.conformance.audits.whole_claims import rank_rows, ranked
from fanwise.conformance.statistics.elements import element_law
from fanwise.conformance.statistics.grids import GRIDS
from fanwise.spec.errors import FanwiseError
from fanwise.spec.laws import StructuredLaw
from fanwise.spec.plan import Planned

LAW: Final = "law"


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
    pools: Pools = defaultdict(Pool)
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
        yield from pool.rows(element, rate)


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
    pools: Pools
    has_layers: bool

    def rows(self, stored: StoredWeight, planned: Planned) -> Iterator[AuditRow]:
        """Judge a weight."""
        path, law = planned.weight.path, planned.resolved.law
        if isinstance(law, StructuredLaw):
            yield from self._structure_rows(stored, planned, law)
            return
        element = None if law.std == 0 else element_law(law, stored.dtype)
        if element is None:
            row = constant_row(stored, path, law.mean)
            yield row if self.has_layers else doubted(row, stored)
            return
        if not self.has_layers and is_table_of_positions(stored):
            yield AuditRow(path, UNDECIDED, LAW, n=stored.size, note=FORMULA)
            return
        counted = tally(stored, planned.resolved.layout, element)
        if not self.has_layers and may_be_padded(planned.weight):
            number = counted.set_padding_aside(element)
            if number is not None:
                yield padding_row(path, number)
        judged = Judged(path, element, counted, self.rate)
        rows = [named(row, judged, planned, self.scales) for row in _rows(judged)]
        yield from rows
        if is_small(rows):
            self.pools[planned.rule, in_units(element)].add(path, counted)

    def _structure_rows(
        self, stored: StoredWeight, planned: Planned, law: StructuredLaw
    ) -> Iterator[AuditRow]:
        """Judge a weight whose elements are fixed together, or each by its place."""
        rows = list(structure_rows(stored, planned, law, self.rate))
        if rows:
            yield from rows
            return
        found = ranked(stored, planned, law, self.rate)
        if isinstance(found, AuditRow):
            yield found
            return
        rows = rank_rows(found)
        yield from rows
        if is_small(rows):
            self.pools[planned.rule, found.element].add(found.path, found.tally)


def _rows(judged: Judged) -> Iterator[AuditRow]:
    yield from element_rows(judged)
    if judged.tally.n:
        yield from filter(None, (lines_row(judged), neighbours_row(judged)))


def _obstacle(stored: StoredWeight, planned: Planned) -> str:
    """Say what keeps a weight from being judged; nothing where it can be."""
    if planned.weight.obstacle is not None:
        return str(planned.weight.obstacle)
    if stored.formula:
        return f"Its layer computes the values from what was drawn: {stored.formula}."
    if stored.dtype not in GRIDS:
        return f"Its dtype, {stored.dtype}, has no numbers that a law is told of."
    return "" if stored.size else "It has no elements."
