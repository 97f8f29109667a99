"""What is timed on a GPU: by its own clock, a few calls at a time, the median of several."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import torch

#: Seconds that a measurement takes, of which there are so many.
LONG = 0.02
REPEATS = 7


@dataclass(frozen=True)
class GpuTime:
    """Microseconds of a call, beside the framework's own and a plain fill of the same bytes.

    Attributes:
        part: what is compared, e.g. ``"torch"``.
        name: the case.
        ours, theirs, fill: None where there is none.
    """

    part: str
    name: str
    ours: float
    theirs: float | None
    fill: float | None

    def to_dict(self) -> dict[str, Any]:
        """For JSON, with the ratios."""
        of_theirs = None if self.theirs is None else self.theirs / self.ours
        of_fill = None if self.fill is None else self.fill / self.ours
        return {**asdict(self), "times as fast": of_theirs, "of the fill": of_fill}

    def line(self) -> str:
        """For people."""
        ratios = self.to_dict()
        told = [f"{self.part:14} {self.name:44} {self.ours:10.1f} us"]
        if self.theirs is not None:
            told.append(f"{ratios['times as fast']:7.2f} times as fast")
        if self.fill is not None:
            told.append(f"{100 * ratios['of the fill']:5.0f} % of the fill's bandwidth")
        return "  ".join(told)


def on_device(call: Callable[[], Any], *, rehearsed: bool) -> float:
    """Return the microseconds that a call keeps the device busy."""
    if rehearsed:
        return on_host(call, wait=lambda: None, long=0.0)
    call()
    count, took = 1, 0.0
    while True:
        took = _events(call, count)
        if took > LONG or count >= 1 << 12:
            break
        count *= 4
    return statistics.median([_events(call, count) / count for _ in range(REPEATS)]) * 1e6


def _events(call: Callable[[], Any], count: int) -> float:
    start, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
    start.record()
    for _ in range(count):
        call()
    end.record()
    end.synchronize()
    return float(start.elapsed_time(end)) / 1e3


def on_host(call: Callable[[], Any], *, wait: Callable[[], Any], long: float = LONG) -> float:
    """Return the microseconds from a call to its result, of calls that follow each other."""
    call()
    wait()
    count = 1
    while True:
        took = _seconds(call, wait, count)
        if took >= long or count >= 1 << 12:
            break
        count *= 4
    repeats = REPEATS if long else 1
    return statistics.median([_seconds(call, wait, count) / count for _ in range(repeats)]) * 1e6


def _seconds(call: Callable[[], Any], wait: Callable[[], Any], count: int) -> float:
    start = time.perf_counter()
    for _ in range(count):
        call()
    wait()
    return time.perf_counter() - start
