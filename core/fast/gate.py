"""The compiled path: when it is taken, and how a block is handed to it.

It gives the bits of the NumPy path, and needs Numba. Its machine code must be loaded in each
process, and compiled once on each machine; a process that draws little is quicker without.
"""

from __future__ import annotations

import importlib.util
import os
import threading
import warnings
from functools import cache
from typing import Final

from fanwise.core.dtypes import Format, format_of
from fanwise.core.fast.tasks import Kernel

#: Environment variable: "0" never takes this path, "1" always does.
SWITCH: Final = "FANWISE_FAST"
#: A process that has drawn so many elements by NumPy has spent about what loading costs.
WORTH_LOADING: Final = 1 << 22
#: The same where the code must be compiled first, and where it can not be kept either.
WORTH_COMPILING: Final = 1 << 23
WORTH_COMPILING_AGAIN: Final = 1 << 29

_loading: Final = threading.Lock()
_kernels: Final[dict[int, Kernel | None]] = {}
_drawn = 0


def kernel(into: Format, size: int) -> Kernel | None:
    """The function that draws, or None where NumPy is to do it.

    Args:
        into: the format of the weight.
        size: elements that are about to be drawn.
    """
    switch = os.environ.get(SWITCH)
    if switch == "0":
        return None
    itemsize = into.storage.itemsize
    if itemsize in _kernels:
        return _kernels[itemsize]
    if switch != "1" and not _worth_loading(itemsize, size):
        return None
    # Whoever comes while another thread loads need not wait for it.
    if not _loading.acquire(blocking=False):
        return None
    try:
        if itemsize not in _kernels:
            _kernels[itemsize] = _loaded(itemsize)
        return _kernels[itemsize]
    finally:
        _loading.release()


def taken(dtype: object, size: int) -> bool:
    """Whether this path would draw so many elements of a dtype."""
    return kernel(format_of(dtype), size) is not None


def _worth_loading(itemsize: int, size: int) -> bool:
    global _drawn  # noqa: PLW0603 (a count over the whole process)
    _drawn += size
    if _drawn < WORTH_LOADING or not installed():
        return False
    if _drawn >= WORTH_COMPILING_AGAIN:
        return True
    from fanwise.core.fast import (
        object_cache as machine,  # what it imports takes longer than all the rest
    )

    try:
        there = machine.kept_at(itemsize).exists()
    except Exception:  # noqa: BLE001 (what is broken is told when it is loaded)
        return True
    return there or (_drawn >= WORTH_COMPILING and machine.may_be_kept())


@cache
def installed() -> bool:
    """Whether Numba is there, without importing it."""
    return all(importlib.util.find_spec(name) for name in ("numba", "llvmlite"))


def _loaded(itemsize: int) -> Kernel | None:
    if not installed():
        return None
    from fanwise.core.fast import object_cache as machine

    try:
        return machine.load(itemsize)
    except Exception as error:  # noqa: BLE001 (NumPy gives the same result)
        told = f"Numba is installed but does not work; drawing with NumPy, slower: {error!r}"
        warnings.warn(told, RuntimeWarning, stacklevel=2)
        return None
