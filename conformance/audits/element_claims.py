"""Claims about the elements of a weight, by what one pass has counted of them."""

from __future__ import annotations

import math
from collections.abc import Iterator

from fanwise.conformance.audits import visibility
from fanwise.conformance.audits.judged import (
    DEVIATION,
    DISTRIBUTION,
    FINITE,
    MEAN,
    PADDING,
    Judged,
)
from fanwise.conformance.audits.results import UNDECIDED, AuditRow
from fanwise.conformance.audits.tail_claims import repeats_row, support_row, tails_rows
from fanwise.conformance.statistics import tails


def element_rows(judged: Judged) -> Iterator[AuditRow]:
    """Judge the elements of a weight one by one, whatever their places."""
    yield _finite(judged)
    if judged.tally.padding is not None:
        yield _padding(judged, judged.tally.padding)
    if not judged.tally.n:
        return
    yield _mean(judged)
    yield _deviation(judged)
    yield _distribution(judged)
    yield from tails_rows(judged)
    if judged.element.law.bounded:
        yield support_row(judged)
    yield repeats_row(judged)


def padding_row(path: str, row: int) -> AuditRow:
    """Tell of a row of zeros that is taken for that of padding."""
    note = "One row of an embedding may stand for padding. Pass model=, whose layer says which."
    return AuditRow(path, UNDECIDED, PADDING, f"row {row} is all zeros", note=note)


def _finite(judged: Judged) -> AuditRow:
    tally = judged.tally
    note = "" if tally.first_unfinite is None else f"The first is at {list(tally.first_unfinite)}."
    return judged.row(
        FINITE,
        holds=not tally.unfinite,
        observed=f"{tally.unfinite} elements are not",
        expected="0 elements are not",
        bound="0",
        fault="not finite" if tally.unfinite else "",
        note=note,
    )


def _padding(judged: Judged, others: int) -> AuditRow:
    return judged.row(
        PADDING,
        holds=not others,
        observed=f"{others} elements are not zero",
        expected="0 elements are not zero",
        bound="0",
        note="The row of an embedding that stands for padding.",
    )


def _mean(judged: Judged) -> AuditRow:
    element, tally = judged.element, judged.tally
    law = element.law
    low, high = element.mean_bounds(tally.n, judged.alpha)
    visible = visibility.visible_mean(element, tally.n, judged.alpha)
    return judged.row(
        MEAN,
        holds=low <= tally.mean <= high,
        shows=visible <= visibility.MEAN_MATTERS,
        observed=law.mean + law.std * tally.mean,
        expected=law.mean,
        bound=_interval(law.mean + law.std * low, law.mean + law.std * high),
        visible=f"a mean {visible:.2g} standard deviations off",
    )


def _deviation(judged: Judged) -> AuditRow:
    element, tally = judged.element, judged.tally
    std = element.law.std
    low, high = element.deviation_bounds(tally.n, judged.alpha)
    least, most = visibility.visible_deviations(element, tally.n, judged.alpha)
    farthest = max(1 - least, most - 1)
    return judged.row(
        DEVIATION,
        holds=low <= tally.deviation <= high,
        shows=farthest <= visibility.DEVIATION_MATTERS,
        observed=std * tally.deviation,
        expected=std,
        bound=_interval(std * low, std * high),
        visible=f"a deviation {_percent(farthest)} off",
    )


def _distribution(judged: Judged) -> AuditRow:
    tally = judged.tally
    finding = tails.rounded(tally.cells, judged.element.cumulative, judged.alpha)
    visible = visibility.visible_distance(tally.n, judged.alpha)
    return judged.row(
        DISTRIBUTION,
        holds=finding.passed,
        shows=visible <= visibility.DISTANCE_MATTERS,
        observed=finding.observed,
        expected=0.0,
        bound=finding.high,
        visible=f"a distribution function {_percent(visible)} off",
    )


def _interval(low: float, high: float) -> str:
    return f"{low:.4g} to {high:.4g}"


def _percent(share: float) -> str:
    return f"{share:.2%}" if share < 0.1 else f"{share:.0%}" if math.isfinite(share) else "any"
