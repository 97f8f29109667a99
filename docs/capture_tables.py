"""The tables of docs/captures.md: what came of captured models, and what is not proved."""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

ZOO: Final = Path(__file__).resolve().parent.parent / "tests" / "zoo"
OUTCOMES: Final = ("proved", "open", "other", "refuted", "error")


def captures() -> Iterator[list[str]]:
    """Return a row for each library, with the counts of its models, and one for all."""
    whole: Counter[str] = Counter()
    for result in _results():
        counts = _counted(result["verdicts"])
        whole += counts
        yield [_library(result), result["version"], result["framework"], *_cells(counts)]
    yield ["all", "", "", *_cells(whole)]


def cited() -> Iterator[list[str]]:
    """Return a row for each model that a bundled recipe cites: what the two recipes say alike."""
    for result in _results():
        for verdict in result["verdicts"]:
            if verdict["cited"]:
                model = verdict["model"].partition(" of ")[2]
                alike = f"{verdict['agreeing']} of {verdict['compared']}"
                listed = str(verdict["deviating"] or "")
                yield [f"`{verdict['cited']}`", model, str(verdict["rules"]), alike, listed]


def not_proved() -> Iterator[list[str]]:
    """Return a row for each model that is known not to be proved, with its reason."""
    known = tomllib.loads((ZOO / "captures.toml").read_text("utf-8")).get("known", ())
    for row in known:
        yield [f"`{row['model']}`", ", ".join(row["results"]), row["outcome"], row["reason"]]


def _library(result: dict[str, Any]) -> str:
    return "cited by recipes" if result["name"].startswith("cited") else result["library"]


def _counted(verdicts: list[dict[str, Any]]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for verdict in verdicts:
        counts[verdict["outcome"]] += 1
        counts["weights"] += verdict["weights"]
        counts["resolved"] += verdict["resolved"]
    return counts


def _cells(counts: Counter[str]) -> list[str]:
    share = counts["resolved"] / max(counts["weights"], 1)
    numbers = (*(counts[outcome] for outcome in OUTCOMES), counts["weights"])
    return [*(f"{number:,}" for number in numbers), f"{share:.1%}"]


def _results() -> Iterator[dict[str, Any]]:
    """Read what `nox -s captures -- --keep` has written."""
    for file in sorted((ZOO / "capture_results").glob("*.json")):
        yield json.loads(file.read_text("utf-8"))
