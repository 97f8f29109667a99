"""What environments and sessions cost: read before they are made, written after they were.

``python costs.py [REPORT…]`` writes what the environments of this working copy have cost, and how
long the sessions of nox's reports took, into costs.toml and CONTRIBUTING.md.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent
COSTS = ROOT / "costs.toml"
CONTRIBUTING = ROOT / "CONTRIBUTING.md"


def environment_costs(name: str) -> dict[str, float]:
    """Return the packages, gigabytes on disk and minutes of an environment."""
    costs: dict[str, float] = _read()["environments"][name]
    return costs


def session_minutes() -> dict[str, float]:
    """Return how long each session takes on two quiet cores, with its environment at hand."""
    minutes: dict[str, float] = _read()["sessions"]
    return minutes


def write_costs(reports: Iterable[Path]) -> None:
    """Write what was measured, and the list of sessions that says so."""
    measured = _read()
    for made in ROOT.glob(".nox/*/made.json"):
        measured["environments"][made.parent.name] = json.loads(made.read_text("utf-8"))["costs"]
    for report in reports:
        for session in json.loads(report.read_text("utf-8"))["sessions"]:
            if session["name"] in measured["sessions"] and session["result"] == "success":
                measured["sessions"][session["name"]] = round(session["duration"] / 60, 1)
    lines = COSTS.read_text("utf-8").splitlines()
    COSTS.write_text("\n".join(_with(line, measured) for line in lines) + "\n", "utf-8")
    text = CONTRIBUTING.read_text("utf-8")
    CONTRIBUTING.write_text(with_minutes(text, measured["sessions"]), "utf-8")


def with_minutes(text: str, minutes: dict[str, float]) -> str:
    """Return the list of sessions with other minutes."""

    def put(found: re.Match[str]) -> str:
        return f"{found[1]}{minutes.get(found[2], found[3])} min"

    return re.sub(r"(nox -s (\w+) *# )([0-9.]+) min", put, text)


def _read() -> dict[str, Any]:
    return tomllib.loads(COSTS.read_text("utf-8"))


def _with(line: str, measured: dict[str, Any]) -> str:
    name, equals, _ = line.partition(" = ")
    if not equals or line.startswith("#"):
        return line
    if name in measured["sessions"]:
        return f"{name} = {measured['sessions'][name]}"
    values = ", ".join(f"{key} = {value}" for key, value in measured["environments"][name].items())
    return f"{name} = {{ {values} }}"


if __name__ == "__main__":
    write_costs(map(Path, sys.argv[1:]))
