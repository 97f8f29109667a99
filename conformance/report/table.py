"""The verdict as one table, scheme × framework × claim: the same for terminal and HTML."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from fanwise.adapters.engines import Engine
from fanwise.conformance.checks.golden_tensors import GOLDEN, GoldenSubject
from fanwise.conformance.checks.offers import OFFERED
from fanwise.conformance.checks.registry import claims
from fanwise.conformance.results.claims import Group
from fanwise.conformance.results.rows import Origin, Outcome, ResultRow
from fanwise.conformance.results.verdicts import Verdict
from fanwise.core.dtypes import NAMES
from fanwise.spec.catalogue import catalogue

#: The worst outcome of a group stands for it.
WORST_FIRST: Final = (Outcome.FAIL, Outcome.DEVIATION, Outcome.PASS, Outcome.NONE)
MARKS: Final = {
    Outcome.PASS: "✓",
    Outcome.FAIL: "✗",
    Outcome.DEVIATION: "△",
    Outcome.NONE: "–",
}


@dataclass(frozen=True)
class Cell:
    """What one framework did with one scheme: an outcome for each group of claims."""

    outcomes: tuple[tuple[Group, Outcome], ...]

    @property
    def worst(self) -> Outcome:
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
    """Return the rows of the table: what is about no scheme first, then the catalogue's order."""
    known = list(catalogue().entries)
    rows = [row for run in verdict.runs for row in run.rows]
    names = dict.fromkeys(line_of(row) for row in rows)
    ordered = sorted(names, key=lambda name: known.index(name) if name in known else -1)
    return tuple(_line(name, verdict) for name in ordered)


@dataclass(frozen=True)
class Mode:
    """How one framework's portable engine was run; of each dtype, an outcome and how many rows."""

    adapter: str
    mode: str
    outcomes: tuple[tuple[str, Outcome, int], ...]


def modes(verdict: Verdict) -> tuple[Mode, ...]:
    """Return the matrix of exact claims: framework and mode against dtype."""
    by_mode: dict[tuple[str, str], list[tuple[GoldenSubject, Outcome]]] = {}
    for row in verdict.rows:
        if row.claim == GOLDEN.name and row.engine == Engine.PORTABLE:
            subject = GoldenSubject.from_text(row.subject)
            by_mode.setdefault((row.adapter, subject.mode), []).append((subject, row.outcome))
    return tuple(
        Mode(adapter, mode, tuple(_by_dtype(judged))) for (adapter, mode), judged in by_mode.items()
    )


def _by_dtype(
    judged: Sequence[tuple[GoldenSubject, Outcome]],
) -> Iterator[tuple[str, Outcome, int]]:
    for dtype in NAMES:
        outcomes = [outcome for subject, outcome in judged if subject.dtype == dtype]
        yield dtype, worst(outcomes), len(outcomes)


def worst(outcomes: Iterable[Outcome]) -> Outcome:
    """Return the worst of some outcomes."""
    occurring = set(outcomes)
    return next((outcome for outcome in WORST_FIRST if outcome in occurring), Outcome.NONE)


@dataclass(frozen=True, kw_only=True)
class Remark:
    """Cells that do not simply hold, and are alike: what is to be said of them.

    Attributes:
        outcome: the worst of each.
        groups: the groups of claims of which that came out.
        columns: the columns that the cells stand in.
        schemes: the rows that they stand in.
    """

    outcome: Outcome
    groups: tuple[Group, ...]
    columns: tuple[str, ...]
    schemes: tuple[str, ...]

    def __str__(self) -> str:
        where, what = ", ".join(self.columns), ", ".join(self.groups)
        return f"{where}: {what} of {', '.join(self.schemes)}"


def remarks(table: Iterable[Line], columns: Sequence[str]) -> tuple[Remark, ...]:
    """Return what is to be said below a table of marks, failures first.

    Args:
        table: the rows.
        columns: the names of its columns.
    """
    alike: dict[tuple[Outcome, tuple[Group, ...], tuple[str, ...]], list[str]] = {}
    for line in table:
        names: dict[tuple[Outcome, tuple[Group, ...]], list[str]] = {}
        for column, cell in zip(columns, line.cells, strict=True):
            if cell.worst in (Outcome.FAIL, Outcome.DEVIATION):
                groups = tuple(group for group, outcome in cell.outcomes if outcome == cell.worst)
                names.setdefault((cell.worst, groups), []).append(column)
        for (outcome, groups), some in names.items():
            alike.setdefault((outcome, groups, tuple(some)), []).append(line.scheme)
    every = [
        Remark(outcome=outcome, groups=groups, columns=where, schemes=tuple(schemes))
        for (outcome, groups, where), schemes in alike.items()
    ]
    return tuple(sorted(every, key=lambda remark: WORST_FIRST.index(remark.outcome)))


@dataclass(frozen=True, kw_only=True)
class Departure:
    """One reason of deviations that occurred, and all that it concerns."""

    note: str
    adapters: tuple[str, ...]
    claims: tuple[str, ...]
    schemes: tuple[str, ...]


def departures(rows: Iterable[ResultRow]) -> tuple[Departure, ...]:
    """Return the deviations that occurred, by their reasons."""
    by_note: dict[str, list[ResultRow]] = {}
    for row in rows:
        if row.outcome == Outcome.DEVIATION:
            by_note.setdefault(row.note, []).append(row)
    return tuple(
        Departure(
            note=note,
            adapters=tuple(dict.fromkeys(row.adapter for row in concerned)),
            claims=tuple(dict.fromkeys(row.claim for row in concerned)),
            schemes=tuple(dict.fromkeys(row.family for row in concerned)),
        )
        for note, concerned in sorted(by_note.items(), key=lambda item: item[1][0].adapter)
    )


def kill_rate(rows: Iterable[ResultRow]) -> tuple[int, int]:
    """Count the mutants that were caught, and all of them."""
    outcomes = [row.outcome for row in rows if row.engine == Origin.MUTANT]
    return outcomes.count(Outcome.PASS), len(outcomes)


def _line(name: str, verdict: Verdict) -> Line:
    columns = [run.rows for run in verdict.runs] + [verdict.compared]
    return Line(name, tuple(_cell([r for r in rows if line_of(r) == name]) for rows in columns))


def line_of(row: ResultRow) -> str:
    """Return the line that a row belongs to: a recipe is judged as one, whatever its schemes."""
    if row.engine != Origin.START:
        return row.family
    # Each model that a recipe cites has a line, the layers of a framework have one together.
    return row.step if row.step.startswith("recipe ") else "starts"


def _cell(rows: Sequence[ResultRow]) -> Cell:
    by_group: dict[Group, list[Outcome]] = {}
    for row in rows:
        by_group.setdefault(group_of(row), []).append(row.outcome)
    return Cell(tuple((group, worst(by_group[group])) for group in Group if group in by_group))


def group_of(row: ResultRow) -> Group:
    """Return the group of claims that a row belongs to."""
    if row.engine == Origin.OWN:
        # What the framework's own initializers do is another matter than what ours do.
        return Group.OWN
    entry = catalogue().entries.get(row.family)
    if row.claim == OFFERED.name and entry is not None and not entry.structured:
        return Group.SHAPE
    return claims()[row.claim].group
