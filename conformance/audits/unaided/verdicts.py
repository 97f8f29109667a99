"""The audit without a recipe: every weight by itself, beside the others, and the whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from fanwise.adapters.stored_weights import StoredWeight
from fanwise.conformance.audits.results import FAILS, UNDECIDED, AuditRow
from fanwise.conformance.audits.unaided.alike_slices import COPY, find_alike_slices
from fanwise.conformance.audits.unaided.copies import Copy, find_copies
from fanwise.conformance.audits.unaided.ends import find_broken_ends
from fanwise.conformance.audits.unaided.garbage import find_garbage
from fanwise.conformance.audits.unaided.grids import find_coarse_grid
from fanwise.conformance.audits.unaided.natures import Nature, nature
from fanwise.conformance.audits.unaided.nearest import find_nearest
from fanwise.conformance.audits.unaided.scans import Scan, scan
from fanwise.conformance.audits.unaided.siblings import Sibling, find_odd_ones
from fanwise.conformance.audits.unaided.slices import (
    find_equal_slices,
    find_order,
)
from fanwise.conformance.audits.unaided.spectra import LOW_RANK, find_low_rank, find_traces
from fanwise.conformance.audits.unaided.starts import find_training
from fanwise.conformance.audits.unaided.unwritten import find_unwritten
from fanwise.spec.errors import FanwiseError

#: Tests of one weight that can fail by chance, at the most.
_TESTS: Final = 16
#: The side of the block of a matrix that is looked at, of few matrices and of many.
_SIDE, _SMALL_SIDE, _MANY = 512, 256, 128
_REAL: Final = ("float64", "float32", "float16", "bfloat16", "float8")


def audit_unaided(weights: Sequence[StoredWeight], alpha: float) -> Iterator[AuditRow]:
    """Judge weights without a recipe: whether they may be a start, of whatever law.

    Args:
        weights: of a model, a state dict or a file.
        alpha: the probability, at the most, that a row fails of weights that are right.

    Yields:
        A row for each claim about each weight, then those that concern several, then that of all.
    """
    matrices = sum(len(weight.weight.shape) > 1 for weight in weights)
    side = _SIDE if matrices <= _MANY else _SMALL_SIDE
    share = alpha / (2 * _TESTS * max(len(weights), 1))
    copies: list[Copy] = []
    siblings: list[Sibling] = []
    starts: list[AuditRow] = []
    for weight in weights:
        if not weight.dtype.startswith(_REAL):
            continue
        try:
            seen = scan(weight, side)
        except FanwiseError as error:
            path = weight.weight.path
            yield AuditRow(path, UNDECIDED, "values", n=weight.size, note=str(error))
            continue
        # Garbage overflows, which is no news to tell.
        with np.errstate(all="ignore"):
            kind = nature(seen)
        siblings.append(Sibling.of(seen, kind))
        copy = Copy.of(seen, kind, len(weights))
        if copy is not None:
            copies.append(copy)
        for row in _rows(seen, kind, share):
            starts.append(row)
            yield row
    with np.errstate(all="ignore"):
        whole = list(find_training(siblings, starts))
        is_trained = any(row.outcome == FAILS for row in whole)
        yield from find_copies(copies, alpha / 4, is_trained=is_trained)
        if not is_trained:
            yield from find_odd_ones(siblings, alpha / 4)
        yield from whole


def _rows(seen: Scan, kind: Nature, alpha: float) -> Iterator[AuditRow]:
    """Yield the rows about one weight: what explains other faults comes before them."""
    with np.errstate(all="ignore"):
        yield from find_nearest(seen, kind, alpha)
        for checks in (
            (find_garbage,),
            (find_unwritten, find_equal_slices, find_order),
            (find_coarse_grid, find_broken_ends, find_low_rank),
            (find_alike_slices, find_traces),
        ):
            rows = [row for check in checks for row in check(seen, kind, alpha)]
            yield from rows
            failed = [row for row in rows if row.outcome == FAILS]
            if any(row.fault == LOW_RANK for row in failed):
                # Lines that are copies, but for their scale, leave the rank low too.
                yield from find_alike_slices(seen, kind, alpha, least=COPY)
            if failed:
                return
