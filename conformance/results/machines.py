"""What a run was judged on, and when: enough to say why another one differs."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

#: Where Linux says what its processor is called.
_PROCESSORS: Final = Path("/proc/cpuinfo")


@dataclass(frozen=True, kw_only=True)
class Machine:
    """What a run was judged on.

    Attributes:
        python: the version of Python.
        platform: the operating system, and the kind of machine.
        cpu: what the processor is called.
        cores: how many this process could use.
    """

    python: str
    platform: str
    cpu: str
    cores: int


def this_machine() -> Machine:
    """Describe the machine that this process runs on."""
    return Machine(
        python=platform.python_version(),
        platform=f"{platform.system()} {platform.machine()}",
        cpu=_processor(),
        cores=_cores(),
    )


def now() -> str:
    """Return the time in UTC, to the second, as ISO 8601 writes it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _processor() -> str:
    try:
        lines = _PROCESSORS.read_text("utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, "") or platform.processor() or platform.machine()


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
