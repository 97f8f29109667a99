"""The console that commands print to."""

from __future__ import annotations

from typing import Final

from rich.console import Console

#: How wide a table may be where nobody says how wide the page is.
_WIDTH: Final = 190


def console() -> Console:
    """Return a console that stays readable where it has no width of its own, as in CI."""
    attached = Console()
    return attached if attached.is_terminal else Console(width=_WIDTH)
