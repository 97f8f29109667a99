"""Lines of a verdict on the screen, in the colours of what they tell of."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from fanwise.commands.console import console

if TYPE_CHECKING:
    from fanwise.conformance.audits.lines import TextLine

#: How far what a line has no room for is set in.
_SET_IN: Final = 4
#: The colour of what holds, fails, is undecided.
_STYLES: Final = {"pass": "green", "fail": "bold red", "undecided": "yellow"}


def print_lines(lines: Iterable[TextLine]) -> None:
    """Print the lines of a verdict; what is too long for one goes on below, set in.

    Args:
        lines: of it.
    """
    from rich.text import Text

    screen = console()
    for line in lines:
        # As text, of which no letter is markup.
        body = line.text.lstrip()
        edge = len(line.text) - len(body)
        pieces = Text(body).wrap(screen, max(screen.width - edge - _SET_IN, 1))
        for number, piece in enumerate(pieces):
            piece.rstrip()
            margin = " " * (edge + (_SET_IN if number else 0))
            screen.print(Text.assemble(margin, piece, style=_STYLES.get(line.outcome, "")))
