"""How much memory a process takes, and has taken at the most, as the kernel counts it."""

from __future__ import annotations

import ctypes
import gc
import re
from pathlib import Path
from typing import Final

_STATUS: Final = Path("/proc/self/status")
_RESET: Final = Path("/proc/self/clear_refs")


def is_measurable() -> bool:
    """Tell whether this system counts peaks, and lets them be counted anew: Linux does."""
    return _STATUS.exists() and _RESET.exists()


def resident() -> int:
    """Return the bytes that are in memory now, without those that the allocator keeps for later."""
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
    return _of_status("VmRSS")


def peak() -> int:
    """Return the bytes that were in memory at the most since :func:`reset_peak`."""
    return _of_status("VmHWM")


def reset_peak() -> None:
    """Count the peak anew."""
    _RESET.write_text("5")


def _of_status(key: str) -> int:
    found = re.search(rf"{key}:\s+(\d+) kB", _STATUS.read_text())
    assert found is not None
    return int(found[1]) * 1024
