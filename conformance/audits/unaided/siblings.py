"""Weights that are unlike those of the same name in the other layers."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from fanwise.conformance.audits.results import FAILS, UNDECIDED, AuditRow
from fanwise.conformance.audits.unaided.natures import Nature
from fanwise.conformance.audits.unaided.scans import Scan

CLAIM: Final = "like its siblings"
#: Fewer layers do not say what is usual.
_FEWEST: Final = 4
#: How many values of a vector are kept.
_VALUES: Final = 256
#: By how much one layer's scale must differ to be told, beyond chance.
_DIFFERENT: Final = 1.1
#: By how much one layer's mean must differ, in deviations, beyond chance.
_SHIFTED: Final = 0.05
#: The number of a layer: a segment of the path; where there is none, at the end of one.
_NUMBER: Final = re.compile(r"(?<![^/])\d+(?![^/])")
_SUFFIX: Final = re.compile(r"(?<=_)\d+(?![^/])")


@dataclass(frozen=True)
class Sibling:
    """What is kept of a weight, to compare it with those of the other layers.

    Attributes:
        path, shape, role: of the weight.
        kind: what its values are.
        value: the value of a constant.
        std, mean: of its elements.
        n: how many there are.
        values: the first ones of a vector.
    """

    path: str
    shape: tuple[int, ...]
    role: str
    kind: Nature
    value: float
    std: float
    mean: float
    n: int
    values: NDArray[np.float32]

    @classmethod
    def of(cls, scan: Scan, kind: Nature) -> Sibling:
        """Keep what is needed of a weight."""
        counts, weight = scan.counts, scan.weight.weight
        return cls(
            scan.path,
            scan.shape,
            weight.role,
            kind,
            counts.low,
            counts.std,
            counts.mean,
            counts.n,
            scan.head[: _VALUES if len(scan.shape) == 1 else 0].copy(),
        )


def find_odd_ones(siblings: Sequence[Sibling], alpha: float) -> Iterator[AuditRow]:
    """Yield a row for each weight that alone is unlike those of the same name.

    Args:
        siblings: all weights.
        alpha: the false-alarm rate of all rows together.
    """
    groups: dict[tuple[object, ...], list[Sibling]] = defaultdict(list)
    for sibling in siblings:
        pattern = _NUMBER if _NUMBER.search(sibling.path) else _SUFFIX
        name = pattern.sub("<i>", sibling.path)
        if name != sibling.path and sibling.n > 1:
            groups[name, sibling.shape].append(sibling)
    for group in groups.values():
        if len(group) < _FEWEST:
            continue
        odd = (
            _constant_ones(group)
            or _moved_ones(group)
            or _scaled_ones(group, alpha / (2 * len(siblings)))
            or _shifted_ones(group, alpha / (2 * len(siblings)))
        )
        yield from odd


def _constant_ones(group: Sequence[Sibling]) -> list[AuditRow]:
    """Find the few that are one value where the others are draws, or of another value."""
    constant = [one for one in group if one.kind is Nature.CONSTANT]
    drawn = [one for one in group if one.kind is Nature.DRAWN]
    rows = []
    # The last of a list may be a layer of its own, as the last of a head.
    if constant and len(drawn) >= 3 * len(constant) and group[-1] not in constant:
        for one in constant:
            note = f"The other {len(drawn)} of this name and shape are draws: nobody wrote it."
            rows.append(_row(one, FAILS, f"all {one.value:g}", "draws", "unwritten weight", note))
    return rows


def _moved_ones(group: Sequence[Sibling]) -> list[AuditRow]:
    """Find the one that is not the constant that all others are."""
    values = Counter(one.value for one in group if one.kind is Nature.CONSTANT)
    if not values:
        return []
    value, count = values.most_common(1)[0]
    odd = [one for one in group if one.kind is not Nature.CONSTANT or one.value != value]
    # A first or last layer may be of its own.
    if len(odd) != 1 or count < _FEWEST or odd[0] in (group[0], group[-1]):
        return []
    (one,) = odd
    seen = f"all {one.value:g}" if one.kind is Nature.CONSTANT else f"deviation {one.std:.4g}"
    note = f"The other {count} of this name and shape are all {value:g}."
    return [_row(one, FAILS, seen, f"all {value:g}", "unlike the other layers'", note)]


def _shifted_ones(group: Sequence[Sibling], alpha: float) -> list[AuditRow]:
    """Find the one whose mean differs from that of all others, which have one mean."""
    if any(one.kind is not Nature.DRAWN or one.std <= 0 for one in group):
        return []
    error = float(stats.norm.isf(alpha / len(group))) * group[0].std / math.sqrt(group[0].n)
    ordered = sorted(group, key=lambda one: one.mean)
    for odd, others in ((ordered[0], ordered[1:]), (ordered[-1], ordered[:-1])):
        low, high = others[0].mean, others[-1].mean
        usual = (low + high) / 2
        inner = odd is not group[0] and odd is not group[-1]
        if high - low > 2 * error or not inner:
            continue
        if abs(odd.mean - usual) > 4 * error and abs(odd.mean - usual) > _SHIFTED * odd.std:
            seen, expected = f"mean {odd.mean:.4g}", f"{usual:.4g}"
            note = f"The other {len(others)} of this name and shape have that mean."
            return [_row(odd, FAILS, seen, expected, "mean unlike the other layers'", note)]
    return []


def _scaled_ones(group: Sequence[Sibling], alpha: float) -> list[AuditRow]:
    """Find the one whose scale differs from that of all others, which have one scale."""
    drawn = [one for one in group if one.kind is Nature.DRAWN and one.std > 0]
    if len(drawn) < _FEWEST or drawn != list(group):
        return []
    # A normal law's deviation is the least well known of the catalogue's.
    error = float(stats.norm.isf(alpha / len(drawn))) / math.sqrt(2 * drawn[0].n)
    ordered = sorted(drawn, key=lambda one: one.std)
    for odd, others in ((ordered[0], ordered[1:]), (ordered[-1], ordered[:-1])):
        low, high = others[0].std, others[-1].std
        if math.log(high / low) > 2 * error + 1e-3:
            continue
        ratio = odd.std / math.sqrt(low * high)
        if abs(math.log(ratio)) <= math.log(_DIFFERENT) + 2 * error:
            continue
        # The first and the last layer may be of a law of their own, as that of sines.
        inner = odd is not group[0] and odd is not group[-1]
        seen, expected = f"deviation {odd.std:.4g}", f"{math.sqrt(low * high):.4g}"
        note = f"{ratio:.3g} times that of the other {len(others)} of this name and shape."
        outcome = FAILS if inner else UNDECIDED
        return [_row(odd, outcome, seen, expected, "scale unlike the other layers'", note)]
    return []


def _row(one: Sibling, outcome: str, seen: str, expected: str, fault: str, note: str) -> AuditRow:
    assert outcome in (FAILS, UNDECIDED)
    return AuditRow(
        one.path,
        FAILS if outcome == FAILS else UNDECIDED,
        CLAIM,
        seen,
        expected,
        "",
        one.n,
        fault,
        note,
    )
