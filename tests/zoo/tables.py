"""The table of the zoo: how many models of each library are right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from rich.table import Table

from zoo.verdicts import OUTCOMES


def table(results: Iterable[Mapping[str, Any]]) -> Table:
    """Lay out the counts of each library, and of all."""
    rows = list(counted(results))
    laid = Table("library", "version", "framework", *OUTCOMES)
    for row in rows:
        laid.add_row(*map(str, row))
    laid.add_section()
    sums = [sum(int(row[3 + number]) for row in rows) for number in range(len(OUTCOMES))]
    laid.add_row("all", "", "", *map(str, sums))
    return laid


def counted(results: Iterable[Mapping[str, Any]]) -> Iterable[tuple[str | int, ...]]:
    """Count each library's outcomes, as rows of its name, version, framework and counts."""
    for result in results:
        counts = Counter(verdict["outcome"] for verdict in result["verdicts"])
        numbers = (counts[outcome] for outcome in OUTCOMES)
        yield (result["library"], result["version"], result["framework"], *numbers)
