"""All rows of a verdict in an order in which they can be found: what each cell leads to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from fanwise.adapters.engines import Engine
from fanwise.conformance.report.table import WORST_FIRST, group_of, line_of
from fanwise.conformance.results.claims import Group
from fanwise.conformance.results.rows import SUITE, Origin, ResultRow
from fanwise.conformance.results.runs import Run
from fanwise.conformance.results.verdicts import Verdict
from fanwise.spec.catalogue import catalogue


@dataclass(frozen=True)
class RowBlock:
    """Rows that share what is said above them.

    Attributes:
        rows: the worst first.
    """

    rows: tuple[ResultRow, ...]

    @property
    def engine(self) -> Engine | Origin:
        """What was judged."""
        return self.rows[0].engine

    @property
    def scheme(self) -> str:
        """The scheme as text."""
        return self.rows[0].scheme

    @property
    def step(self) -> str:
        """The step of the run that gave them."""
        return self.rows[0].step

    @property
    def seed(self) -> int | None:
        """The seed of the draws, if they have one."""
        return self.rows[0].seed

    @property
    def alpha(self) -> float:
        """The false-alarm rate of those that are not exact."""
        return max(row.alpha for row in self.rows)


@dataclass(frozen=True, kw_only=True)
class CellRows:
    """What one cell of the table leads to.

    Attributes:
        anchor: the name that links lead to.
        line: the line of the table.
        group: the group of claims.
        blocks: the rows.
    """

    anchor: str
    line: str
    group: Group
    blocks: tuple[RowBlock, ...]

    @property
    def engine(self) -> Engine | Origin | None:
        """What was judged; None where its blocks differ."""
        engines = {block.engine for block in self.blocks}
        return engines.pop() if len(engines) == 1 else None


@dataclass(frozen=True, kw_only=True)
class RowSection:
    """The rows of one framework, or of several.

    Attributes:
        name: the framework, or what else the rows are about.
        number: counted from 0: the frameworks, what is about all together, the suite, and what is
            alike in all frameworks.
        groups: the rows, in the order of the table.
        times: for how many frameworks each row is told.
    """

    name: str
    number: int
    groups: tuple[CellRows, ...]
    times: int = 1

    @property
    def anchor(self) -> str:
        """The name that links lead to."""
        return f"s{self.number}"

    @property
    def size(self) -> int:
        """How many rows there are."""
        return sum(len(block.rows) for group in self.groups for block in group.blocks)


@dataclass(frozen=True, kw_only=True)
class RowSections:
    """All rows of a verdict.

    Attributes:
        frameworks: those of each framework alone, in the order of the table's columns.
        together: those about several of them.
        suite: those about the suite itself.
        alike: those that every framework has, to the last figure; told once.
    """

    frameworks: tuple[RowSection, ...]
    together: RowSection
    suite: RowSection
    alike: RowSection

    @property
    def every(self) -> tuple[RowSection, ...]:
        """All of them, those that have no rows left out."""
        listed = (*self.frameworks, self.alike, self.together, self.suite)
        return tuple(section for section in listed if section.groups)

    def place(self, column: int, line: str, group: Group) -> str:
        """Return where a cell of the table leads; its column is counted from 0."""
        columns = (*self.frameworks, self.together)
        return _anchor(columns[column], line, group) or _anchor(self.alike, line, group)

    def place_of(self, row: ResultRow) -> str:
        """Return where a row is found.

        What a whole run lacks is said of its framework among what is about all together.
        """
        line, group = line_of(row), group_of(row)
        parts = [part for part in self.frameworks if part.name == row.adapter]
        parts += [self.alike] if parts else [self.suite] if row.adapter == SUITE else []
        places = (_anchor(part, line, group) for part in (*parts, self.together))
        return next(filter(None, places), "")

    def also(self, section: RowSection, group: CellRows) -> str:
        """Return where the rest of a framework's cell is found; empty where there is none."""
        is_part = section in self.frameworks
        return _anchor(self.alike, group.line, group.group) if is_part else ""


def row_sections(verdict: Verdict) -> RowSections:
    """Return all rows, in an order in which they can be found."""
    count = len(verdict.runs)
    alike = _alike(verdict.runs)
    frameworks = tuple(
        _section(number, run.adapter, [row for row in run.rows if _facts(row) not in alike])
        for number, run in enumerate(verdict.runs)
    )
    shared = [row for row in verdict.runs[0].rows if _facts(row) in alike]
    return RowSections(
        frameworks=frameworks,
        together=_section(count, "together", verdict.compared),
        suite=_section(count + 1, "the suite itself", verdict.suite),
        alike=_section(count + 2, "alike in all frameworks", shared, times=count),
    )


def _alike(runs: Sequence[Run]) -> set[ResultRow]:
    """Return what every one of several frameworks has, but for its name."""
    if len(runs) == 1:
        return set()
    return set.intersection(*({_facts(row) for row in run.rows} for run in runs))


def _facts(row: ResultRow) -> ResultRow:
    return replace(row, adapter="")


def _section(number: int, name: str, rows: Sequence[ResultRow], times: int = 1) -> RowSection:
    return RowSection(name=name, number=number, groups=tuple(_groups(number, rows)), times=times)


def _anchor(section: RowSection, line: str, group: Group) -> str:
    for listed in section.groups:
        if (listed.line, listed.group) == (line, group):
            return listed.anchor
    return ""


def _groups(number: int, rows: Sequence[ResultRow]) -> Iterator[CellRows]:
    known = {name: place for place, name in enumerate(catalogue().entries)}
    order = list(Group)
    cells: dict[tuple[str, Group], list[ResultRow]] = {}
    for row in rows:
        cells.setdefault((line_of(row), group_of(row)), []).append(row)
    # As in the table: what is about no scheme first.
    places = sorted(cells, key=lambda cell: (known.get(cell[0], -1), cell[0], order.index(cell[1])))
    for place, (line, group) in enumerate(places):
        yield CellRows(
            anchor=f"r{number}-{place}",
            line=line,
            group=group,
            blocks=tuple(_blocks(cells[line, group])),
        )


def _blocks(rows: Sequence[ResultRow]) -> Iterator[RowBlock]:
    ordered = sorted(rows, key=_shared)
    for _, block in groupby(ordered, key=_shared):
        yield RowBlock(tuple(sorted(block, key=lambda row: WORST_FIRST.index(row.outcome))))


def _shared(row: ResultRow) -> tuple[str, ...]:
    return (row.engine, row.scheme, row.step, str(row.seed), row.adapter)
