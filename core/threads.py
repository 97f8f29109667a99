"""Work shared out over the cores, by threads that last as long as the work."""

from __future__ import annotations

import _thread
import os
import threading
from collections.abc import Callable, Iterable
from typing import Final

from fanwise.core.blocks import PIECE

#: Working memory for each element of a piece, over all arrays alive at once, at worst; and for
#: each thread on the compiled path. tests/core/test_fill.py holds the whole call to 64 MiB.
_BYTES_PER_ELEMENT: Final = 112
_BYTES_COMPILED: Final = 3 << 18
_MEMORY: Final = 56 << 20
_MOST_THREADS: Final = _MEMORY // (_BYTES_PER_ELEMENT * PIECE)
_MOST_COMPILED_THREADS: Final = _MEMORY // _BYTES_COMPILED
#: Below this many elements threads cost more than they save.
WORTH_THREADS: Final = 2 * PIECE
WORTH_COMPILED_THREADS: Final = 1 << 20


def choose_count(size: int, *, compiled: bool) -> int:
    """Return how many threads so many elements are worth."""
    if size < (WORTH_COMPILED_THREADS if compiled else WORTH_THREADS):
        return 1
    return min(_cores(), _MOST_COMPILED_THREADS if compiled else _MOST_THREADS)


def _cores() -> int:
    """Count the cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def run(tasks: Iterable[Callable[[], None]], threads: int) -> None:
    """Do all tasks; every thread takes the next one until none is left.

    No thread is waited for but to end what it has begun: on a busy machine some may come too
    late to do anything. None is kept, so nothing is left over that a fork would break.
    """
    if threads == 1:
        for task in tasks:
            task()
        return
    shared = _Shared(tasks)
    for _ in range(threads - 1):
        try:
            # Not threading.Thread, whose start waits until the thread runs.
            _thread.start_new_thread(shared.work, ())
        except RuntimeError:  # no more threads: there is still this one
            break
    shared.work()
    with shared.change:
        shared.change.wait_for(lambda: shared.begun == 0)
    if shared.failures:
        raise shared.failures[0]


class _Shared:
    """Tasks that several threads take from."""

    def __init__(self, tasks: Iterable[Callable[[], None]]) -> None:
        self.tasks, self.begun = iter(tasks), 0
        self.failures: list[BaseException] = []
        self.change = threading.Condition()

    def work(self) -> None:
        """Take tasks until there are none, or one has failed."""
        while (task := self._next()) is not None:
            try:
                task()
            except BaseException as failure:  # noqa: BLE001 (raised by the caller's thread)
                self.failures.append(failure)
            with self.change:
                self.begun -= 1
                self.change.notify_all()

    def _next(self) -> Callable[[], None] | None:
        with self.change:
            try:
                task = None if self.failures else next(self.tasks, None)
            except BaseException as failure:  # noqa: BLE001 (raised by the caller's thread)
                self.failures.append(failure)
                return None
            self.begun += task is not None
            return task
