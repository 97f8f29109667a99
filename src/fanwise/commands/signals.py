"""What ends a command from outside."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

#: The exit status of what an interrupt has ended.
INTERRUPTED: Final = 130
#: What a shell adds to the number of the signal that ends a program.
_ENDED_BY: Final = 128


@contextmanager
def stopped_in_order() -> Iterator[list[int]]:
    """Let a request to end be as an interrupt, so that no half of a file is left.

    Yields:
        The exit status of what has ended the command, once something has.
    """
    statuses: list[int] = []

    def stop(number: int, _frame: FrameType | None) -> None:
        statuses.append(_ENDED_BY + number)
        raise KeyboardInterrupt

    try:
        before = signal.signal(signal.SIGTERM, stop)
    except ValueError:  # in no main thread
        yield statuses
        return
    try:
        yield statuses
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL if before is None else before)
