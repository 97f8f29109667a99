"""Slices of one weight that are the same draws: rows, heads, gates, shards, experts, layers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fanwise.conformance.audits.results import FAILS, HOLDS, UNDECIDED, AuditOutcome, AuditRow
from fanwise.conformance.audits.unaided.counts import MAGNITUDE
from fanwise.conformance.audits.unaided.natures import Nature, is_law, is_series, is_smooth
from fanwise.conformance.audits.unaided.scans import Scan
from fanwise.spec.roles import FAN_ROLES

CLAIM: Final = "distinct slices"
#: How many different numbers a slice must have to be known by them, of a dtype with a mantissa of
#: 23 bits, and of a narrower one.
_KNOWN: Final = {"float32": 4, "float64": 4}
_KNOWN_NARROW: Final = 12
#: So many elements of the law of draws are draws.
_ORDERED: Final = 1 << 10
#: As many lines of a matrix must there be, and as long.
_FEWEST: Final = 16


@dataclass(frozen=True)
class Alike:
    """Slices of an axis that are alike.

    Attributes:
        axis: the axis.
        size: of the axis.
        pairs: each slice that an earlier one equals, with that one first.
        negated: whether their signs differ.
    """

    axis: int
    size: int
    pairs: NDArray[np.intp]
    negated: bool

    @property
    def fault(self) -> str:
        """The name of the fault."""
        if self.negated:
            return "negated slices"
        if len(self.pairs) == self.size - 1 and (self.pairs[:, 0] == self.pairs[0, 0]).all():
            return "symmetric initialization"
        steps = np.unique(self.pairs[:, 1] - self.pairs[:, 0])
        whole = len(steps) and steps[0] > 1 and self.size % steps[0] == 0
        return "equal parts" if whole and len(self.pairs) >= steps[0] else "equal slices"


def find_equal_slices(scan: Scan, kind: Nature, _: float) -> Iterator[AuditRow]:
    """Yield the verdict on whether a weight has equal slices.

    Args:
        scan: of the weight.
        kind: what its values are.
    """
    if kind not in (Nature.DRAWN, Nature.FORMULA) or len(scan.shape) < 2:
        return
    # Waves of two frequencies may be one.
    if kind is Nature.FORMULA and is_smooth(scan):
        return
    axes = [axis for axis, size in enumerate(scan.shape) if size > 1]
    looked = False
    for axis, values in zip(axes, scan.slices, strict=True):
        alike = _alike(scan, axis, values)
        looked = looked or alike is not None
        if alike is None or not len(alike.pairs):
            continue
        first, second = (int(place) for place in alike.pairs[0])
        seen = f"{len(alike.pairs)} of {alike.size} slices of axis {axis} equal an earlier one"
        what = "minus " if alike.negated else ""
        note = f"Slice {second} is {what}slice {first}. {_meaning(alike.fault)}"
        yield AuditRow(
            scan.path, FAILS, CLAIM, seen, "none equal", 0, scan.counts.n, alike.fault, note
        )
        return
    if kind is Nature.DRAWN and _is_symmetric(scan):
        note = "The matrix is its own transpose: half of its draws are missing."
        yield AuditRow(
            scan.path,
            FAILS,
            CLAIM,
            "symmetric",
            "none equal",
            0,
            scan.counts.n,
            "symmetric matrix",
            note,
        )
        return
    shift, count = _repeated(scan) if kind is Nature.DRAWN else (0, 0)
    if count > 1:
        seen = f"windows of elements come again {shift} elements later"
        note = "A part of the stream was drawn twice: a short period, or a buffer written again."
        yield AuditRow(
            scan.path, FAILS, CLAIM, seen, "none", 0, scan.counts.n, "repeated draws", note
        )
        return
    if kind is Nature.DRAWN:
        outcome: AuditOutcome = HOLDS if looked else UNDECIDED
        yield AuditRow(scan.path, outcome, CLAIM, "none equal", "none equal", 0, scan.counts.n)


def find_order(scan: Scan, kind: Nature, _: float) -> Iterator[AuditRow]:
    """Yield a row where draws are like their neighbours: sorted, smoothed, or of a poor generator.

    Args:
        scan: of the weight.
        kind: what its values are.
    """
    role = scan.weight.weight.role
    if kind is not Nature.FORMULA or role not in FAN_ROLES or scan.counts.n < _ORDERED:
        return
    if len(scan.shape) < 2 or not is_law(scan.sample):
        return
    note = "The values have the law of draws, but are like their neighbours: sorted, or smoothed."
    yield AuditRow(
        scan.path,
        FAILS,
        "independent neighbours",
        "neighbours alike",
        "independent",
        "",
        scan.counts.n,
        "neighbours alike",
        note,
    )


def _alike(scan: Scan, axis: int, values: NDArray[np.float32]) -> Alike | None:
    """Find equal slices of an axis; None where slices are too short to be told apart."""
    needed = _KNOWN.get(scan.dtype, _KNOWN_NARROW)
    if values.shape[1] < needed:
        return None
    words = (values + np.float32(0)).view(np.uint32)
    ordered = np.sort(words & MAGNITUDE, axis=1)
    varied = (np.diff(ordered, axis=1) != 0).sum(axis=1) + 1 >= needed
    places = np.flatnonzero(varied)
    if len(places) < 2:
        return Alike(axis, len(values), np.empty((0, 2), np.intp), negated=False)
    pairs = _pairs(words[places])
    negated = not len(pairs)
    if negated:
        pairs = _pairs(words[places] & MAGNITUDE)
        opposite = [(words[places[a]] ^ words[places[b]] == ~MAGNITUDE).all() for a, b in pairs]
        pairs = pairs[np.array(opposite, bool)] if len(pairs) else pairs
    if len(pairs):
        kept = np.setdiff1d(places, places[pairs[:, 1]])
        if is_series(values[kept].reshape(-1)) or is_series(values[kept[0]]):
            return Alike(axis, len(values), np.empty((0, 2), np.intp), negated=False)
    return Alike(axis, len(values), places[pairs].reshape(-1, 2), negated)


def _pairs(words: NDArray[np.uint32]) -> NDArray[np.intp]:
    """Pair each row with the first one that it equals."""
    _, first, of = np.unique(words, axis=0, return_index=True, return_inverse=True)
    firsts = first[of.reshape(-1)]
    places = np.arange(len(words))
    later = firsts != places
    return np.stack([firsts[later], places[later]], axis=1)


def _is_symmetric(scan: Scan) -> bool:
    """Tell whether a square matrix is its own transpose, or minus it."""
    if len(scan.shape) != 2 or scan.shape[0] != scan.shape[1] or scan.shape[0] < _FEWEST:
        return False
    length = min(len(scan.across), scan.shape[0])
    row, column = np.abs(scan.head[1:length]), np.abs(scan.across[1:length])
    return len(row) == len(column) and bool((row == column).all())


def _repeated(scan: Scan) -> tuple[int, int]:
    """Return how far apart windows come again most often, and how many do."""
    prints = scan.prints
    order = np.lexsort((prints.offsets, prints.hashes[:, 0]))
    hashes, offsets = prints.hashes[order], prints.offsets[order]
    same = (hashes[1:] == hashes[:-1]).all(axis=1)
    shifts = np.abs(offsets[1:] - offsets[:-1])[same]
    if not len(shifts):
        return 0, 0
    values, counts = np.unique(shifts, return_counts=True)
    most = int(counts.argmax())
    return int(values[most]), int(counts.sum())


def _meaning(fault: str) -> str:
    return {
        "symmetric initialization": "All of them are one: units that start alike stay alike.",
        "equal parts": "Heads, gates, shards, experts or layers drew the same numbers.",
        "equal slices": "Copies of one draw.",
        "negated slices": "Copies of one draw with the other sign.",
    }[fault]
