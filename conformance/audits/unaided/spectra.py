"""What the singular values of a weight say: low rank, and whether it is a draw still."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fanwise.conformance.audits.results import FAILS, HOLDS, UNDECIDED, AuditRow
from fanwise.conformance.audits.unaided.exchanges import (
    exchanged,
    largest_singular_bound,
    square_sum_bounds,
)
from fanwise.conformance.audits.unaided.natures import Nature, is_sparse
from fanwise.conformance.audits.unaided.scans import Scan

RANK: Final = "rank"
LOW_RANK: Final = "low rank"
START: Final = "a start"
#: The sides of a matrix whose singular values tell something.
_FEWEST: Final = 16
#: What rounding adds to a number, by its dtype, in its size: as a truncation leaves at the most.
_ROUNDING: Final = {"float32": 2e-6, "float64": 2e-6, "float16": 1e-3, "bfloat16": 6e-3}
#: The share of the singular values of a random square matrix below that, ten times over.
_SMALL_SHARE: Final = 0.1
#: A random matrix has three singular values as small as rounding less than once in 10¹².
_CHANCE: Final = 3
#: How often rows and columns are brought to one scale in turn.
_ROUNDS: Final = 2
#: As many equal parts may a matrix have, whose scales differ: gates, queries and keys and values.
_PARTS: Final = (1, 2, 3, 4)


def find_low_rank(scan: Scan, kind: Nature, _: float) -> Iterator[AuditRow]:
    """Yield the verdict on whether a matrix has the rank of draws.

    Scales of rows and of columns do not count. Nor does what the same numbers in another order
    have: independent draws are in every order alike, and those about a mean, or of heavy tails,
    have many small singular values.

    Args:
        scan: of the weight.
        kind: what its values are.
    """
    matrix = _matrix(scan, kind)
    if matrix is None:
        return
    least = min(matrix.shape)
    rounding = _ROUNDING.get(scan.dtype, 0.1)
    if scan.counts.spare_bits >= 16:
        rounding = _ROUNDING["bfloat16"]
    small = _lost_rank(matrix, rounding)
    limit = _CHANCE if rounding < 1e-5 else max(_CHANCE, _SMALL_SHARE * least)
    if small >= limit:
        mixed = np.random.default_rng(least).permutation(matrix.reshape(-1)).reshape(matrix.shape)
        limit += _lost_rank(mixed, rounding)
    rows, columns = matrix.shape
    expected = f"{least}, of a block of {rows} by {columns}"
    if small < limit:
        yield AuditRow(scan.path, HOLDS, RANK, least - small, expected, limit, matrix.size)
        return
    note = f"{small} of {least} singular values are 0 but for rounding: a product of factors."
    yield AuditRow(
        scan.path, FAILS, RANK, least - small, expected, limit, matrix.size, LOW_RANK, note
    )


def _lost_rank(matrix: NDArray[np.float32], rounding: float) -> int:
    """Count the singular values that are no larger than those of what rounding adds."""
    wide = matrix.astype(np.float64)
    for _ in range(_ROUNDS):
        for axis in (1, 0):
            wide /= np.maximum(np.sqrt((wide**2).mean(axis=axis, keepdims=True)), 1e-300)
    gram = wide @ wide.T if wide.shape[0] <= wide.shape[1] else wide.T @ wide
    values = np.sqrt(np.maximum(np.linalg.eigvalsh(gram), 0.0))
    rows, columns = matrix.shape
    return int((values <= rounding * (rows**0.5 + columns**0.5)).sum())


def find_traces(scan: Scan, kind: Nature, alpha: float) -> Iterator[AuditRow]:
    """Yield the verdict on whether a matrix still looks like a draw.

    Its values are replaced by normal ones in their order, line by line: of independent draws of
    one law in each line that is a normal matrix, of which the largest singular value is known.
    A verdict falls where neither rows nor columns are so.

    Args:
        scan: of the weight.
        kind: what its values are.
        alpha: the false-alarm rate.
    """
    matrix = _matrix(scan, kind)
    if matrix is None:
        return
    rows, columns = matrix.shape
    bound = largest_singular_bound(rows, columns, alpha / 2)
    seen = min(_largest(exchanged(lines, 5)) for lines in (matrix, matrix.T))
    edge = rows**0.5 + columns**0.5
    visible = f"a direction {bound / edge - 1:.0%} beyond the edge of {rows} by {columns} draws"
    if seen > bound:
        note = (
            "A direction stands out as of no draw (Marchenko-Pastur): trained, merged, or not "
            "independent."
        )
        yield AuditRow(
            scan.path,
            FAILS,
            START,
            f"largest singular value {seen:.4g}",
            f"{edge:.4g}",
            round(bound, 3),
            matrix.size,
            "no longer a start",
            note,
            visible,
        )
        return
    uneven = "" if is_sparse(scan) else _unevenness(matrix, scan.places, alpha / 2)
    if uneven:
        note = "Rows or columns of unlike scale: some were set apart, pruned, or trained."
        yield AuditRow(
            scan.path, FAILS, START, uneven, "one scale", "", matrix.size, "uneven lines", note
        )
        return
    yield AuditRow(
        scan.path,
        HOLDS,
        START,
        f"largest singular value {seen:.4g}",
        f"{edge:.4g}",
        round(bound, 3),
        matrix.size,
        visible=visible,
    )


def _unevenness(
    matrix: NDArray[np.float32], places: tuple[NDArray[np.float64], ...], alpha: float
) -> str:
    """Say how unlike the scales of rows, or columns, are; ``""`` where draws may be so."""
    for lines, at in zip((matrix, matrix.T), places, strict=True):
        if lines.shape[1] < _FEWEST:
            continue
        seen = ""
        for parts in _PARTS:
            seen = _uneven_lines(lines, np.floor(at * parts), alpha / (2 * len(_PARTS)))
            if not seen:
                break
        if seen:
            return seen
    return ""


def _uneven_lines(lines: NDArray[np.float32], part: NDArray[np.float64], alpha: float) -> str:
    """Say how unlike the scales of lines of one part are."""
    for chosen in np.unique(part):
        inside = lines[part == chosen]
        flat = exchanged(inside.reshape(-1), 7).reshape(inside.shape)
        squares = (flat**2).mean(axis=1)
        low, high = square_sum_bounds(lines.shape[1], alpha / len(lines))
        for square in (float(squares.min()), float(squares.max())):
            if not low <= square <= high:
                return f"a line of {square**0.5:.3g} times the scale of those about it"
    return ""


def _matrix(scan: Scan, kind: Nature) -> NDArray[np.float32] | None:
    """Return the matrix that is looked at; None where there is none to be judged."""
    matrix = scan.matrix
    if kind is not Nature.DRAWN or len(scan.shape) < 2 or min(matrix.shape) < _FEWEST:
        return None
    if not np.isfinite(matrix).all() or float(np.abs(matrix).max()) > 1e30:
        return None
    return matrix


def _largest(matrix: NDArray[np.float32]) -> float:
    least = min(matrix.shape)
    gram = matrix @ matrix.T if matrix.shape[0] == least else matrix.T @ matrix
    return float(np.sqrt(np.linalg.eigvalsh(gram)[-1]))


def undecided_start(scan: Scan) -> AuditRow:
    """Return the row of a weight that is too small to show whether it is a start."""
    note = f"Fewer than {_FEWEST} by {_FEWEST} elements show nothing."
    return AuditRow(scan.path, UNDECIDED, START, n=scan.counts.n, note=note)
