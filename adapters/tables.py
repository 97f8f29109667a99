"""Tables of text: aligned columns, as wide as they need to be or as the terminal is."""

from __future__ import annotations

import itertools
import shutil
import textwrap
from collections.abc import Sequence
from typing import Final

_GAP: Final = "  "
#: As narrow as a column gets for the sake of the others, but for that of the names.
_NARROWEST: Final = 8
#: The width where there is no terminal, and COLUMNS does not tell.
_UNTOLD: Final = (100, 24)


def terminal_width() -> int:
    """Return how many characters a line may have: as ``COLUMNS`` or the terminal says."""
    return shutil.get_terminal_size(_UNTOLD).columns


def table_lines(head: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> list[str]:
    r"""Align the cells of rows below a head; a row that is too wide goes on in a line below.

    The first cell of a row is its name, which is never cut: people copy it.

    Args:
        head: the names of the columns.
        rows: the cells of each row.
        width: the most characters of a line.

    Examples:
        >>> print("\n".join(table_lines(("path", "role"), [("0/bias", "bias")], 80)))
        path    role
        ------  ----
        0/bias  bias
        >>> print("\n".join(table_lines(("path", "role"), [("0/1/2/3/bias", "bias")], 12)))
        path
          role
        ------------
        0/1/2/3/bias
          bias
    """
    widths = _widths(head, rows)
    if sum(widths) + len(_GAP) * (len(head) - 1) <= width:
        rule = _GAP.join("-" * size for size in widths)
        lines = [_line(cells, widths) for cells in (head, *rows)]
        return [lines[0], rule, *lines[1:]]
    widths = _narrowed(head[1:], rows, width - len(_GAP))
    lines = []
    for cells in (head, *rows):
        lines += [cells[0], *(_GAP + line for line in _folded(cells[1:], widths))]
    rule = "-" * min(width, max(map(len, lines)))
    end_of_head = 1 + len(_folded(head[1:], widths))
    return [*lines[:end_of_head], rule, *lines[end_of_head:]]


def _widths(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[int]:
    return [max(map(len, column)) for column in zip(head, *rows, strict=True)]


def _narrowed(head: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> list[int]:
    """Return widths of all columns but the first, the widest of which give way."""
    widths = _widths(head, [row[1:] for row in rows])
    narrow = [min(len(name), _NARROWEST) for name in head]
    room = width - len(_GAP) * (len(head) - 1)
    while sum(widths) > room:
        widest = max(range(len(widths)), key=lambda i: widths[i] - narrow[i])
        if widths[widest] <= narrow[widest]:
            break
        widths[widest] -= 1
    return widths


def _folded(cells: Sequence[str], widths: Sequence[int]) -> list[str]:
    """Break cells that are too long for their columns: as many lines as the longest needs."""
    columns = [textwrap.wrap(cell, size) for cell, size in zip(cells, widths, strict=True)]
    return [_line(line, widths) for line in itertools.zip_longest(*columns, fillvalue="")]


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (cell.ljust(size) for cell, size in zip(cells, widths, strict=True))
    return _GAP.join(padded).rstrip()
