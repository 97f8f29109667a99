"""The table of docs/audit.md: the planted faults, and by what name each is found."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

_RESULTS: Final = Path(__file__).resolve().parent.parent / "tests" / "audits" / "results.json"


def planted_faults() -> Iterator[list[str]]:
    """Return a row for each fault: what, where, what the audit had, and what it said."""
    for fault in _results()["faults"]:
        named = ", ".join(f"`{name}`" for name in fault["named"]) if fault["found"] else "missed"
        yield [fault["name"], fault["model"], fault["audit"], named]


def right_checkpoints() -> str:
    """Return the sentence about the audits of right checkpoints."""
    right = _results()["right"]
    alarms = right["alarms"] or "none"
    return f"Of {right['audits']:,} audits of right checkpoints, {alarms} raised a false alarm."


def _results() -> dict[str, Any]:
    """Read what `nox -s audits -- --keep` has written."""
    results: dict[str, Any] = json.loads(_RESULTS.read_text("utf-8"))
    return results
