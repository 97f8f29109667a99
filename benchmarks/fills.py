"""What nothing is faster than: filling memory plainly, and the products of matrices."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

import numpy as np

Call = Callable[[], Any]

#: Below so many elements threads are not worth their start.
WORTH_THREADS = 1 << 20
#: Bytes of an element.
WIDTHS = {"float16": 2, "bfloat16": 2, "float32": 4, "float64": 8}


def fill(out: np.ndarray[Any, Any], cores: int) -> Call:
    """Fill an array, on some cores."""
    if cores == 1 or out.size < WORTH_THREADS:
        return lambda: out.fill(2)
    parts = np.array_split(out.reshape(-1), cores)
    return lambda: [*_threads(cores).map(_fill, parts)]


def fill_new(shape: Sequence[int], dtype: str, cores: int) -> Call:
    """Fill new memory: what frameworks draw that give a new array at every call."""
    unsigned = np.dtype(f"u{WIDTHS[dtype]}")

    def fill_it() -> None:
        fill(np.empty(shape, unsigned), cores)()

    return fill_it


def products(side: int, count: int, cores: int) -> Call:
    """Multiply matrices, as often as many orthogonal matrices of a side need it at least.

    Applying ``side`` reflections to each other takes 4/3 ``side``³ operations, in float64: as
    many as one product of matrices that are smaller by the third root of 2/3.
    """
    inner = round(side * (2 / 3) ** (1 / 3))
    left, right = np.random.default_rng(0).random((2, count, inner, inner))
    if count == 1:  # the library's own threads
        return lambda: left[0] @ right[0]
    parts = [np.array_split(both, min(cores, count)) for both in (left, right)]
    return lambda: [*_threads(cores).map(np.matmul, *parts)]


def _fill(part: np.ndarray[Any, Any]) -> None:
    part.fill(2)


@cache
def _threads(cores: int) -> ThreadPoolExecutor:
    """Threads that begin, and stay, on the cores that were allowed when they were first used."""
    return ThreadPoolExecutor(cores)
