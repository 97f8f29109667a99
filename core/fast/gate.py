"""Which of the core's two backends draws: NumPy, or the compiled path.

The compiled path gives the bits of NumPy, and needs Numba. Its machine code must be loaded in each
process, and compiled once on each machine; a process that draws little is quicker without.
"""

from __future__ import annotations

import importlib.util
import os
import threading
import warnings
from enum import Enum
from functools import cache
from typing import Final

from fanwise.core.dtypes import Format, format_of
from fanwise.core.fast.tasks import Kernel
from fanwise.spec.errors import FanwiseError


class Backend(Enum):
    """What draws. The bits are the same."""

    NUMPY = "numpy"
    COMPILED = "compiled"


#: Environment variable that chooses the backend where no one else does.
SWITCH: Final = "FANWISE_FAST"
#: What it may be, in capitals too; what is quicker is taken where it is empty.
SWITCHES: Final = {
    "": None,
    **dict.fromkeys(("0", "false", "off", "no"), Backend.NUMPY),
    **dict.fromkeys(("1", "true", "on", "yes"), Backend.COMPILED),
}
#: A process that has drawn so many elements by NumPy has spent about what loading costs.
WORTH_LOADING: Final = 1 << 22
#: The same where the code must be compiled first, and where it cannot be kept either.
WORTH_COMPILING: Final = 1 << 23
WORTH_COMPILING_AGAIN: Final = 1 << 29

_loading: Final = threading.Lock()
_kernels: Final[dict[int, Kernel | None]] = {}
_drawn = 0


def kernel(into: Format, size: int, backend: Backend | None = None) -> Kernel | None:
    """Return the compiled function that draws, or None where NumPy is to do it.

    Args:
        into: the format of the weight.
        size: elements that are about to be drawn.
        backend: None for what the environment says, or else what is quicker.

    Raises:
        FanwiseError: where the environment says something else.
    """
    if backend is None:
        backend = _switched()
    if backend is Backend.NUMPY:
        return None
    itemsize = into.storage.itemsize
    if itemsize in _kernels:
        return _kernels[itemsize]
    # Whoever comes while another thread loads need not wait for it; and where a process was
    # forked meanwhile, LLVM's own lock is held for ever, so it must not be touched.
    if _loading.locked():
        return None
    # Not acquire(blocking=False), after which an interrupt could come before it is released.
    with _loading:
        if itemsize in _kernels:
            return _kernels[itemsize]
        if backend is None and not _worth_loading(itemsize, size):
            return None
        _kernels[itemsize] = _load(itemsize)
        return _kernels[itemsize]


def _switched() -> Backend | None:
    """Return what the environment says."""
    said = os.environ.get(SWITCH, "")
    if said.lower() in SWITCHES:
        return SWITCHES[said.lower()]
    known = ", ".join(filter(None, SWITCHES))
    raise FanwiseError(f"{SWITCH} to be one of {known}", said, f"Correct or unset {SWITCH}.")


def taken(dtype: object, size: int) -> bool:
    """Return whether the compiled path would draw so many elements of a dtype."""
    return kernel(format_of(dtype), size) is not None


def _worth_loading(itemsize: int, size: int) -> bool:
    global _drawn  # noqa: PLW0603 (a count over the whole process)
    _drawn += size
    if _drawn < WORTH_LOADING or not installed():
        return False
    if _drawn >= WORTH_COMPILING_AGAIN:
        return True
    from fanwise.core.fast import object_cache  # what it imports takes longer than all the rest

    try:
        there = object_cache.is_kept(itemsize)
    except Exception:  # noqa: BLE001 (what is broken is told when it is loaded)
        return True
    return there or (_drawn >= WORTH_COMPILING and object_cache.may_be_kept())


@cache
def installed() -> bool:
    """Return whether Numba is there, without importing it."""
    return all(importlib.util.find_spec(name) for name in ("numba", "llvmlite"))


def _load(itemsize: int) -> Kernel | None:
    if not installed():
        return None
    from fanwise.core.fast import object_cache

    try:
        return object_cache.load(itemsize)
    except Exception as error:  # noqa: BLE001 (NumPy gives the same result)
        told = f"Numba is installed but does not work; drawing with NumPy, slower: {error!r}"
        warnings.warn(told, RuntimeWarning, stacklevel=2)
        return None
