"""What the numbers were measured on: the processor, and what else it did meanwhile."""

from __future__ import annotations

import os
import platform
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from timing import cores

PACKAGES = ("fanwise", "fanwise-kernels", "numpy", "torch", "tensorflow", "keras", "jax")
#: Cores that others may use before a machine is called busy.
BUSY = 0.15

_STATISTICS = Path("/proc/stat")


def described() -> dict[str, Any]:
    """The processor, its cores, and the versions of what is compared."""
    return {
        "processor": _processor(),
        "cores": cores(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "packages": {name: found for name in PACKAGES if (found := _version(name))},
    }


class Others:
    """How much of the machine other processes take, while this one and its children measure."""

    def __init__(self) -> None:
        self._start = _at_work()
        self._since = time.perf_counter()

    def cores(self) -> float:
        """Return how many cores others have kept busy so far, on average.

        Where the system has no count of it, the processes that waited for a core of late.
        """
        now = _at_work()
        if now is None or self._start is None:
            return os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
        seconds = time.perf_counter() - self._since
        return max(0.0, (now - self._start) / max(seconds, 1e-9))


def warning(others: float) -> str:
    """Return what to say of a machine that is busy with something else; else nothing."""
    if others <= BUSY:
        return ""
    return (
        f"The machine is busy: other processes take {others:.2f} of its cores. Threads wait for "
        f"each other there, and the spread is large; stop what else runs, and measure again."
    )


def _at_work() -> float | None:
    """Seconds that all cores have worked, or were lent to other machines, without ours."""
    try:
        ticks = _STATISTICS.read_text("utf-8").partition("\n")[0].split()[1:]
    except OSError:
        return None
    user, nice, system, _idle, _waiting, interrupts, soft, stolen = map(int, ticks[:8])
    busy = user + nice + system + interrupts + soft + stolen
    own = os.times()
    mine = own.user + own.system + own.children_user + own.children_system
    return busy / os.sysconf("SC_CLK_TCK") - mine


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor()
    facts = dict(part.split(":", 1) for part in lines if ":" in part)
    named = {key.strip(): value.strip() for key, value in facts.items()}
    family, model = named.get("cpu family", "?"), named.get("model", "?")
    return f"{named.get('model name', platform.machine())}, family {family}, model {model}"


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
