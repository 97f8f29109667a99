"""Working memory that a thread keeps: the allocator would fetch it again, page by page."""

from __future__ import annotations

import math
import threading
from typing import Any, Final

import numpy as np
from numpy.typing import DTypeLike, NDArray

#: Bytes of a line of the cache: what begins on one is read and written in whole lines.
_LINE: Final = 64


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
        kept = _kept.arrays[name] = _on_a_line(size, np.dtype(dtype))
    return kept[:size].reshape(shape)


def _on_a_line(size: int, dtype: np.dtype[Any]) -> NDArray[Any]:
    memory = np.empty(size * dtype.itemsize + _LINE, np.uint8)
    skipped = -memory.ctypes.data % _LINE
    return memory[skipped : skipped + size * dtype.itemsize].view(dtype)
