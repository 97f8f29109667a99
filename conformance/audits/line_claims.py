"""The claim that every row and column of a weight, and some beside each other, have its law."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import stats

from fanwise.conformance.audits import visibility
from fanwise.conformance.audits.judged import Judged
from fanwise.conformance.audits.line_sums import Lines, Window
from fanwise.conformance.audits.results import AuditRow

LINES: Final = "rows and columns"


@dataclass(frozen=True)
class _Worst:
    """The line, or lines, that lie farthest from what they should be.

    Attributes:
        score: above 1 for what is out of bounds.
        text: what was seen of which lines.
        expected, bound: what it should be, and how far it may be off.
        n: the number of elements.
        is_dead: whether all elements are one number.
    """

    score: float
    text: str
    expected: str
    bound: str
    n: int
    is_dead: bool


def lines_row(judged: Judged) -> AuditRow | None:
    """Judge the means and mean squares of lines; None where a weight has too few elements."""
    windows = [(lines, window) for lines in judged.tally.lines for window in lines.windows()]
    if not windows:
        return None
    alpha = judged.alpha / (4 * sum(len(window.totals) for _, window in windows))
    worst, failing = None, 0
    for lines, window in windows:
        found, out = _worst_of(judged, lines, window, alpha)
        failing += out
        if worst is None or found.score > worst.score:
            worst = found
    assert worst is not None
    even = _evenness(judged, windows)
    narrow = [window for _, window in windows if window.width == 1]
    seen = [visibility.visible_deviations(judged.element, window.n, alpha) for window in narrow]
    largest = max((most for _, most in seen), default=math.inf)
    dead = all(least > 0 for least, _ in seen) and bool(seen)
    visible = f"a line of {largest:.2g} times the deviation" if math.isfinite(largest) else "none"
    return judged.row(
        LINES,
        holds=worst.score <= 1 and not even,
        shows=dead and largest <= visibility.LINE_MATTERS,
        observed=even if even and worst.score <= 1 else worst.text,
        expected=worst.expected,
        bound=worst.bound,
        n=worst.n,
        fault=_fault(worst, even),
        note=f"{failing} of the lines and groups of lines are out of bounds." if failing else "",
        visible=visible,
    )


def _fault(worst: _Worst, even: str) -> str:
    if worst.score > 1:
        return "dead lines" if worst.is_dead else ""
    return "orthogonal in the place of normal" if even else ""


def _evenness(judged: Judged, windows: Sequence[tuple[Lines, Window]]) -> str:
    """Say that lines are of one length, as those of an orthogonal matrix are, if they are.

    That all of some independent normal vectors have a mean square so near to the expected one is a
    product of probabilities of χ².
    """
    law = judged.element.law
    if law.bounded:
        return ""
    narrow = [(lines, window) for lines, window in windows if window.width == 1]
    for _, window in narrow:
        slack = 4 * judged.element.grid.half_step
        farthest = float(np.abs(window.squares / window.n - 1).max()) + slack
        ends = stats.chi2(window.n).cdf(window.n * np.array([max(1 - farthest, 0), 1 + farthest]))
        rate = judged.alpha / 2 / len(narrow)
        if len(window.totals) * math.log(max(ends[1] - ends[0], 1e-300)) <= math.log(rate):
            return f"all of {len(window.totals)} lines have one length, within {farthest:.2g}"
    return ""


def are_alike(judged: Judged) -> bool:
    """Tell whether all lines have one scale, be it that of the law or another one."""
    tally = judged.tally
    if not tally.deviation:
        return True
    windows = [(lines, window) for lines in tally.lines for window in lines.windows()]
    count = 2 * sum(len(window.totals) for _, window in windows)
    for _, window in windows:
        least, most = judged.element.deviation_bounds(window.n, judged.alpha / count)
        ratios = np.sqrt(window.squares / window.n) / tally.deviation
        if (ratios < least).any() or (ratios > most).any():
            return False
    return True


def _worst_of(judged: Judged, lines: Lines, window: Window, alpha: float) -> tuple[_Worst, int]:
    """Return the worst of some lines of one width, and how many of them are out of bounds."""
    element = judged.element
    law = element.law
    means = window.totals / window.n
    deviations = np.sqrt(window.squares / window.n)
    low, high = element.mean_bounds(window.n, alpha)
    least, most = element.deviation_bounds(window.n, alpha)
    of_means = np.maximum(means / high, means / low)
    with np.errstate(divide="ignore"):
        of_deviations = np.maximum(deviations / most, least / deviations if least > 0 else 0)
    failing = int(((of_means > 1) | (of_deviations > 1)).sum())
    place = int(np.argmax(np.maximum(of_means, of_deviations)))
    name = lines.name_of(window, place)
    # Of equal numbers the mean square is the square of the mean.
    is_dead = bool(
        window.squares[place] * window.n - window.totals[place] ** 2
        <= 1e-9 * max(window.squares[place] * window.n, window.n)
    )
    if of_deviations[place] >= of_means[place]:
        return _Worst(
            float(of_deviations[place]),
            f"{name}: deviation {law.std * deviations[place]:.4g}",
            f"deviation {law.std:.4g}",
            f"{law.std * least:.4g} to {law.std * most:.4g}",
            window.n,
            is_dead,
        ), failing
    return _Worst(
        float(of_means[place]),
        f"{name}: mean {law.mean + law.std * means[place]:.4g}",
        f"mean {law.mean:.4g}",
        f"{law.mean + law.std * low:.4g} to {law.mean + law.std * high:.4g}",
        window.n,
        is_dead,
    ), failing
