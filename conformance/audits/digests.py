"""An audit in short: what is alike told once, and every text fit to be shown.

Names come from files that anyone may have written. Whatever shows one takes it from here, without
the letters that a terminal obeys or that turn a line around, and cut where it is long.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Protocol

from fanwise.conformance.audits.results import FAILS, HOLDS, UNDECIDED, AuditRow
from fanwise.spec.errors import printable

#: What a row says is visible where no fault is.
NOTHING: Final = "none"
#: How many letters of a text are shown at the most.
SHOWN: Final = 200
#: How many letters are kept of what is cut, before and behind what is left out.
_ENDS: Final = 2
_NUMBER: Final = re.compile(r"\d+")
#: Whole numbers from here on are told in figures and powers of ten.
_LARGE: Final = 1e15


class Findings(Protocol):
    """What an audit found, for those that show it."""

    @property
    def subject(self) -> str:
        """What was audited, in words."""
        ...

    @property
    def rows(self) -> tuple[AuditRow, ...]:
        """One for each claim."""
        ...

    @property
    def false_alarm_rate(self) -> float:
        """The probability, at the most, that any row fails of weights that are right."""
        ...

    @property
    def held_to(self) -> str:
        """The recipe, its variables and the seed; empty without a recipe."""
        ...

    @property
    def passed(self) -> bool:
        """The verdict."""
        ...


@dataclass(frozen=True)
class RowGroup:
    """Rows that say one thing, of weights whose paths differ in their numbers at the most."""

    rows: tuple[AuditRow, ...]

    @property
    def first(self) -> AuditRow:
        """The one that stands for all."""
        return self.rows[0]

    @property
    def others(self) -> int:
        """How many weights there are beside that of the first."""
        return len({row.path for row in self.rows}) - 1

    @property
    def also(self) -> tuple[str, ...]:
        """The claims beside that of the first."""
        claims = dict.fromkeys(row.claim for row in self.rows)
        return tuple(claims)[1:]

    @property
    def smallest(self) -> AuditRow:
        """The one of the fewest elements."""
        return min(self.rows, key=lambda row: row.n)


def failures_of(rows: Iterable[AuditRow]) -> list[RowGroup]:
    """Group the rows that fail: one fault, or else one claim, and one path but for its numbers."""
    return _grouped(
        (row.fault or row.claim, _NUMBER.sub("#", cut(row.path, 1000)), row)
        for row in rows
        if row.outcome == FAILS
    )


def undecided_of(rows: Iterable[AuditRow]) -> list[RowGroup]:
    """Group the rows that are undecided, by their claims."""
    return _grouped((row.claim, row) for row in rows if row.outcome == UNDECIDED)


def passes_of(rows: Iterable[AuditRow]) -> list[RowGroup]:
    """Group the rows that hold, by their claims."""
    return _grouped((row.claim, row) for row in rows if row.outcome == HOLDS)


def counts_of(rows: Iterable[AuditRow]) -> dict[str, int]:
    """Count the rows of each outcome."""
    counts = {HOLDS: 0, FAILS: 0, UNDECIDED: 0}
    for row in rows:
        counts[row.outcome] += 1
    return counts


def _grouped(keyed: Iterator[tuple[object, ...]] | Iterable[tuple[object, ...]]) -> list[RowGroup]:
    groups: dict[tuple[object, ...], list[AuditRow]] = {}
    for *key, row in keyed:
        assert isinstance(row, AuditRow)
        groups.setdefault(tuple(key), []).append(row)
    return [RowGroup(tuple(rows)) for rows in groups.values()]


def cut(text: str, most: int) -> str:
    """Leave out the middle of a long text, and say of how many letters.

    Examples:
        >>> cut("block/kernel", 20), cut("b" * 5000, 10)
        ('block/kernel', 'bbbbb…[4,990 letters]…bbbbb')
    """
    if len(text) <= most:
        return text
    end = most // _ENDS
    return f"{text[:end]}…[{len(text) - 2 * end:,} letters]…{text[-end:]}"


def shown(value: object, most: int = SHOWN) -> str:
    r"""Write a number in a few figures, and a text without what would be obeyed.

    Examples:
        >>> shown(0.0200001), shown(4096), shown("a\x1b[2J")
        ('0.02', '4,096', 'a\\x1b[2J')
    """
    if isinstance(value, str):
        return printable(cut(value, most))
    number = float(value)  # type: ignore[arg-type]
    if number.is_integer() and abs(number) < _LARGE:
        return f"{int(number):,}"
    return f"{number:.4g}"
