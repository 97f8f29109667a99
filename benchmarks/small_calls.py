"""What one call costs on a small weight, where the call itself is most of the cost.

    python benchmarks/small_calls.py torch [--only kaiming] [--repeats 21] [--output FILE]

Prints microseconds: ours, the framework's own, and how many times as much ours takes (the median
of the quotients). The two are timed in turn, so that a machine that slows down slows both. The
cases of a framework are in small_<framework>.py.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from small_cases import SmallCase

import machine
import results
from timing import Quartiles, quartiles

FRAMEWORKS = ("torch", "keras", "jax")
#: Seconds that a call is repeated for, in each turn.
TURN = 0.004


@dataclass(frozen=True)
class SmallTimed:
    """Quartiles: of microseconds for a weight, and of our time by the framework's own."""

    name: str
    ours: Quartiles
    theirs: Quartiles
    cost: Quartiles


def main() -> None:
    """Print a line for each case."""
    parser = argparse.ArgumentParser(description="What one call costs on a small weight.")
    parser.add_argument("framework", choices=FRAMEWORKS)
    parser.add_argument("--only", default="", help="cases whose name holds this")
    parser.add_argument("--repeats", type=int, default=21)
    parser.add_argument("--output", type=Path)
    asked = parser.parse_args()
    others, timed = machine.Others(), []
    cases: Iterator[SmallCase] = importlib.import_module(f"small_{asked.framework}").cases()
    sys.stdout.write(f"{'':44} {'ours':>8} {'own':>8} {'cost':>6}\n")
    for case in cases:
        if asked.only in case.name:
            timed.append(measure(case, asked.repeats))
            sys.stdout.write(f"{line(timed[-1])}\n")
            sys.stdout.flush()
    if not timed:
        parser.error(f"no case's name holds {asked.only!r}")
    if asked.output is not None:
        described = {**machine.described(), "others": others.cores()}
        backend = f" on {os.environ.get('KERAS_BACKEND')}" if asked.framework == "keras" else ""
        found = {f"{asked.framework}{backend}": [vars(one) for one in timed]}
        results.write(asked.output, {"machine": described, "cases": [], "small_calls": found})


def measure(case: SmallCase, repeats: int) -> SmallTimed:
    """Time a case, each call in its turn."""
    calls = (case.ours, case.theirs)
    for call in calls:
        call()  # the first one loads things
    counts = [max(1, round(TURN / _seconds(call, 3))) for call in calls]
    turns = [
        [
            _seconds(call, count) / case.weights * 1e6
            for call, count in zip(calls, counts, strict=True)
        ]
        for _ in range(repeats)
    ]
    ours, theirs = zip(*turns, strict=True)
    cost = quartiles(own / other for own, other in turns)
    return SmallTimed(case.name, quartiles(ours), quartiles(theirs), cost)


def line(timed: SmallTimed) -> str:
    """Return a case in a line: medians."""
    ours, theirs, cost = timed.ours[1], timed.theirs[1], timed.cost[1]
    return f"{timed.name:44} {ours:8.2f} {theirs:8.2f} {cost:6.2f}"


def _seconds(call: Callable[[], Any], count: int) -> float:
    start = time.perf_counter()
    for _ in range(count):
        call()
    return (time.perf_counter() - start) / count


if __name__ == "__main__":
    main()
