"""Working memory that a thread keeps: the allocator would fetch it again, page by page."""

from __future__ import annotations

import math
import threading
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray


class _Kept(threading.local):
    def __init__(self) -> None:
        self.arrays: dict[str, NDArray[Any]] = {}


_kept = _Kept()


def scratch(name: str, shape: tuple[int, ...], dtype: DTypeLike) -> NDArray[Any]:
    """Return an array of any contents, which the next call with this name will give again.

    Only for what no one else sees: the caller must be done with it when it returns.
    """
    size = math.prod(shape)
    kept = _kept.arrays.get(name)
    if kept is None or kept.size < size or kept.dtype != dtype:
        kept = _kept.arrays[name] = np.empty(size, dtype)
    return kept[:size].reshape(shape)
