"""How far work has come, for whoever wants to be told."""

from __future__ import annotations

from collections.abc import Callable

#: Called with how much is done, of how much, and what comes next.
Progress = Callable[[int, int, str], None]


def show_nothing(_done: int, _total: int, _title: str) -> None:
    """Show no progress."""
