"""Time one part of the benchmarks, Fanwise's side by side with the framework's own.

Prints nanoseconds for an element and the quotients, and writes JSON.

    python benchmarks/run.py torch --output results/bench-torch.json
"""

from __future__ import annotations

import argparse
import importlib
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

import machine
import results
from timing import Case, Quartiles, Timed, measure

#: What there is to time: a module ``cases_NAME`` for each.
PARTS = ("numpy", "torch", "models", "keras", "jax")


def main() -> None:
    """Time the cases of one part."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("part", choices=PARTS)
    does = parser.add_mutually_exclusive_group(required=True)
    does.add_argument("--output", type=Path)
    does.add_argument("--list", action="store_true", help="only name the cases")
    parser.add_argument("--repeats", type=int, default=21)
    parser.add_argument("--only", default="", help="cases whose description holds this")
    asked = parser.parse_args()
    module = importlib.import_module(f"cases_{asked.part}")
    if asked.list:
        sys.stdout.writelines(f"{_words(case)}\n" for case in module.cases())
        return
    console, others, timed = Console(width=150), machine.Others(), []
    for case in module.cases():
        if results.holds(_words(case), asked.only):
            timed.append(measure(case, asked.repeats))
            console.print(_line(timed[-1]), highlight=False)
    if not timed:
        parser.error(f"no case holds {asked.only!r}: --list names them")
    described = {**machine.described(), "repeats": asked.repeats, "others": others.cores()}
    console.print(_table(timed))
    console.print(machine.warning(described["others"]), style="bold red")
    cases = [one.to_dict() for one in timed]
    results.write(asked.output, {"machine": described, "cases": cases})


def _words(case: Case | Timed) -> str:
    return f"{case.group} {case.name} {case.size} {case.dtype} {case.engine} {case.cores}"


def _line(case: Timed) -> str:
    ratio = "" if case.ratio is None else f"ratio {case.ratio[1]:.2f}, "
    return f"{_words(case)}: {case.ours[1]:.3g} ns, {ratio}limit {case.limit[1]:.2f}"


def _spread(quartiles: Quartiles | None) -> str:
    if quartiles is None:
        return ""
    return "{1:.3g} ({0:.3g} to {2:.3g})".format(*quartiles)


def _table(timed: list[Timed]) -> Table:
    table = Table(
        "framework", "initializer", "size", "dtype", "engine", "cores",
        "own ns/element", "Fanwise ns/element", "ratio", "filling memory", "limit",
        title="medians, and the middle half; the ratio is the framework's own time by ours, the "
        "limit ours by that of filling memory, or of the products of an orthogonal weight",
    )  # fmt: skip
    for one in timed:
        spreads = (one.theirs, one.ours, one.ratio, one.fill, one.limit)
        about = (one.group, one.name, one.size, one.dtype, one.engine, str(one.cores))
        table.add_row(*about, *map(_spread, spreads))
    return table


if __name__ == "__main__":
    main()
