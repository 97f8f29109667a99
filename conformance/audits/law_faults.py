"""The known faults that a law which does not hold may be due to, by what was counted."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import numpy as np

from fanwise.conformance.audits.judged import (
    DEVIATION,
    DISTRIBUTION,
    MEAN,
    REPEATS,
    SUPPORT,
    TAILS,
    Judged,
)
from fanwise.conformance.audits.line_claims import LINES, are_alike
from fanwise.conformance.audits.results import FAILS, AuditRow
from fanwise.conformance.audits.scale_faults import Scales, scale_fault
from fanwise.conformance.audits.tallies import Tally
from fanwise.conformance.statistics import tails
from fanwise.conformance.statistics.elements import CELLS, CELLS_PER_STD, ElementLaw, element_law
from fanwise.spec.laws import Law, NormalLaw, TruncatedNormalLaw, UniformLaw
from fanwise.spec.plan import Planned
from fanwise.spec.truncation import truncated_moments

#: How sure the true scale, or the true distribution, lies in what is compared with the known ones.
_DOUBT: Final = 1e-4
#: A fault is named by its scale only where that is known as well as this.
_NARROW: Final = 0.15
#: The usual cuts.
_CUTS: Final = (1.0, 2.0)
#: The share of elements at one end that shows that they were moved there, and how many times as
#: many they are as those in any cell between.
_HEAP: Final = 1e-3
_HEAP_OF_CELLS: Final = 2
#: Of so many cells in which as many elements are expected, fewer than this share have some where
#: elements are drawn in coarse steps.
_CELLS: Final = 32
_LIKELY: Final = 30.0
_FILLED: Final = 0.75
#: Of elements that lie this often beyond the cells, the steps do not show.
_FAR_OUT: Final = 0.01
#: The share of elements that a few tries leave beyond a cut at two standard deviations, and more.
_LEFT: Final = 2e-5
#: The kurtosis of a law with heavier tails than a normal one has.
_HEAVY: Final = 3.5
#: So many elements are outliers, where fewer lie in so many cells at each end of the others.
_OUTLIERS: Final = 8
_BETWEEN: Final = 3 * CELLS_PER_STD
#: How many standard errors below a normal law's kurtosis that of lighter tails is.
_LIGHT: Final = 6.0
_WORDS: Final = {NormalLaw: "normal", UniformLaw: "uniform", TruncatedNormalLaw: "cut normal"}
#: The claims that another scale, and another shape, breaks.
_OF_SHAPE: Final = (DISTRIBUTION, SUPPORT, TAILS)
_OF_SCALE: Final = (DEVIATION, *_OF_SHAPE, LINES)


def named(row: AuditRow, judged: Judged, planned: Planned, scales: Scales) -> AuditRow:
    """Return a row with the known fault that it is, where it fails and is one.

    Args:
        row: about one claim.
        judged: the weight, with what was counted of it.
        planned: what the recipe gives it.
        scales: of the weights of the recipe.
    """
    if row.outcome != FAILS or row.fault:
        return row
    fault = _fault(row.claim, judged, planned, scales)
    note = row.note
    if row.claim == DEVIATION and not note:
        note = f"{judged.tally.deviation:.3g} times what the recipe gives."
    return replace(row, fault=fault, note=note)


def _fault(claim: str, judged: Judged, planned: Planned, scales: Scales) -> str:
    tally, element = judged.tally, judged.element
    if tally.low == tally.high and tally.n > 1:
        return f"never drawn: all {tally.low:.6g}"
    if claim in (*_OF_SHAPE, REPEATS, LINES) and _is_stepped(judged):
        return "coarse steps, as drawn in bfloat16"
    if claim in (*_OF_SCALE, REPEATS) and _is_clamped(judged):
        return "clamped instead of cut"
    if claim == REPEATS and tally.zeros > _HEAP * tally.n:
        return "many zeros"
    if claim in (MEAN, *_OF_SHAPE) and (tally.low >= 0 or tally.high <= 0) and _has_both(judged):
        return "signs lost"
    if (
        claim == SUPPORT
        and tally.outside <= _LEFT * tally.n + 1
        and _kind(tally, element) is not None
    ):
        return "a few left beyond the cut, as after some tries"
    if claim in (MEAN, *_OF_SCALE) and (far_out := _far_out(claim, judged)):
        return far_out
    if claim == LINES and not are_alike(judged):
        return "rows or columns of another scale"
    if claim in _OF_SCALE and are_alike(judged):
        return _law_fault(judged, planned, scales)
    return ""


def _law_fault(judged: Judged, planned: Planned, scales: Scales) -> str:
    """Name the other law that all elements have, by its kind or by its scale."""
    tally, element = judged.tally, judged.element
    own = type(element.law.law)
    nearest = _kind(tally, element)
    if nearest is not own and nearest is not None:
        if own is TruncatedNormalLaw and nearest is NormalLaw:
            return "cut missing"
        if own is NormalLaw and nearest is TruncatedNormalLaw:
            return "cut, or truncated, where it should not be"
        return f"{_WORDS[nearest]} in the place of {_WORDS[own]}"
    if nearest is None:
        return ""
    least, most = element.deviation_bounds(tally.n, judged.alpha)
    low, high = element.deviation_bounds(tally.n, _DOUBT)
    if least <= tally.deviation <= most or low <= 0 or high / low > 1 + _NARROW:
        return ""
    return scale_fault(tally.deviation / high, tally.deviation / low, planned, scales)


def _has_both(judged: Judged) -> bool:
    """Tell whether of so many elements some should lie on either side of zero."""
    below = float(judged.element.law.cdf(np.zeros(1))[0])
    return judged.tally.n * min(below, 1 - below) > _LIKELY


def _has_outliers(tally: Tally) -> bool:
    """Tell whether a few elements lie beyond all cells, and hardly any between them and others."""
    beyond = int(tally.cells[0] + tally.cells[-1])
    near = int(tally.cells[1:_BETWEEN].sum() + tally.cells[-_BETWEEN:-1].sum())
    return 0 < beyond <= _OUTLIERS and near < beyond


def _far_out(claim: str, judged: Judged) -> str:
    """Say whether more elements, or fewer, lie far out than a normal law has."""
    tally = judged.tally
    if _has_outliers(tally):
        return "outliers"
    if claim not in _OF_SHAPE or _kind(tally, judged.element) is not None:
        return ""
    # About the fourth moment over the square of the second, by cells.
    centres = np.arange(CELLS) - CELLS / 2 - tally.mean * CELLS_PER_STD
    second = float((tally.cells * centres**2).sum()) / tally.n
    fourth = float((tally.cells * centres**4).sum()) / tally.n
    if second > 0 and fourth / second**2 > _HEAVY:
        return "heavy tails"
    is_normal = isinstance(judged.element.law.law, NormalLaw)
    if is_normal and 0 < fourth < second**2 * (3 - _LIGHT * math.sqrt(24 / tally.n)):
        return "light tails"
    return ""


def _is_clamped(judged: Judged) -> bool:
    """Tell whether many elements lie exactly at both ends of what there is, and few beside them."""
    tally = judged.tally
    filled = np.flatnonzero(tally.cells)
    largest = int(tally.cells[filled[1:-1]].max(initial=0))
    least = max(3, _HEAP * tally.n, _HEAP_OF_CELLS * largest)
    return tally.at_low > least and tally.at_high > least


def _is_stepped(judged: Judged) -> bool:
    """Tell whether elements have far fewer values than their dtype has between their ends."""
    tally, cumulative = judged.tally, judged.element.cumulative
    if tally.cells[0] + tally.cells[-1] > _FAR_OUT * tally.n:
        return False
    filled = np.flatnonzero(tally.cells)
    likely = np.diff(cumulative, prepend=0.0) * tally.n > _LIKELY
    likely[: filled[0]] = likely[filled[-1] + 1 :] = False
    return int(likely.sum()) >= _CELLS and float((tally.cells[likely] > 0).mean()) < _FILLED


def _kind(tally: Tally, element: ElementLaw) -> type[Law] | None:
    """Return the kind of law that elements have, with a mean and a scale of their own."""
    own = element.law.law
    mean = own.mean + own.std * tally.mean
    std = own.std * math.sqrt(max(tally.deviation**2 - tally.mean**2, 0.0))
    if std == 0:
        return None
    if std * CELLS_PER_STD < own.std:
        return type(own)  # all lie in a cell or two, which tell no kinds apart
    distances = [(_distance(tally, element, law), type(law)) for law in _laws(mean, std, own)]
    # Of equal ones the last, which is the law's own kind.
    distance, nearest = min(reversed(distances), key=lambda pair: pair[0])
    # The scale is that of the sample, so that the distance is no larger than by chance.
    return nearest if distance <= tails.dkw_bound(tally.n, _DOUBT) else None


def _laws(mean: float, std: float, own: Law) -> Iterator[Law]:
    """Yield the laws of a mean and a standard deviation, those of the law's own kind last."""
    yield NormalLaw(mean, std)
    yield UniformLaw(mean - math.sqrt(3) * std, mean + math.sqrt(3) * std)
    cuts = [(-cut, cut) for cut in _CUTS]
    if isinstance(own, TruncatedNormalLaw):
        cuts = [(own.low, own.high)]
    for low, high in cuts:
        centre, width = truncated_moments(low, high)
        yield TruncatedNormalLaw(mean - centre * std / width, std / width, low, high)


def _distance(tally: Tally, element: ElementLaw, law: Law) -> float:
    """Measure how far another law is from what was counted, in the cells of the first."""
    other = element_law(law, element.grid.name)
    assert other is not None
    expected = other.law.cdf(element.borders)
    return float(np.abs(np.cumsum(tally.cells)[: CELLS - 1] / tally.n - expected).max())
