"""Time functions in turn, so that what else the machine does falls on all of them alike."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from typing import Any

Call = Callable[[], Any]

#: Seconds before each measurement: threads of a library may spin for some time when they are
#: done (OpenBLAS's for 2²⁶ cycles), and would take a core from whatever comes next.
SETTLE = 0.03


#: The quarter that is faster, the median, the quarter that is slower.
Quartiles = tuple[float, float, float]


@dataclass(frozen=True)
class What:
    """What is timed.

    Attributes:
        group: the framework, e.g. ``"keras on jax"``.
        name: the initializer, as the framework calls it.
        kind: what bounds it: ``"uniform"``, ``"normal"``, ``"cut"``, ``"orthogonal"``,
            ``"constant"``, or ``"model"`` for whole models.
        size: how many elements, in words.
        elements: the same as a number.
        dtype, engine: of the weights, and of Fanwise's.
        cores: how many the calls may use.
    """

    group: str
    name: str
    kind: str
    size: str
    elements: int
    dtype: str
    engine: str
    cores: int


@dataclass(frozen=True)
class Case(What):
    """One comparison.

    Attributes:
        ours: Fanwise's.
        theirs: the framework's own, None where it has none.
        fill: what fills the same memory plainly.
        bound: what else no implementation is faster than, as the products of an orthogonal
            weight; None where that is filling the memory.
    """

    ours: Call
    theirs: Call | None
    fill: Call
    bound: Call | None = None


@dataclass(frozen=True)
class Timed(What):
    """Quartiles: of nanoseconds for an element, and of quotients of what was timed together.

    Attributes:
        ours, theirs, fill, bound: of a case's calls.
        ratio: the framework's own time by ours, None where it has none.
        limit: our time by that of the bound, or else of filling the memory.
    """

    ours: Quartiles
    theirs: Quartiles | None
    fill: Quartiles
    bound: Quartiles | None
    ratio: Quartiles | None
    limit: Quartiles

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def measure(case: Case, repeats: int) -> Timed:
    """Time a case: first each call once, unmeasured, then all in turn."""
    names = [name for name in ("theirs", "ours", "fill", "bound") if getattr(case, name)]
    times: dict[str, list[float]] = {name: [] for name in names}
    with only(case.cores):
        for name in names:
            getattr(case, name)()
        for _ in range(repeats):
            for name in names:
                time.sleep(SETTLE)
                times[name].append(_seconds(getattr(case, name)) / case.elements * 1e9)
    found = {name: quartiles(own) for name, own in times.items()}
    least = times.get("bound", times["fill"])
    return Timed(
        **{field.name: getattr(case, field.name) for field in fields(What)},
        ours=found["ours"],
        theirs=found.get("theirs"),
        fill=found["fill"],
        bound=found.get("bound"),
        ratio=_quotients(times["theirs"], times["ours"]) if "theirs" in times else None,
        limit=_quotients(times["ours"], least),
    )


def quartiles(values: Iterable[float]) -> Quartiles:
    """Return the quartiles of at least two values, none of them beyond the values."""
    low, middle, high = statistics.quantiles(values, n=4, method="inclusive")
    return low, middle, high


def _quotients(above: list[float], below: list[float]) -> Quartiles:
    return quartiles([a / b for a, b in zip(above, below, strict=True)])


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
