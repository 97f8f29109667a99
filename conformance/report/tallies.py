"""How many claims there are, and what that number is made of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from fanwise.adapters.engines import Engine
from fanwise.conformance.results.rows import Origin, Outcome, ResultRow
from fanwise.conformance.results.verdicts import Verdict

#: In the order in which the report tells of them.
_JUDGED: Final = (*Engine, *Origin)


@dataclass(frozen=True, kw_only=True)
class ClaimCount:
    """The claims about one engine, or one origin.

    Attributes:
        engine: what was judged.
        schemes: how many schemes, recipes or parts of the suite its rows are about.
        subjects: how many shapes, dtypes, modes or layers of these.
        claims: how many kinds of claims.
        judged: the rows that were judged: of each framework, of all together, of the suite.
        none: the rows of which there was nothing to judge.
    """

    engine: Engine | Origin
    schemes: int
    subjects: int
    claims: int
    judged: tuple[int, ...]
    none: int

    @property
    def total(self) -> int:
        """All rows that were judged."""
        return sum(self.judged)


def tallies(verdict: Verdict) -> tuple[ClaimCount, ...]:
    """Count the claims of a verdict by what they are about; together these are all of them."""
    columns = [*(run.rows for run in verdict.runs), verdict.compared, verdict.suite]
    occurring = {row.engine for row in verdict.rows}
    return tuple(_tally(engine, columns) for engine in _JUDGED if engine in occurring)


def _tally(engine: Engine | Origin, columns: Iterable[Iterable[ResultRow]]) -> ClaimCount:
    by_column = [[row for row in rows if row.engine == engine] for rows in columns]
    every_row = [row for rows in by_column for row in rows]
    return ClaimCount(
        engine=engine,
        schemes=len({row.scheme for row in every_row}),
        subjects=len({(row.scheme, row.subject) for row in every_row}),
        claims=len({row.claim for row in every_row}),
        judged=tuple(sum(row.outcome != Outcome.NONE for row in rows) for rows in by_column),
        none=sum(row.outcome == Outcome.NONE for row in every_row),
    )
