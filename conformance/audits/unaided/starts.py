"""Whether a model as a whole still looks like a start."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from fanwise.conformance.audits.results import FAILS, HOLDS, UNDECIDED, AuditRow
from fanwise.conformance.audits.unaided import spectra
from fanwise.conformance.audits.unaided.natures import Nature, is_law
from fanwise.conformance.audits.unaided.siblings import Sibling

#: The path of a row about all weights.
ALL: Final = "**"
CLAIM: Final = spectra.START
#: How many standard errors the deviations of scales of one law may differ by.
_ERRORS: Final = 6.0
#: The roles of running statistics.
STATISTICS: Final = ("mean", "variance")
#: As many normalizations must have been moved.
_FEWEST: Final = 2


def find_training(siblings: Sequence[Sibling], rows: Sequence[AuditRow]) -> Iterator[AuditRow]:
    """Yield the verdict on whether a model is a start, and what shows it if not.

    Args:
        siblings: all its weights.
        rows: those of its weights.
    """
    judged = [row for row in rows if row.claim == CLAIM]
    moved = [row for row in judged if row.fault == "no longer a start"]
    shown = []
    if moved:
        shown.append(f"singular values of {len(moved)} of {len(judged)} matrices")
    scales = _moved_scales(siblings)
    if scales:
        shown.append(scales)
    statistics = [
        one for one in siblings if one.role in STATISTICS and one.kind is not Nature.CONSTANT
    ]
    if statistics:
        shown.append(f"{len(statistics)} running statistics that have run, {statistics[0].path}")
    n = sum(one.n for one in siblings)
    if shown:
        note = "A trained or merged checkpoint, or one whose parts were: no start."
        yield AuditRow(
            ALL, FAILS, CLAIM, "; ".join(shown), "a start", "", n, "no longer a start", note
        )
    elif any(row.outcome == HOLDS for row in judged):
        kept = sum(row.outcome == HOLDS for row in judged)
        seen = f"{kept} matrices have the singular values of draws"
        yield AuditRow(ALL, HOLDS, CLAIM, seen, "a start", "", n)
    else:
        note = "No matrix is large enough to show it."
        yield AuditRow(ALL, UNDECIDED, CLAIM, "", "a start", "", n, "", note)


def _moved_scales(siblings: Sequence[Sibling]) -> str:
    """Say which normalizations have scales of many values, and of no one law; ``""`` for none."""
    scales = [one for one in siblings if one.role == "scale" and len(one.shape) == 1]
    moved = [one for one in scales if one.kind is not Nature.CONSTANT and one.std > 0 and one.n > 7]
    if len(moved) < _FEWEST or len(moved) < len(scales) / 2:
        return ""
    offsets = [one for one in siblings if one.role == "offset" and one.n > 7]
    drawn = [one for one in offsets if one.kind is not Nature.CONSTANT and one.std > 0]
    if len(drawn) >= max(_FEWEST, len(offsets) / 2) and not (_is_usual(moved) and _is_usual(drawn)):
        # No layer draws both, and who does, does it by a number that a person writes.
        return f"scales and offsets of {len(moved)} normalizations that moved, {moved[0].path}"
    # Scales that are drawn, as N(1, 0.02), are of one law in every layer.
    low, high = min(one.std for one in moved), max(one.std for one in moved)
    spread = _ERRORS / math.sqrt(2 * min(one.n for one in moved))
    together = np.concatenate([(one.values - one.mean) / one.std for one in moved])
    if math.log(high / low) <= 2 * spread and is_law(together):
        return ""
    return f"scales of {len(moved)} normalizations that are no longer one value, {moved[0].path}"


def _is_usual(siblings: Sequence[Sibling]) -> bool:
    """Tell whether the deviation of some weights is 1, 2 or 5 times a power of ten."""
    n = sum(one.n for one in siblings)
    std = math.sqrt(sum(one.n * one.std**2 for one in siblings) / n)
    power = 10.0 ** math.floor(math.log10(std))
    usual = [power * digit for digit in (1, 2, 5, 10)]
    return any(abs(std / number - 1) <= _ERRORS / math.sqrt(2 * n) for number in usual)
