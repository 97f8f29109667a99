"""What a file holds under the names of a tied weight: the same numbers, or it is two weights."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from fanwise.adapters.stored_weights import BLOCK, StoredTensor, StoredWeight
from fanwise.conformance.audits.results import FAILS, HOLDS, AuditRow

TIED = "tied"
_FAULT = "tied weights hold other numbers"


def tie_rows(weights: Sequence[StoredWeight]) -> Iterator[AuditRow]:
    """Compare the tensors that a file has for one weight of its model.

    Which of them a model holds after it was loaded depends on their order, so that a wrong one
    may take the right one's place.

    Args:
        weights: matched with the names of their model.

    Yields:
        A row for each further name of a weight; ``observed`` is the number of elements that differ.
    """
    told = set()
    for stored in weights:
        for tensor in stored.tensors.values():
            for other in tensor.tied:
                if (tensor.name, other.name) not in told:
                    told.add((tensor.name, other.name))
                    yield _row(stored.weight.path, tensor, other)


def _row(path: str, tensor: StoredTensor, other: StoredTensor) -> AuditRow:
    names = f"{tensor.name} and {other.name} are one weight of the model"
    n = math.prod(tensor.shape)
    if tensor.shape != other.shape:
        note = f"{names}, and are of the shapes {tensor.shape} and {other.shape}."
        return AuditRow(path, FAILS, TIED, n, 0, 0, n, _FAULT, note)
    differing = _differing(tensor, other)
    if not differing:
        return AuditRow(path, HOLDS, TIED, 0, 0, 0, n)
    return AuditRow(path, FAILS, TIED, differing, 0, 0, n, _FAULT, f"{names}.")


def _differing(tensor: StoredTensor, other: StoredTensor) -> int:
    """Count the elements whose numbers are not the same; NaN is the same as NaN."""
    if not tensor.shape:
        return int(not np.array_equal(tensor.read(()), other.read(()), equal_nan=True))
    rows = max(1, BLOCK // max(1, math.prod(tensor.shape[1:])))
    count = 0
    for start in range(0, tensor.shape[0], rows):
        part = (slice(start, min(start + rows, tensor.shape[0])),)
        ours, theirs = np.asarray(tensor.read(part)), np.asarray(other.read(part))
        same = ours == theirs
        if np.issubdtype(ours.dtype, np.floating) and np.issubdtype(theirs.dtype, np.floating):
            same |= np.isnan(ours) & np.isnan(theirs)
        count += int(np.count_nonzero(~same))
    return count
