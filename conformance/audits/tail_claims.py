"""Claims about the elements that lie far out, and about numbers that occur often."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from fanwise.conformance.audits import visibility
from fanwise.conformance.audits.judged import REPEATS, SUPPORT, TAILS, Judged
from fanwise.conformance.audits.results import AuditRow
from fanwise.conformance.statistics import tails
from fanwise.conformance.statistics.elements import ElementLaw
from fanwise.conformance.statistics.tails import LIKELIEST

#: The parts of a law that lie farthest out, in which elements are counted.
_SHARES: Final = (1e-2, 1e-4, 1e-6, 1e-9, 0.0)


def tails_rows(judged: Judged) -> Iterator[AuditRow]:
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


def support_row(judged: Judged) -> AuditRow:
    """Judge whether elements lie beyond the bounds of their law."""
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


def repeats_row(judged: Judged) -> AuditRow:
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
