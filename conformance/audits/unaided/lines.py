"""Slices of a weight that are read in full, where a part of each has made them look special."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fanwise.adapters.stored_weights import StoredWeight


def constant_slices(weight: StoredWeight, axis: int, places: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return those of some slices that are one value throughout.

    Args:
        weight: of finite numbers.
        axis: the axis of the slices.
        places: their positions on it, in ascending order.
    """
    if axis == 0:
        places = np.setdiff1d(places, weight.absent_rows)
    values = np.full(len(places), np.nan, np.float32)
    still = np.ones(len(places), bool)
    for where, block in weight.blocks():
        first, last = np.searchsorted(places, (where[axis].start, where[axis].stop))
        if first == last:
            continue
        inside = np.moveaxis(block, axis, 0)[places[first:last] - where[axis].start]
        lines = inside.reshape(last - first, -1).astype(np.float32)
        known = values[first:last]
        values[first:last] = np.where(np.isnan(known), lines[:, 0], known)
        still[first:last] &= (lines == values[first:last, None]).all(axis=1)
    return places[still].astype(np.intp)
