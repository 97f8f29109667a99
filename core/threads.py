"""Work shared out over the cores, by threads that last as long as the work."""

from __future__ import annotations

import _thread
import ctypes
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from fanwise.core.blocks import PIECE

#: Working memory for each element of a piece, over all arrays alive at once, at worst; and for
#: each thread on the compiled path. tests/core/test_fill.py holds the whole call to 64 MiB.
_BYTES_PER_ELEMENT: Final = 48
_BYTES_COMPILED: Final = 3 << 18
_MEMORY: Final = 56 << 20
_MOST_THREADS: Final = _MEMORY // (_BYTES_PER_ELEMENT * PIECE)
_MOST_COMPILED_THREADS: Final = _MEMORY // _BYTES_COMPILED
#: Below this many elements threads cost more than they save.
WORTH_THREADS: Final = 3 * PIECE // 2
WORTH_COMPILED_THREADS: Final = 1 << 20

#: Addresses of locks that no thread has, for the next call.
_locks: Final[list[int]] = []


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

    However the call ends, no other thread is at work when it does: an interrupt keeps them from
    beginning anything, and is raised once what they had begun is done. No thread is waited for
    but to end what it has begun: on a busy machine some may come too late to do anything. None
    is kept, so nothing is left over that a fork would break.
    """
    if threads == 1:
        for task in tasks:
            task()
        return
    shared = _Shared(tasks)
    wait, at_work = _lock_functions().acquire, shared.at_work
    try:
        for _ in range(threads - 1):
            try:
                # Not threading.Thread, whose start waits until the thread runs.
                _thread.start_new_thread(shared.help, ())
            except RuntimeError:  # no more threads: there is still this one
                break
        shared.work()
    finally:
        # Signal handlers run after calls, and where a function or a turn of a loop begins.
        # Here is none of these before the end of the wait, and no signal ends the wait, so
        # nothing that a handler raises can come before it.
        shared.closed = True
        wait(at_work, 1)
    shared.give_back()
    if shared.failures:
        raise shared.failures[0]


class _Shared:
    """Tasks that several threads take from.

    Attributes:
        at_work: the lock that is held while helpers are at work, by all of them together; and
            then by the caller, so that none can begin.
        closed: whether nothing more is to be begun.
        failures: what the tasks of helpers raised.
    """

    def __init__(self, tasks: Iterable[Callable[[], None]]) -> None:
        self._tasks, self._taking, self._helpers = iter(tasks), _thread.allocate_lock(), 0
        self.at_work, self.closed = _take_lock(), False
        self.failures: list[BaseException] = []

    def work(self) -> None:
        """Do tasks until there are none, in the caller's thread."""
        while (task := self._next()) is not None:
            task()

    def help(self) -> None:
        """Do tasks until there are none, in another thread, which the caller waits for."""
        while self._begin():
            try:
                task = self._next()
                if task is not None:
                    task()
            except BaseException as failure:  # noqa: BLE001 (raised by the caller's thread)
                self.failures.append(failure)
                self.closed = True
            finally:
                task = None  # what it holds is the caller's alone once this has ended
                self._end()

    def give_back(self) -> None:
        """Let go of all that is the caller's, and of the lock, which no helper comes to now."""
        with self._taking:  # who was here before it was closed has left
            self._tasks = iter(())
        _lock_functions().release(self.at_work)
        _locks.append(self.at_work)

    def _next(self) -> Callable[[], None] | None:
        with self._taking:
            task = None if self.closed else next(self._tasks, None)
            if task is None:
                self.closed = True
            return task

    def _begin(self) -> bool:
        """Note that a helper is at work, unless the caller is to wait for none any more."""
        with self._taking:
            if self.closed:
                return False
            if self._helpers == 0 and not _lock_functions().acquire(self.at_work, 0):
                return False
            self._helpers += 1
            return True

    def _end(self) -> None:
        with self._taking:
            self._helpers -= 1
            if self._helpers == 0:
                _lock_functions().release(self.at_work)


@dataclass(frozen=True, slots=True)
class _LockFunctions:
    """What Python's own locks are made of: in C, so that no signal ends a wait.

    Attributes:
        allocate: gives the address of a new lock.
        acquire: takes an address, and 1 to wait or 0 not to; gives whether it was acquired.
        release: takes an address.
    """

    allocate: Callable[[], int | None]
    acquire: Callable[[int, int], int]
    release: Callable[[int], None]


@cache
def _lock_functions() -> _LockFunctions:
    # Through pythonapi itself a call would keep the other threads from running.
    python: Any = ctypes.CDLL(None, handle=ctypes.pythonapi._handle)  # noqa: SLF001
    allocate, acquire = python.PyThread_allocate_lock, python.PyThread_acquire_lock
    release = python.PyThread_release_lock
    allocate.argtypes, allocate.restype = (), ctypes.c_void_p
    acquire.argtypes, acquire.restype = (ctypes.c_void_p, ctypes.c_int), ctypes.c_int
    release.argtypes, release.restype = (ctypes.c_void_p,), None
    return _LockFunctions(allocate, acquire, release)


def _take_lock() -> int:
    try:
        return _locks.pop()
    except IndexError:
        address = _lock_functions().allocate()
        if address is None:
            raise MemoryError from None
        return address
