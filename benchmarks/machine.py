"""What the numbers were measured on: the processor, and how fast it writes memory."""

from __future__ import annotations

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np

from timing import Case, cores, measure

PACKAGES = ("fanwise", "numpy", "numba", "torch", "tensorflow", "keras", "jax")


def described() -> dict[str, Any]:
    """The processor, its cores, and the versions of what is compared."""
    return {
        "processor": _processor(),
        "cores": cores(),
        # Of other processes, as nothing is timed yet: on a busy machine threads wait.
        "load": round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else 0.0,
        "system": platform.platform(),
        "python": platform.python_version(),
        "packages": {name: found for name in PACKAGES if (found := _version(name))},
    }


def bandwidth(repeats: int) -> dict[str, float]:
    """Nanoseconds for four bytes: writing 64 MB, and copying them, on one core."""
    size = 1 << 24
    source, target = np.ones(size, np.float32), np.ones(size, np.float32)
    found = {}
    for name, call in (
        ("write", lambda: target.fill(2.0)),
        ("copy", lambda: np.copyto(target, source)),
    ):
        case = Case("memory", name, "4096 × 4096", size, "float32", "", 1, None, call)
        found[name] = measure(case, repeats).ours[1]
    return found


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
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
