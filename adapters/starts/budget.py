"""Memory handed out to several threads, so that all of them together do not take too much."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator


class MemoryBudget:
    """So many bytes, of which each thread takes some for a while.

    Args:
        most: how many there are.

    Examples:
        >>> budget = MemoryBudget(100)
        >>> with budget.taken(60), budget.taken(40):
        ...     budget.left
        0
    """

    def __init__(self, most: int) -> None:
        self._most = self.left = most
        self._changed = threading.Condition()

    @contextlib.contextmanager
    def taken(self, size: int) -> Iterator[None]:
        """Wait for so many bytes, and give them back at the end of the block.

        Args:
            size: the bytes; where there are not as many at all, it takes all of them.
        """
        size = min(size, self._most)
        with self._changed:
            self._changed.wait_for(lambda: size <= self.left)
            self.left -= size
        try:
            yield
        finally:
            with self._changed:
                self.left += size
                self._changed.notify_all()
