"""Time two functions in turn, so that what else the machine does falls on both alike."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from typing import Any

Call = Callable[[], Any]

#: Seconds before each measurement: threads of a library may spin for some time when they are
#: done, and would take a core from whatever comes next.
SETTLE = 0.05


@dataclass(frozen=True)
class What:
    """What is timed.

    Attributes:
        group: the framework, e.g. ``"keras on jax"``.
        name: the initializer, as the framework calls it.
        size: how many elements, in words.
        elements: the same as a number.
        dtype, engine: of the weights, and of Fanwise's.
        cores: how many the calls may use.
    """

    group: str
    name: str
    size: str
    elements: int
    dtype: str
    engine: str
    cores: int


@dataclass(frozen=True)
class Case(What):
    """One comparison: the framework's own, None where only ours is timed; and ours."""

    theirs: Call | None
    ours: Call


@dataclass(frozen=True)
class Timed(What):
    """Quartiles in nanoseconds for an element; the ratio is of the medians."""

    theirs: tuple[float, float, float] | None
    ours: tuple[float, float, float]
    ratio: float | None

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def measure(case: Case, repeats: int) -> Timed:
    """Time a case: first each once, unmeasured, then in turn."""
    calls = [call for call in (case.theirs, case.ours) if call is not None]
    times: list[list[float]] = [[] for _ in calls]
    with only(case.cores):
        for call in calls:
            call()
        for _ in range(repeats):
            for call, own in zip(calls, times, strict=True):
                time.sleep(SETTLE)
                own.append(_seconds(call) / case.elements * 1e9)
    quartiles = [_quartiles(own) for own in times]
    theirs = quartiles[0] if case.theirs is not None else None
    ratio = theirs[1] / quartiles[-1][1] if theirs is not None else None
    own = {field.name: getattr(case, field.name) for field in fields(What)}
    return Timed(**own, theirs=theirs, ours=quartiles[-1], ratio=ratio)


def _seconds(call: Call) -> float:
    """Of one call; a short one is made many times, for the clock's sake."""
    count, seconds = 1, 0.0
    while True:
        start = time.perf_counter()
        for _ in range(count):
            call()
        seconds = time.perf_counter() - start
        if seconds > 0.002 or count >= 1 << 14:
            return seconds / count
        count *= 4


def _quartiles(times: list[float]) -> tuple[float, float, float]:
    low, middle, high = statistics.quantiles(times, n=4)
    return low, middle, high


@contextmanager
def only(cores: int) -> Iterator[None]:
    """Keep this thread, and those that it starts, to some cores."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    all_cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, sorted(all_cores)[:cores])
    try:
        yield
    finally:
        os.sched_setaffinity(0, all_cores)


def cores() -> int:
    """The cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
