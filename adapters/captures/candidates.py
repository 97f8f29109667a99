"""The schemes of the catalogue that the weights of a place may be drawn by."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from fanwise.adapters.captures.law_forms import LawForm
from fanwise.adapters.captures.moments import SampleMoments
from fanwise.adapters.captures.places import Place, pooled_moments
from fanwise.adapters.captures.scales import Depth, depths_of, fans_of, readings_of
from fanwise.adapters.captures.starts import RuleStart
from fanwise.adapters.observed_values.evidence import (
    ENOUGH,
    ERRORS,
    EXPECTED,
    SLACK,
    Evidence,
    families_of,
)
from fanwise.adapters.observed_values.families import NORMAL, UNIFORM, Family, truncated
from fanwise.adapters.observed_values.numbers import ODD, Range, measured_number, short_numbers
from fanwise.spec.captures import captured_numbers

#: How many standard errors a pooled number may be off when it is rounded.
_ROUNDED: Final = 5.0
#: How much odder a start may be than the likeliest one of the same weights.
MOST_ODDER: Final = 4.0
#: Of few values a law without bounds is likelier, unless these follow from a fan.
_BOUNDED: Final = 1.2
_WITHOUT_FANS: Final = frozenset({"number", "size", "depth", "index"})
#: Fewer values tell no number.
FEWEST: Final = 24
_ROOT: Final = math.sqrt(3)
#: A uniform law reaches farther than so many of its values by this share of them: that it reaches
#: still farther happens once in 20,000 times.
_BEYOND: Final = 10.0
#: By how much a deviation may be off, by rounding to narrow dtypes.
_ROUNDING: Final = 1e-3


def _families(place: Place) -> tuple[Family, ...]:
    """Return the laws that the values of a place may be of, the most likely first."""
    samples = [sample for sample in place.samples if sample.moments is not None]
    large = [sample for sample in samples if sample.moments and sample.moments.count >= ENOUGH]
    if not large:
        return (UNIFORM, NORMAL, truncated(2.0))
    known = [sample.moments for sample in large if sample.moments]
    counts, sampled = [m.count for m in known], [m.sampled for m in known]
    scaled = [m.about(m.mean, m.std) for m in known]
    peak = max(map(_peak, known))
    # The deviation of each is measured too, so that the peak is a little off.
    slack = SLACK + ERRORS * UNIFORM.error(min(counts))
    evidence = Evidence(
        sum(counts), sum(sampled), pooled_moments(scaled, counts, sampled), peak, slack
    )
    return families_of(evidence)


def candidates(place: Place) -> list[RuleStart]:
    """Return the starts that nothing in the values of a place speaks against, the likely first."""
    if any(sample.moments is None or not sample.moments.square for sample in place.samples):
        return []
    if place.count < FEWEST or any(not s.moments.std for s in place.samples if s.moments):
        return []
    starts: dict[RuleStart, RuleStart] = {}
    is_told = any(count >= ENOUGH for count in place.counts)
    for family in _families(place):
        proposals = _shifted if _is_shifted(place) else _starts
        for proposed in proposals(place, family):
            start = proposed
            if family != NORMAL and not is_told and start.about in _WITHOUT_FANS:
                start = replace(start, cost=start.cost + _BOUNDED)
            if start not in starts or starts[start].cost > start.cost:
                starts[start] = start
    ordered = sorted(starts.values(), key=lambda start: start.cost)
    fitting: list[RuleStart] = []
    for start in ordered:
        if fitting and start.cost > fitting[0].cost + MOST_ODDER:
            break  # nobody would have written it
        fitting += [] if place.speaks_against(start) else [start]
    return fitting


def _peak(moments: SampleMoments) -> float:
    return max(moments.high - moments.mean, moments.mean - moments.low) / moments.std


def _is_shifted(place: Place) -> bool:
    """Tell whether the mean of a place is not 0."""
    means = np.array([s.moments.mean / s.moments.std for s in place.samples if s.moments])
    counts = np.array([s.moments.count for s in place.samples if s.moments])
    mean = float(np.average(means, weights=counts))
    return abs(mean) > ERRORS / math.sqrt(counts.sum()) * (1 + ERRORS / math.sqrt(counts.sum()))


def _shifted(place: Place, family: Family) -> Iterator[RuleStart]:
    """Give the laws about another mean, the same for all weights."""
    moments = [s.moments for s in place.samples if s.moments]
    count = sum(m.count for m in moments)
    mean = sum(m.mean * m.count for m in moments) / count
    second = sum(m.square * m.count for m in moments) / count
    std = math.sqrt(max(second - mean**2, 0.0))
    if family == UNIFORM:
        low, high = min(m.low for m in moments), max(m.high for m in moments)
        room = (high - low) * EXPECTED / count
        likely = room * _BEYOND / EXPECTED
        slack = place.slack * (high - low)
        lows = _numbers(Range(low - room, low + slack, low - likely))
        highs = _numbers(Range(high - slack, high + room, high + likely))
        for start, one in lows:
            for end, other in highs:
                yield RuleStart.of("uniform", one + other, "number", low=start, high=end)
        return
    error = std / math.sqrt(count)
    centres = _numbers(Range(mean - _ROUNDED * error, mean + _ROUNDED * error, mean))
    spread = std * _ROUNDED * family.error(count)
    for deviation, one in _numbers(Range(std - spread, std + spread, std)):
        for centre, other in centres:
            given = {"mean": centre, "std": deviation}
            if family == NORMAL:
                yield RuleStart.of("normal", one + other, "number", **given)
            else:
                window = family.window
                yield RuleStart.of("truncated_normal", one + other, "number", **given, **window)


def _numbers(given: Range) -> list[tuple[float, float]]:
    """Return the numbers that a range may be of: 0 where that is in it, and else the shortest."""
    if 0.0 in given:
        return [(0.0, 0.0)]
    if given.best < 0:
        flipped = Range(-given.high, -given.low, -given.best)
        return [(-number, cost) for number, cost in _numbers(flipped)]
    return list(short_numbers(given)) or [(measured_number(given), ODD)]


def _range(place: Place, family: Family, shares: Sequence[float]) -> Range | None:
    """Return what a number may be of which each deviation is a share; None where there is none.

    Args:
        place: the weights.
        family: of their values.
        shares: the factor of the number, for each weight.
    """
    moments = [s.moments for s in place.samples if s.moments]
    counts = np.array([m.count for m in moments])
    squares = np.array([m.square for m in moments]) / np.square(shares)
    total = int(counts.sum())
    pooled = math.sqrt(float(np.average(squares, weights=counts)))
    error = family.error(total)
    errors = np.array([family.error(int(count)) for count in counts])
    allowed = ERRORS * errors * (1 + ERRORS * errors) + ERRORS * error + _ROUNDING
    if (np.abs(np.log(np.sqrt(squares) / pooled)) > allowed).any():
        return None
    if family != UNIFORM:
        spread = _ROUNDED * error
        return Range(pooled * (1 - spread), pooled * (1 + spread), pooled)
    peaks = [max(m.high, -m.low) / share for m, share in zip(moments, shares, strict=True)]
    end = max(peaks) / _ROOT
    # Where no short number is near, others may lie farther out than those that are known.
    likely = end * (1 + _BEYOND / total)
    return Range(end * (1 - place.slack), end * (1 + EXPECTED / total), likely)


def _starts(place: Place, family: Family) -> Iterator[RuleStart]:
    """Give the schemes of a family whose deviations are those of all weights."""
    numbers = _captured(place)
    forms = [LawForm(family)]
    if math.isfinite(family.cut):
        forms.append(LawForm(family, corrected=False))
    depths: list[tuple[Depth | None, list[float]]] = [(None, [1.0] * len(numbers))]
    depths += [(depth, depth.values(numbers)) for depth in depths_of(place)]
    readings = [
        (reading, fan, counted)
        for reading in readings_of(place)
        for fan, counted in fans_of(place, reading)
    ]
    for depth, divisors in depths:
        plain = _range(place, family, [1 / divisor for divisor in divisors])
        if plain is not None:
            for form in forms:
                yield from form.plain(plain, depth, place.sizes)
        for reading, fan, counted in readings:
            shares = [
                1 / (divisor * number**fan.power)
                for divisor, number in zip(divisors, counted, strict=True)
            ]
            scale = _range(place, family, shares)
            if scale is not None:
                for form in forms:
                    yield from form.by_fan(scale, fan, reading, depth)


def _captured(place: Place) -> list[Mapping[str, float]]:
    """Return what the pattern of a place captures in the path of each weight."""
    known = captured_numbers(place.capturing, [weight.path for weight in place.neighbours])
    return [known.get(path, {}) for path in place.paths]
