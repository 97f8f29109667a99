"""The smallest of some words: what is left out of sparse weights."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fanwise.core.philox import Words


def mark_smallest(words: Words, count: int) -> NDArray[np.bool_]:
    """Mark so many of the smallest words along the last axis; of equal ones the first."""
    if not count:
        return np.zeros(words.shape, bool)
    last = np.partition(words, count - 1, axis=-1)[..., count - 1, None]
    below, equal = words < last, words == last
    left = count - below.sum(axis=-1, keepdims=True)
    marked: NDArray[np.bool_] = below | (equal & (np.cumsum(equal, axis=-1) <= left))
    return marked
