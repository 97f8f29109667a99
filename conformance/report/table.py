"""The verdict as one table, scheme × framework × claim: the same for terminal and HTML."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from fanwise.conformance.checks.claims import CLAIMS, GROUPS, OWN, START
from fanwise.conformance.results.rows import DEVIATION, FAIL, NONE, PASS, Row
from fanwise.conformance.verdict import Verdict
from fanwise.core.dtypes import NAMES
from fanwise.spec.catalogue import catalogue

#: The worst outcome of a group stands for it.
_WORST_FIRST: Final = (FAIL, DEVIATION, PASS, NONE)
MARKS: Final = {PASS: "✓", FAIL: "✗", DEVIATION: "△", NONE: "–"}


@dataclass(frozen=True)
class Cell:
    """What one framework did with one scheme: an outcome for each group of claims."""

    outcomes: tuple[tuple[str, str], ...]

    @property
    def worst(self) -> str:
        """The worst of them."""
        return worst(outcome for _, outcome in self.outcomes)

    def __str__(self) -> str:
        return " ".join(f"{group} {MARKS[outcome]}" for group, outcome in self.outcomes)


@dataclass(frozen=True)
class Line:
    """One row of the table: a scheme, and a cell for each framework, then for all together."""

    scheme: str
    cells: tuple[Cell, ...]


def lines(verdict: Verdict) -> tuple[Line, ...]:
    """The rows of the table: what is about no scheme first, then the catalogue's order."""
    known = list(catalogue().entries)
    rows = [row for run in verdict.runs for row in run.rows]
    names = dict.fromkeys(_line_of(row) for row in rows)
    ordered = sorted(names, key=lambda name: known.index(name) if name in known else -1)
    return tuple(_line(name, verdict) for name in ordered)


@dataclass(frozen=True)
class Mode:
    """How one framework's portable engine was run, and an outcome for each dtype."""

    adapter: str
    mode: str
    outcomes: tuple[tuple[str, str, int], ...]


def modes(verdict: Verdict) -> tuple[Mode, ...]:
    """The matrix of exact claims: framework and mode against dtype."""
    found: dict[tuple[str, str], list[Row]] = {}
    for row in verdict.rows:
        if row.claim == "golden" and row.engine == "portable":
            found.setdefault((row.adapter, row.subject.rpartition(" ")[2]), []).append(row)
    return tuple(
        Mode(adapter, mode, tuple(_by_dtype(rows))) for (adapter, mode), rows in found.items()
    )


def _by_dtype(rows: Sequence[Row]) -> Iterator[tuple[str, str, int]]:
    for dtype in NAMES:
        outcomes = [row.outcome for row in rows if row.subject.startswith(f"{dtype} ")]
        yield dtype, worst(outcomes), len(outcomes)


def family(row: Row) -> str:
    """The name of the scheme in a row, without its parameters."""
    found = re.match(r"scheme\('(\w+)'", row.scheme)
    return found[1] if found else row.scheme


def worst(outcomes: Iterable[str]) -> str:
    """The worst of some outcomes."""
    found = set(outcomes)
    return next((outcome for outcome in _WORST_FIRST if outcome in found), NONE)


@dataclass(frozen=True)
class Departure:
    """One reason of deviations that occurred, and all that it concerns."""

    note: str
    adapters: tuple[str, ...]
    claims: tuple[str, ...]
    schemes: tuple[str, ...]


def deviations(rows: Iterable[Row]) -> tuple[Departure, ...]:
    """The deviations that occurred, by their reasons."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        if row.outcome == DEVIATION:
            found.setdefault(row.note, []).append(row)
    return tuple(
        Departure(
            note,
            tuple(dict.fromkeys(row.adapter for row in about)),
            tuple(dict.fromkeys(row.claim for row in about)),
            tuple(dict.fromkeys(family(row) for row in about)),
        )
        for note, about in sorted(found.items(), key=lambda item: item[1][0].adapter)
    )


def kill_rate(rows: Iterable[Row]) -> tuple[int, int]:
    """How many mutants were caught, and how many there were."""
    outcomes = [row.outcome for row in rows if row.engine == "mutant"]
    return outcomes.count(PASS), len(outcomes)


def _line(name: str, verdict: Verdict) -> Line:
    groups = [run.rows for run in verdict.runs] + [verdict.compared]
    return Line(name, tuple(_cell([r for r in rows if _line_of(r) == name]) for rows in groups))


def _line_of(row: Row) -> str:
    """The line that a row belongs to: a recipe is judged as one, whatever its schemes."""
    return "starts" if row.engine == START else family(row)


def _cell(rows: Sequence[Row]) -> Cell:
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(_group(row), []).append(row.outcome)
    return Cell(tuple((group, worst(found[group])) for group in GROUPS if group in found))


def _group(row: Row) -> str:
    if row.engine == OWN:
        # What the framework's own initializers do is another matter than what ours do.
        return OWN
    entry = catalogue().entries.get(family(row))
    if row.claim == "offered" and entry is not None and not entry.structured:
        return "shape"
    return CLAIMS[row.claim].group
