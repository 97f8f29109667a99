"""The claim that elements a few steps apart, and beside each other on any axis, are independent."""

from __future__ import annotations

from typing import Final

from fanwise.conformance.audits import visibility
from fanwise.conformance.audits.judged import Judged
from fanwise.conformance.audits.results import AuditRow
from fanwise.conformance.statistics import tails

NEIGHBOURS: Final = "neighbours"


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
