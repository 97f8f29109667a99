"""Claims about the elements of a weight, by what one pass has counted of them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from fanwise.conformance.audits import visibility
from fanwise.conformance.audits.results import FAILS, HOLDS, UNDECIDED, AuditOutcome, AuditRow
from fanwise.conformance.audits.tallies import Tally
from fanwise.conformance.statistics import tails
from fanwise.conformance.statistics.elements import ElementLaw
from fanwise.conformance.statistics.tails import LIKELIEST

FINITE: Final = "finite"
MEAN: Final = "mean"
DEVIATION: Final = "deviation"
DISTRIBUTION: Final = "distribution"
TAILS: Final = "tails"
SUPPORT: Final = "support"
REPEATS: Final = "repeats"
NEIGHBOURS: Final = "neighbours"
PADDING: Final = "padding"

#: How many claims of a weight may fail by chance: those above but the first and `support`, and the
#: one about rows and columns.
CHANCES: Final = 7
#: The parts of a law that lie farthest out, in which elements are counted.
_SHARES: Final = (1e-2, 1e-4, 1e-6, 1e-9, 0.0)


@dataclass(frozen=True)
class Judged:
    """A weight, or several of one law, with what was counted.

    Attributes:
        path: the weight's.
        element: the law of its elements.
        tally: what was counted of them.
        alpha: the false-alarm rate of each claim.
        note: what to say with each row.
    """

    path: str
    element: ElementLaw
    tally: Tally
    alpha: float
    note: str = ""

    def row(self, claim: str, *, holds: bool, shows: bool = True, **fields: Any) -> AuditRow:
        """Return a row about it.

        Args:
            claim: the claim's name.
            holds: whether what was observed is within the bound.
            shows: whether the smallest fault that matters would have been seen.
            fields: the others of the row.
        """
        outcome: AuditOutcome = FAILS if not holds else HOLDS if shows else UNDECIDED
        notes = filter(None, (fields.pop("note", ""), self.note))
        n = fields.pop("n", self.tally.n)
        return AuditRow(self.path, outcome, claim, n=n, note=" ".join(notes), **fields)


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
    yield from _tails(judged)
    if judged.element.law.bounded:
        yield _support(judged)
    yield _repeats(judged)


def neighbours_row(judged: Judged) -> AuditRow | None:
    """Judge the correlation of elements that lie a step apart; None where none do."""
    lags = judged.tally.lags
    if not lags:
        return None
    alpha = judged.alpha / len(lags)
    bounds = {step: 3 * tails.bernstein(n, 1 / 9, 1.0, alpha) for step, (_, n) in lags.items()}
    found = {step: 3 * total / n for step, (total, n) in lags.items()}
    worst = max(found, key=lambda step: abs(found[step]) / bounds[step])
    nearest = min(lags)
    visible = visibility.visible_correlation(lags[nearest][1], bounds[nearest])
    return judged.row(
        NEIGHBOURS,
        holds=abs(found[worst]) <= bounds[worst],
        shows=visible <= visibility.CORRELATION_MATTERS,
        observed=found[worst],
        expected=0.0,
        bound=f"±{bounds[worst]:.3g}",
        note=f"The correlation of elements {worst} apart.",
        visible=f"a correlation of {min(visible, 1):.2g}",
    )


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


def _tails(judged: Judged) -> Iterator[AuditRow]:
    """Judge how many elements lie in the outermost parts of the law."""
    element, tally = judged.element, judged.tally
    parts = [element.tail(share) for share in _SHARES]
    parts = [part for part in dict.fromkeys(parts) if part.probability > 0]
    alpha = judged.alpha / max(len(parts), 1)
    worst, score, visible = None, -1.0, 1.0
    for part in parts:
        count = int(tally.cells[: part.first].sum() + tally.cells[part.last :].sum())
        least, most = tails.count_bounds(tally.n, part.probability, alpha)
        expected = tally.n * part.probability
        over = (count - expected) / (most - expected + 1) if count > expected else (
            (expected - count) / (expected - least + 1)
        )  # fmt: skip
        if over > score or not least <= count <= most:
            worst, score = (part, count, least, most, expected), max(over, score)
        visible = min(visible, visibility.visible_share(tally.n, most))
    if worst is None:
        # Of a few numbers, all are likely.
        return
    part, count, least, most, expected = worst
    yield judged.row(
        TAILS,
        holds=least <= count <= most,
        shows=visible <= visibility.SHARE_MATTERS,
        observed=float(count),
        expected=expected,
        bound=f"{least} to {most}",
        note=f"How many lie in the outermost {part.probability:.2g} of the law.",
        visible=f"a share of {visible:.2g} far out",
    )


def _support(judged: Judged) -> AuditRow:
    element, tally = judged.element, judged.tally
    low, high = element.law.support
    visible = visibility.visible_share(tally.n, 0)
    return judged.row(
        SUPPORT,
        holds=not tally.outside,
        shows=visible <= visibility.SHARE_MATTERS,
        observed=f"{tally.outside} elements beyond; from {tally.low:.6g} to {tally.high:.6g}",
        expected=f"from {low:.6g} to {high:.6g}",
        bound="0 elements beyond, by more than rounding",
        visible=f"a share of {visible:.2g} beyond the bounds",
    )


def _repeats(judged: Judged) -> AuditRow:
    """Judge how often the same number occurs: zero, the smallest and the largest."""
    element, tally = judged.element, judged.tally
    alpha = judged.alpha / 3
    most = tails.count_bounds(tally.n, element.probability(0.0), 2 * alpha)[1]
    seen = [(0.0, tally.zeros, most)]
    for number, count in ((tally.low, tally.at_low), (tally.high, tally.at_high)):
        bound = _most_at_end(element, tally.n, number, alpha)
        if bound is not None and number != 0:
            seen.append((number, count, bound))
    number, count, bound = max(seen, key=lambda each: (each[1] - each[2]) / (each[2] + 1))
    visible = visibility.visible_share(tally.n, most)
    return judged.row(
        REPEATS,
        holds=count <= bound,
        shows=visible <= visibility.SHARE_MATTERS,
        observed=f"{number:.6g}, {count} times",
        expected="no number often",
        bound=f"{bound} times",
        visible=f"a share of {visible:.2g} that is zero",
    )


def _most_at_end(element: ElementLaw, n: int, number: float, alpha: float) -> int | None:
    """Return how often the smallest or largest element may occur; None where that is open."""
    if element.has_atoms:
        # Only an end of the law is a number that does not depend on the elements.
        ends = element.law.support
        steps = element.grid.steps(np.array(ends))
        if not any(abs(number - end) <= step for end, step in zip(ends, steps, strict=True)):
            return None
        return tails.count_bounds(n, element.probability(number), alpha)[1]
    return tails.most_alike(n, LIKELIEST, alpha)


def _interval(low: float, high: float) -> str:
    return f"{low:.4g} to {high:.4g}"


def _percent(share: float) -> str:
    return f"{share:.2%}" if share < 0.1 else f"{share:.0%}" if math.isfinite(share) else "any"
