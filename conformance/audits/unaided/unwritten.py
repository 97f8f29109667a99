"""Parts that nobody wrote: zeros, and blocks of one value, among draws."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from fanwise.conformance.audits.results import FAILS, HOLDS, UNDECIDED, AuditOutcome, AuditRow
from fanwise.conformance.audits.unaided.lines import constant_slices
from fanwise.conformance.audits.unaided.natures import Nature, is_sparse
from fanwise.conformance.audits.unaided.scans import Scan, is_table
from fanwise.conformance.statistics.tails import LIKELIEST

CLAIM: Final = "written"
#: How likely 0 is beside the other numbers nearest to it, at the most, of draws on a grid.
_NEAREST: Final = 0.6
#: Fewer elements without a zero say nothing.
_FEWEST: Final = 16
_SCALED_GRID: Final = 2.0**-24


def find_unwritten(scan: Scan, kind: Nature, alpha: float) -> Iterator[AuditRow]:
    """Yield the verdict on whether all of a weight was written.

    Args:
        scan: of the weight.
        kind: what its values are.
        alpha: the false-alarm rate.
    """
    if kind not in (Nature.DRAWN, Nature.FORMULA, Nature.FEW) or scan.counts.n < 2:
        return
    n = scan.counts.n
    lines = _constant_lines(scan) if kind is Nature.DRAWN else ""
    if lines and not (is_sparse(scan) and _has_scattered_zeros(scan)):
        fault = "dead rows" if " zero" in lines else "constant block"
        note = "Draws everywhere else: a part that nobody wrote, or that was overwritten."
        yield AuditRow(scan.path, FAILS, CLAIM, lines, "draws", "none", n, fault, note)
        return
    if kind is Nature.DRAWN and scan.padding is not None and not is_table(scan.weight):
        note = "One row of zeros among draws: that of the padding of a table, or a dead unit."
        seen = f"row {scan.padding} is zero"
        yield AuditRow(scan.path, UNDECIDED, CLAIM, seen, "draws", "none", n, "", note)
    zeros = scan.counts.zeros
    if kind is not Nature.DRAWN or not zeros:
        if kind is Nature.DRAWN:
            outcome: AuditOutcome = HOLDS if n >= _FEWEST else UNDECIDED
            yield AuditRow(scan.path, outcome, CLAIM, "0 zeros", "draws", "", n)
        return
    if is_sparse(scan):
        note = "Every row, or every column, has as many zeros: a sparse start."
        yield AuditRow(scan.path, HOLDS, CLAIM, f"{zeros} zeros", "sparse", "", n, "", note)
        return
    allowed = _allowed_zeros(scan, alpha)
    if zeros <= allowed:
        yield AuditRow(scan.path, HOLDS, CLAIM, f"{zeros} zeros", "draws", allowed, n)
        return
    if _is_gated(scan):
        note = "A block of one value beside draws, as gates of a bias have."
        yield AuditRow(scan.path, UNDECIDED, CLAIM, f"{zeros} zeros", "draws", allowed, n, "", note)
        return
    note = f"{zeros / n:.2g} of the elements are exactly 0: unwritten, masked, or lost in a dtype."
    yield AuditRow(
        scan.path, FAILS, CLAIM, f"{zeros} zeros", "draws", allowed, n, "zeros among draws", note
    )


def _allowed_zeros(scan: Scan, alpha: float) -> float:
    """Return how many zeros draws may have, on whatever grid they lie.

    Of a grid that has 0, the other numbers next to 0 are as likely.
    """
    counts = scan.counts
    sizes = np.abs(scan.sample[scan.sample != 0])
    rate = float(LIKELIEST)
    if scan.dtype == "float16" and sizes.size:
        # Float16 has nothing between 0 and its smallest number.
        rate += 2 * _SCALED_GRID / max(counts.std, _SCALED_GRID)
    chance = float(stats.binom.isf(alpha / 2, counts.n, min(rate, 1.0)))
    if not sizes.size:
        return chance
    # The smallest are known of a sample only; so are the zeros then.
    zeros = int((scan.sample == 0).sum())
    near = int((sizes <= np.unique(sizes)[:2][-1]).sum())
    share = float(stats.binom.isf(alpha / 2, zeros + near, _NEAREST)) if zeros else 0.0
    return max(chance, counts.zeros if zeros and zeros <= share and near > 1 else 0.0)


def _constant_lines(scan: Scan) -> str:
    """Say which slices of a weight are one value throughout; ``""`` for none."""
    if len(scan.shape) < 2:
        return ""
    axes = [axis for axis, size in enumerate(scan.shape) if size > 1]
    for axis, values in zip(axes, scan.slices, strict=True):
        if values.shape[1] < 4:
            continue
        still = (values == values[:, :1]).all(axis=1)
        if not still.any() or still.all():
            continue
        places = np.flatnonzero(still)
        if axis == 0:
            places = places[places != scan.padding]
        # A part of each has been looked at, and sparse ones have many zeros.
        places = constant_slices(scan.weight, axis, places)
        if not len(places):
            continue
        numbers = np.unique(values[places])
        value = "zero" if (numbers == 0).all() else "one value each"
        return f"{len(places)} slices of axis {axis} are {value}: {_listed(places)}"
    return ""


def _has_scattered_zeros(scan: Scan) -> bool:
    """Tell whether zeros lie in lines that are not zero, too."""
    lines = scan.matrix[scan.matrix.any(axis=1)]
    return bool((lines[:, lines.any(axis=0)] == 0).any())


def _is_gated(scan: Scan) -> bool:
    """Tell whether the zeros of a vector are one of its equal parts, as gates of a bias are."""
    if len(scan.shape) != 1 or scan.head.size != scan.counts.n:
        return False
    zero = scan.head == 0
    for parts in (2, 3, 4):
        if zero.size % parts == 0:
            blocks = zero.reshape(parts, -1)
            if (blocks.all(axis=1) | ~blocks.any(axis=1)).all():
                return True
    return False


def _listed(places: NDArray[np.intp]) -> str:
    """Name positions, as ranges where they lie side by side."""
    breaks = np.flatnonzero(np.diff(places) != 1)
    runs = np.split(places, breaks + 1)
    texts = [str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs[:4]]
    return ", ".join(texts) + (", ..." if len(runs) > 4 else "")
