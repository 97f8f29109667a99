"""Slices of one weight that are correlated as copies are: scaled, or with noise."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fanwise.conformance.audits.results import FAILS, AuditRow
from fanwise.conformance.audits.unaided.exchanges import correlation_bound, exchanged
from fanwise.conformance.audits.unaided.natures import Nature
from fanwise.conformance.audits.unaided.positions import row_axes
from fanwise.conformance.audits.unaided.scans import Scan
from fanwise.conformance.audits.unaided.slices import CLAIM

#: A correlation that a copy has, and one that a copy with noise has.
COPY, _NOISY = 0.98, 0.6
#: As many equal parts are compared line by line, and what their mean correlation must be; where
#: more is, one is the other, scaled.
_PARTS: Final = 16
_LEAST, _NOISE_LEFT = 0.15, 0.97
#: How many others a copied line is like, at the most, and how many such lines there must be.
_PARTNERS, _LINES = 4, 8
#: As many lines of a matrix must there be, and as long.
_FEWEST: Final = 16


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


def _unit(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    centred = rows - rows.mean(axis=1, keepdims=True)
    norms = np.sqrt((centred**2).sum(axis=1, keepdims=True))
    unit: NDArray[np.float32] = centred / np.maximum(norms, np.float32(1e-30))
    return unit
