"""Tables of Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table, a line for each row.

    Args:
        head: the names of the columns.
        rows: the cells of each row, in Markdown.

    Examples:
        >>> print(table(("name", "size"), [("`w`", "2")]))
        | name | size |
        | --- | --- |
        | `w` | 2 |
    """
    return "\n".join(_line(cells) for cells in (head, ["---"] * len(head), *rows))


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
