"""Time one framework's initializers against Fanwise's, side by side in one run.

Prints nanoseconds for an element and the ratio of the medians, and writes JSON.

    python benchmarks/run.py torch --output results/bench-torch.json
"""

from __future__ import annotations

import argparse
import importlib
import json
from pathlib import Path

from rich.console import Console
from rich.table import Table

import machine
from timing import Case, Timed, measure


def main() -> None:
    """Time all cases of one framework."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("framework", choices=("numpy", "torch", "keras", "jax"))
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--repeats", type=int, default=21)
    parser.add_argument("--only", default="", help="cases whose description holds this")
    parser.add_argument(
        "--largest", type=int, default=10**8, help="elements at most (10**9 takes 4 GB)"
    )
    asked = parser.parse_args()
    module = importlib.import_module(f"cases_{asked.framework}")
    found = module.cases(asked.largest) if asked.framework == "numpy" else module.cases()
    described = {
        "machine": machine.described(),
        "memory": machine.bandwidth(asked.repeats),
        "first_call": module.first_call(3) if asked.framework == "numpy" else [],
    }
    timed = []
    console = Console(width=150)
    for case in found:
        if asked.only in _words(case):
            timed.append(measure(case, asked.repeats))
            console.print(_line(timed[-1]), highlight=False)
    console.print(_table(timed))
    console.print(described)
    asked.output.parent.mkdir(parents=True, exist_ok=True)
    data = {**described, "cases": [one.to_dict() for one in timed]}
    asked.output.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")


def _words(case: Case | Timed) -> str:
    return f"{case.group} {case.name} {case.size} {case.dtype} {case.engine} {case.cores}"


def _line(case: Timed) -> str:
    ratio = "" if case.ratio is None else f"ratio {case.ratio:.2f}"
    return f"{_words(case)}: {case.ours[1]:.2f} ns {ratio}"


def _spread(quartiles: tuple[float, float, float] | None) -> str:
    if quartiles is None:
        return ""
    return "{1:.2f} ({0:.2f} to {2:.2f})".format(*quartiles)


def _table(timed: list[Timed]) -> Table:
    table = Table(
        "framework", "initializer", "size", "dtype", "engine", "cores",
        "own ns/element", "Fanwise ns/element", "ratio",
        title="medians, and the middle half; a ratio is the framework's own time by ours",
    )  # fmt: skip
    for one in timed:
        ratio = "" if one.ratio is None else f"{one.ratio:.2f}"
        table.add_row(
            one.group, one.name, one.size, one.dtype, one.engine, str(one.cores),
            _spread(one.theirs), _spread(one.ours), ratio,
        )  # fmt: skip
    return table


if __name__ == "__main__":
    main()
