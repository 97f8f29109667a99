"""What starts are written with: arguments of every kind, and no place that can be written to."""

from __future__ import annotations

from typing import Any

from fuzz import arguments
from fuzz.calls import Chooser


def options(chooser: Chooser) -> dict[str, Any]:
    """Choose what a start is written with."""
    how: dict[str, Any] = {"seed": arguments.seed(chooser)}
    if chooser.chance(0.9):
        how["digest_only"] = True
    for name, values in {
        "to": (None, "/proc/none/a.safetensors", "", "\0", 3, "/dev/null"),
        "format": (None, "safetensors", "npz", "zip", "", 3),
        "form": ("names", "canonical", "", None, 3),
        "dtype": (None, "float16", "bfloat16", "float64", "int8", float, 3),
        "shard_size": ("5GB", "1 KiB", 1, 0, -1, "x", None, 2.5),
        "progress": (None, 3),
        "layers": (3, 0, -1, "x", None),
    }.items():
        if chooser.chance(0.12):
            how[name] = chooser.choice(values)
            chooser.wrong_types = True
    return how


def has_no_digest(result: Any) -> str:
    """Say what is wrong with what was written."""
    return "" if str(result) and len(result.digest) == 64 else "no digest"
