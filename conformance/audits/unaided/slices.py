"""Slices of one weight that are the same draws: rows, heads, gates, shards, experts, layers."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fanwise.conformance.audits.results import FAILS, HOLDS, UNDECIDED, AuditOutcome, AuditRow
from fanwise.conformance.audits.unaided.counts import MAGNITUDE
from fanwise.conformance.audits.unaided.exchanges import correlation_bound, exchanged
from fanwise.conformance.audits.unaided.natures import Nature, is_law, is_series
from fanwise.conformance.audits.unaided.positions import row_axes
from fanwise.conformance.audits.unaided.scans import Scan
from fanwise.spec.roles import FAN_ROLES

CLAIM: Final = "distinct slices"
#: How many different numbers a slice must have to be known by them, of a dtype with a mantissa of
#: 23 bits, and of a narrower one.
_KNOWN: Final = {"float32": 4, "float64": 4}
_KNOWN_NARROW: Final = 12
#: A correlation that a copy has, and one that a copy with noise has.
COPY, _NOISY = 0.98, 0.6
#: So many elements of the law of draws are draws.
_ORDERED: Final = 1 << 10
#: As many equal parts are compared line by line, and what their mean correlation must be; where
#: more is, one is the other, scaled.
_PARTS: Final = 16
_LEAST, _NOISE_LEFT = 0.15, 0.97
#: How many others a copied line is like, at the most, and how many such lines there must be.
_PARTNERS, _LINES = 4, 8
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


def find_alike_slices(
    scan: Scan, kind: Nature, alpha: float, *, least: float = 0.0
) -> Iterator[AuditRow]:
    """Yield a row where lines of a weight are correlated as copies are: scaled, or with noise.

    Args:
        scan: of the weight.
        kind: what its values are.
        alpha: the false-alarm rate.
        least: the correlation from which on they are told.
    """
    if kind is not Nature.DRAWN or len(scan.shape) < 2:
        return
    split = row_axes(scan.shape)
    lines_of_axis = (math.prod(scan.shape[:split]), math.prod(scan.shape[split:]))
    for axis, matrix in enumerate((scan.matrix, scan.matrix.T)):
        rows, columns = matrix.shape
        if rows < 2 or columns < _FEWEST or not np.isfinite(matrix).all():
            continue
        first, second = (exchanged(matrix, seed) for seed in (1, 2))
        likeness = _unit(first) @ _unit(second).T
        np.fill_diagonal(likeness, 0.0)
        is_whole = rows == lines_of_axis[axis]
        parts = _alike_parts(likeness, columns, alpha / 2) if is_whole and not least else ""
        if parts:
            note = "Heads, gates or shards of a common origin: copies with noise."
            yield AuditRow(
                scan.path, FAILS, CLAIM, parts, 0.0, "", columns, "noisy copies of slices", note
            )
            return
        bound = correlation_bound(columns, alpha / (4 * rows * rows))
        place = np.unravel_index(np.abs(likeness).argmax(), likeness.shape)
        largest = float(likeness[place])
        if abs(largest) <= max(bound, _NOISY, least):
            continue
        near = np.abs(likeness) > max(bound, _NOISY)
        lines = int(near.any(axis=1).sum())
        # A line that is like many others is of a trained matrix, and so may be a lone pair.
        others = float(np.median(near.sum(axis=1)[near.any(axis=1)]))
        if others > _PARTNERS or (abs(largest) < COPY and lines < _LINES):
            continue
        line = "rows" if axis == 0 else "columns"
        one, two = sorted(int(line) for line in place)
        fault = "proportional slices" if abs(largest) >= COPY else "noisy copies of slices"
        seen = f"correlation {largest:.4g}, of {lines} of {rows} {line} that were compared"
        note = f"Of the lines that were compared, {one} and {two}: one draw, scaled or with noise."
        yield AuditRow(scan.path, FAILS, CLAIM, seen, 0.0, bound, columns, fault, note)
        return


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


def _alike_parts(likeness: NDArray[np.float32], columns: int, alpha: float) -> str:
    """Say which equal parts of all lines are correlated line by line; ``""`` for none.

    The correlation of a line with an independent one is that of directions on a sphere, whose mean
    over pairs of lines that share none has a Gaussian bound.
    """
    rows = len(likeness)
    counts = [count for count in range(2, _PARTS + 1) if rows % count == 0]
    for count in counts:
        size = rows // count
        if size < _LINES:
            continue
        means = np.einsum("isjs->ij", likeness.reshape(count, size, count, size)) / size
        np.fill_diagonal(means, 0.0)
        tests = 2 * len(counts) * count * count
        bound = math.sqrt(2 * math.log(2 * tests / alpha) / (size * (columns - 2)))
        place = np.unravel_index(np.abs(means).argmax(), means.shape)
        mean = float(means[place])
        others = int((np.abs(means) > max(bound, _LEAST)).sum(axis=1)[place[0]])
        if _NOISE_LEFT > abs(mean) > max(bound, _LEAST) and others < _PARTNERS:
            one, two = sorted(int(part) for part in place)
            return f"parts {one} and {two} of {count}: correlation {mean:.3g}"
    return ""


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


def _unit(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    centred = rows - rows.mean(axis=1, keepdims=True)
    norms = np.sqrt((centred**2).sum(axis=1, keepdims=True))
    unit: NDArray[np.float32] = centred / np.maximum(norms, np.float32(1e-30))
    return unit


def _meaning(fault: str) -> str:
    return {
        "symmetric initialization": "All of them are one: units that start alike stay alike.",
        "equal parts": "Heads, gates, shards, experts or layers drew the same numbers.",
        "equal slices": "Copies of one draw.",
        "negated slices": "Copies of one draw with the other sign.",
    }[fault]
