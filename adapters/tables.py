"""Tables of text: aligned columns, as wide as they need to be or as the terminal is."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from typing import Final

_GAP: Final = "  "
#: What stands for the middle of a cell that is too long.
_CUT: Final = "…"
#: As narrow as a column gets for the sake of the others.
_NARROWEST: Final = 8
#: The width where there is no terminal, and COLUMNS does not tell.
_UNTOLD: Final = (100, 24)


def terminal_width() -> int:
    """Return how many characters a line may have: as ``COLUMNS`` or the terminal says."""
    return shutil.get_terminal_size(_UNTOLD).columns


def table_lines(head: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> list[str]:
    r"""Align the cells of rows below a head; the widest columns are cut to what fits a line.

    Args:
        head: the names of the columns.
        rows: the cells of each row.
        width: the most characters of a line.

    Examples:
        >>> print("\n".join(table_lines(("path", "role"), [("0/bias", "bias")], 80)))
        path    role
        ------  ----
        0/bias  bias
    """
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    narrow = [min(len(name), _NARROWEST) for name in head]
    room = width - len(_GAP) * (len(head) - 1)
    while sum(widths) > room:
        widest = max(range(len(widths)), key=lambda i: widths[i] - narrow[i])
        if widths[widest] <= narrow[widest]:
            break
        widths[widest] -= 1
    rule = ["-" * size for size in widths]
    return [_line(cells, widths, width) for cells in (head, rule, *rows)]


def _line(cells: Sequence[str], widths: Sequence[int], width: int) -> str:
    fitted = (shortened(cell, size).ljust(size) for cell, size in zip(cells, widths, strict=True))
    return _GAP.join(fitted)[:width].rstrip()


def shortened(text: str, length: int) -> str:
    """Cut the middle out of a text that is too long.

    Examples:
        >>> shortened("encoder/blocks/0/kernel", 12)
        'encod…kernel'
    """
    if len(text) <= length:
        return text
    end = length // 2
    return text[: length - end - 1] + _CUT + text[len(text) - end :]
