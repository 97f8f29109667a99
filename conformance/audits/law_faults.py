"""The known faults that a law which does not hold may be due to, by what was counted."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from fanwise.adapters.stored_weights import StoredWeight
from fanwise.conformance.audits.element_claims import (
    DEVIATION,
    DISTRIBUTION,
    REPEATS,
    SUPPORT,
    TAILS,
    Judged,
)
from fanwise.conformance.audits.line_claims import LINES
from fanwise.conformance.audits.results import FAILS, AuditRow
from fanwise.conformance.audits.tallies import Tally
from fanwise.conformance.statistics import tails
from fanwise.conformance.statistics.elements import CELLS, ElementLaw, element_law
from fanwise.spec.axes import RECEPTIVE
from fanwise.spec.fans import MODES
from fanwise.spec.laws import Law, NormalLaw, TruncatedNormalLaw, UniformLaw
from fanwise.spec.plan import Planned
from fanwise.spec.truncation import truncated_moments

#: How sure the true scale lies in the interval that is compared with the known ones.
_DOUBT: Final = 1e-4
#: A fault is named by its scale only where that is known as well as this.
_NARROW: Final = 0.05
#: The usual cut, and the share of elements at one end that shows they were moved there.
_CUT: Final = 2.0
_HEAP: Final = 1e-3

#: Of each rule, the standard deviation that it gives some weight.
Scales = Mapping[float, int]


def scales_of(plans: Sequence[tuple[StoredWeight, Planned]]) -> Scales:
    """Return the standard deviations of a recipe's weights, each with its first rule."""
    scales: dict[float, int] = {}
    for _, planned in plans:
        if planned.std > 0:
            scales.setdefault(planned.std, planned.rule)
    return scales


def named(row: AuditRow, judged: Judged, planned: Planned, scales: Scales) -> AuditRow:
    """Return a row with the known fault that it is, where it fails and is one.

    Args:
        row: about one claim.
        judged: the weight, with what was counted of it.
        planned: what the recipe gives it.
        scales: of the other weights of the recipe.
    """
    if row.outcome != FAILS or row.fault:
        return row
    return replace(row, fault=_fault(row.claim, judged, planned, scales))


def _fault(claim: str, judged: Judged, planned: Planned, scales: Scales) -> str:
    tally = judged.tally
    if tally.low == tally.high and tally.n > 1:
        return f"never drawn: all {tally.low:.6g}"
    if _is_clamped(judged) and claim in (DISTRIBUTION, TAILS, SUPPORT, REPEATS, DEVIATION):
        return "clamped instead of cut"
    if claim == REPEATS and tally.zeros > _HEAP * tally.n:
        return "many zeros"
    if claim not in (DEVIATION, DISTRIBUTION, SUPPORT, TAILS, LINES):
        return ""
    shape = _shape_fault(judged) if claim not in (DEVIATION, LINES) else ""
    return shape or _scale_fault(judged, planned, scales)


def _is_clamped(judged: Judged) -> bool:
    """Tell whether many elements lie exactly at both ends of what there is."""
    tally = judged.tally
    least = max(3, _HEAP * tally.n)
    return tally.at_low > least and tally.at_high > least and tally.low < 0 < tally.high


def _scale_fault(judged: Judged, planned: Planned, scales: Scales) -> str:
    """Name the fault whose scale the elements have."""
    tally, element = judged.tally, judged.element
    low, high = element.deviation_bounds(tally.n, _DOUBT)
    if low <= 0 or high / low > 1 + _NARROW:
        return ""
    least, most = tally.deviation / high, tally.deviation / low
    candidates = [*_known_scales(planned), *_other_rules(planned, scales)]
    fitting = [(ratio, fault) for ratio, fault in candidates if least <= ratio <= most]
    if not fitting:
        return ""
    return min(fitting, key=lambda known: abs(math.log(known[0] / tally.deviation)))[1]


def _known_scales(planned: Planned) -> Iterator[tuple[float, str]]:
    """Yield the ratios of scales that known faults give, and the faults."""
    scheme, weight, law = planned.scheme, planned.weight, planned.resolved.law
    mode, fans = scheme.fan_mode, weight.fans
    if mode in MODES and fans is not None:
        fan = MODES[mode](fans)
        for other, count in MODES.items():
            if count(fans) and other != mode:
                yield math.sqrt(fan / count(fans)), f"{other} in the place of {mode}"
        place = planned.resolved.layout.extent(RECEPTIVE)
        if place > 1:
            yield math.sqrt(place), "receptive field left out of the fan"
        if weight.groups > 1:
            yield 1 / math.sqrt(weight.groups), "groups left out of the fan"
            yield math.sqrt(weight.groups), "fan divided by the groups twice"
    if isinstance(law, TruncatedNormalLaw):
        correction = truncated_moments(law.low, law.high)[1]
        yield correction, "correction for the cut missing"
        yield 1 / correction, "cut missing, its correction made"
    yield law.std, "variance in the place of the standard deviation"
    yield 1 / math.sqrt(3), "standard deviation taken for the limit of a uniform law"
    yield math.sqrt(3), "limit of a uniform law taken for the standard deviation"
    yield math.sqrt(2), "gain of relu too much"
    yield 1 / math.sqrt(2), "gain of relu missing"
    yield 1 / math.sqrt(6), "gain of a = sqrt(5) in the place of relu's"


def _other_rules(planned: Planned, scales: Scales) -> Iterator[tuple[float, str]]:
    for std, rule in scales.items():
        if rule != planned.rule:
            yield std / planned.std, f"scale of rule {rule} in the place of rule {planned.rule}'s"


def _shape_fault(judged: Judged) -> str:
    """Name the kind of law that the elements have, if it is another one."""
    tally, element = judged.tally, judged.element
    own = element.law.law
    mean = own.mean + own.std * tally.mean
    std = own.std * math.sqrt(max(tally.deviation**2 - tally.mean**2, 0.0))
    if std == 0:
        return ""
    words = {NormalLaw: "normal", UniformLaw: "uniform", TruncatedNormalLaw: "cut normal"}
    distances = {kind: _distance(tally, element, law) for kind, law in _laws(mean, std)}
    nearest = min(distances, key=distances.__getitem__)
    # The scale is that of the sample, so that the distance is no larger than by chance.
    if distances[nearest] > tails.dkw_bound(tally.n, _DOUBT) or nearest is type(own):
        return ""
    if isinstance(own, TruncatedNormalLaw) and nearest is NormalLaw:
        return "cut missing"
    return f"{words[nearest]} in the place of {words[type(own)]}"


def _laws(mean: float, std: float) -> Iterator[tuple[type[Law], Law]]:
    """Yield the laws of a mean and a standard deviation."""
    yield NormalLaw, NormalLaw(mean, std)
    yield UniformLaw, UniformLaw(mean - math.sqrt(3) * std, mean + math.sqrt(3) * std)
    sigma = std / truncated_moments(-_CUT, _CUT)[1]
    yield TruncatedNormalLaw, TruncatedNormalLaw(mean, sigma, -_CUT, _CUT)


def _distance(tally: Tally, element: ElementLaw, law: Law) -> float:
    """Measure how far another law is from what was counted, in the cells of the first."""
    other = element_law(law, element.grid.name)
    assert other is not None
    expected = other.law.cdf(element.borders)
    return float(np.abs(np.cumsum(tally.cells)[: CELLS - 1] / tally.n - expected).max())
