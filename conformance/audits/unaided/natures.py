"""What kind of values a weight holds: one, a few, those of a formula, or draws."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from fanwise.conformance.audits.unaided.scans import Scan
from fanwise.conformance.statistics import ranks
from fanwise.conformance.statistics.tails import dkw_bound
from fanwise.spec.roles import FAN_ROLES

#: Fewer different values than this are a code or a mask, such as the two of an identity.
FEW: Final = 8
#: Values of at least so many elements are not few by chance.
_ENOUGH: Final = 4 * FEW
#: How far apart values are compared, in search of an order.
_STEPS: Final = (1, 2, 3, 4)
#: The rate at which draws pass for a formula; they are then not judged, and no alarm comes of it.
_RATE: Final = 1e-6
#: How many elements tell a distribution.
_MANY: Final = 1 << 12
#: How many of them may, at the most.
_LOST: Final = 8
#: How many standard errors the zeros of a line may be off.
_ERRORS: Final = 8.0
#: A short vector of which so many elements occur twice is a table that somebody wrote.
_SHORT: Final = 512
_OFTEN: Final = 0.95
#: How long a line is that may be a wave, how like itself a few elements on, and how many there are.
_WAVES, _LIKE, _FEWEST_WAVES = 32, 0.75, 3
#: How many neighbours of a wave are equal, at the most.
_STILL: Final = 0.1
#: The deviation of the sizes of factors that are one but for rounding, and what rounding leaves.
_ONE_SIZE, _PRODUCT = 0.02, 2e-3
#: The share of zeros from which on a weight is sparse.
_SPARSE: Final = 0.02


class Nature(StrEnum):
    """What kind of values a weight holds."""

    EMPTY = "no elements"
    CONSTANT = "one value"
    FEW = "a few values"
    WHOLE = "whole numbers"
    FORMULA = "values of a formula or a table"
    PRODUCT = "the products of two vectors, as factored noise has"
    DRAWN = "draws"


def nature(scan: Scan) -> Nature:
    """Tell what kind of values a weight holds."""
    counts = scan.counts
    if counts.n == 0:
        return Nature.EMPTY
    if counts.is_constant:
        return Nature.CONSTANT
    sample = scan.sample
    different = np.unique(sample)
    if different.size <= FEW and (sample.size >= _ENOUGH or different.size <= 3):
        return Nature.FEW
    if different.size > 1 and (np.trunc(different) == different).all():
        return Nature.WHOLE
    repeats = len(scan.shape) == 1 and sample.size < _SHORT
    if repeats and different.size < _OFTEN * sample.size:
        return Nature.FORMULA
    if is_ordered(scan) or is_centred(scan) or is_smooth(scan):
        return Nature.FORMULA
    if scan.weight.weight.role not in FAN_ROLES and is_product(scan.matrix):
        return Nature.PRODUCT
    return Nature.DRAWN


def is_ordered(scan: Scan) -> bool:
    """Tell whether neighbours are alike, or values rise or fall, as those of a formula.

    A part of a weight that somebody has overwritten makes no formula of it: it is one from the
    first element on, and from the middle on.
    """
    for part in (scan.head[:_MANY], scan.middle[:_MANY]):
        given = part[np.isfinite(part)]
        row = scan.shape[-1] if len(scan.shape) > 1 else len(given)
        # The middle of a vector is too short to show what the whole does.
        if not is_series(given[:row]) and not is_series(given):
            matrix = scan.matrix
            return len(scan.shape) > 1 and min(matrix.shape) >= 4 and _rise_together(matrix)
        if len(scan.shape) < 2 and len(scan.head) == scan.counts.n:
            return True
    return True


def is_centred(scan: Scan) -> bool:
    """Tell whether a kernel is zero but for the centre of its field, as an orthogonal delta."""
    if len(scan.shape) < 3:
        return False
    axes = [axis for axis, size in enumerate(scan.shape) if size > 1]
    centred = 0
    for axis, values in zip(axes, scan.slices, strict=True):
        given = np.flatnonzero(values.any(axis=1))
        size = scan.shape[axis]
        is_centre = len(given) == 1 and size % 2 == 1 and int(given[0]) == size // 2
        if len(given) < size and not is_centre:
            return False
        centred += is_centre
    return centred > 0


def is_smooth(scan: Scan) -> bool:
    """Tell whether some rows, or columns, of a matrix are waves, as those of a table of cosines."""
    sizes = tuple(size for size in scan.shape if size > 1)
    if len(sizes) != 2 or scan.matrix.shape != sizes:
        return False
    for lines in (scan.matrix, scan.matrix.T):
        count, size = lines.shape
        if size < _WAVES or not np.isfinite(lines).all():
            continue
        centred = lines - lines.mean(axis=1, keepdims=True)
        norms = np.maximum((centred**2).sum(axis=1), np.float32(1e-30))
        alike = [(centred[:, s:] * centred[:, :-s]).sum(axis=1) / norms for s in _STEPS]
        # A step, or a block of one value, is no wave.
        steps = (lines[:, 1:] == lines[:, :-1]).mean(axis=1) < _STILL
        waves = (steps & (np.max(alike, axis=0) > _LIKE)).sum()
        if waves >= max(_FEWEST_WAVES, count / 16):
            return True
    return False


def is_product(matrix: NDArray[np.float32]) -> bool:
    """Tell whether a matrix is a column times a row, each of many sizes."""
    if min(matrix.shape) < 2 or not np.isfinite(matrix).all():
        return False
    wide = matrix.astype(np.float64)
    row, column = np.unravel_index(np.abs(wide).argmax(), wide.shape)
    peak = wide[row, column]
    if not peak:
        return False
    factors = wide[:, column] / peak, wide[row] / peak
    # Rows that are one, or one with either sign, are copies.
    if any(float(np.abs(factor).std()) < _ONE_SIZE for factor in factors):
        return False
    product = np.outer(factors[0], factors[1]) * peak
    return bool(np.abs(product - wide).max() <= _PRODUCT * abs(peak))


def is_series(values: NDArray[np.float32]) -> bool:
    """Tell whether values rise, or fall, or are like their neighbours."""
    if values.size >= 4 and _is_monotone(values):
        return True
    steps = [step for step in _STEPS if step <= values.size // 4]
    if values.size < _ENOUGH or not steps:
        return False
    order = np.lexsort((np.random.default_rng(1).random(values.size), values))
    uniform = np.empty(values.size)
    uniform[order] = np.sort(np.random.default_rng(2).uniform(-1, 1, values.size))
    finding = ranks.lags(uniform, steps, _RATE)
    return finding.observed > finding.high


def is_law(sample: NDArray[np.float32]) -> bool:
    """Tell whether values have a distribution that draws have: normal, or uniform."""
    few = np.sort(sample[:: max(1, sample.size // _MANY)].astype(np.float64))
    scaled = (few - few.mean()) / max(float(few.std()), 1e-300)
    steps = np.arange(1, len(few) + 1) / len(few)
    bound = dkw_bound(len(few), _RATE)
    laws = (stats.norm.cdf(scaled), stats.uniform.cdf(scaled, -(3**0.5), 2 * 3**0.5))
    return any(float(np.abs(steps - law).max()) < bound for law in laws)


def is_sparse(scan: Scan) -> bool:
    """Tell whether every row, or every column, has the same number of zeros."""
    if scan.counts.zeros < _SPARSE * scan.counts.n or len(scan.shape) != 2:
        return False
    zeros = scan.matrix == 0
    # In half precision a draw, too, may become zero.
    lost = _LOST if scan.dtype == "float16" else 0
    if zeros.shape == scan.shape:
        return any(int(np.ptp(zeros.sum(axis=axis))) <= lost for axis in (0, 1))
    # Of a larger one some lines are known: as many zeros in all as there are lines, or a multiple.
    share = scan.counts.zeros / scan.counts.n
    even = all(
        np.abs(zeros.mean(axis=axis) - share).max()
        < _ERRORS * (share * (1 - share) / zeros.shape[axis]) ** 0.5
        for axis in (0, 1)
    )
    return even and any(scan.counts.zeros % size <= lost for size in scan.shape)


def _is_monotone(values: NDArray[np.float32]) -> bool:
    steps = np.diff(values)
    return bool((steps >= 0).all() or (steps <= 0).all()) and float(values[0]) != float(values[-1])


def _rise_together(matrix: NDArray[np.float32]) -> bool:
    """Tell whether every column rises, or every column falls, as tables of positions do."""
    steps = np.diff(matrix, axis=0)
    return bool((steps >= 0).all() or (steps <= 0).all()) and bool((steps != 0).any())
