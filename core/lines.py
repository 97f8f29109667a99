"""Working memory that begins on a line of the cache, so that no vector lies across two."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fanwise.core.dtypes import empty
from fanwise.core.scratch import scratch

#: Bytes that memory is fetched by, and as float64.
_LINE: Final = 64
_NUMBERS: Final = 8
#: The largest array that a thread keeps.
_KEPT: Final = 1 << 19


def line_scratch(name: str, shape: tuple[int, ...]) -> NDArray[np.float64]:
    """Return an array of any contents, which the next call with this name may give again.

    Only for what no one else sees: the caller must be done with it when it returns.
    """
    size = math.prod(shape)
    if size > _KEPT:
        return empty(shape, np.dtype(np.float64))
    memory: NDArray[np.float64] = scratch(name, (size + _NUMBERS,), np.float64)
    skipped = -memory.ctypes.data % _LINE // memory.itemsize
    return memory[skipped : skipped + size].reshape(shape)
