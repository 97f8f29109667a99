"""Whether an array has memory of its own for every element."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.lib.stride_tricks import as_strided

#: Steps of the search for two elements in one place, about a millisecond; what takes longer is
#: taken to have some.
_STEPS: Final[Any] = 20_000  # NumPy's stub knows two of the values alone


def overlaps(shape: Sequence[int], strides: Sequence[int], itemsize: int) -> bool:
    """Tell whether two elements of an array share memory.

    Args:
        shape: of the array.
        strides: how far neighbours along each axis are apart, in bytes.
        itemsize: bytes of an element. With 1, strides may count elements.

    Examples:
        >>> overlaps((4, 3), (12, 4), 4)
        False
        >>> overlaps((4, 3), (4, 4), 4)
        True
    """
    if 0 in shape:
        return False
    steps = [(abs(step), size) for step, size in zip(strides, shape, strict=True) if size > 1]
    end = itemsize
    for step, size in sorted(steps):
        if step < end:
            # Axes that reach into each other may still not meet.
            return _meet(steps, itemsize)
        end += step * (size - 1)
    return False


def _meet(steps: list[tuple[int, int]], itemsize: int) -> bool:
    """Tell whether two elements meet that differ on one axis at first, for each axis."""
    # If two such elements meet, so do two of which one is at the beginning of that axis.
    shape, strides = [size for _, size in steps], [step for step, _ in steps]
    try:
        array = as_strided(np.empty(0, f"V{itemsize}"), shape, strides)
        for _ in steps:
            if np.shares_memory(array[:1], array[1:], max_work=_STEPS):
                return True
            array = array[0]
    except (np.exceptions.TooHardError, OverflowError, ValueError):  # or larger than any memory
        return True
    return False
