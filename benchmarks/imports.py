"""What importing Fanwise costs beyond what it stands on.

    python benchmarks/imports.py [--repeats 21]

Prints medians in milliseconds: of a process that imports the base alone, of the differences
between processes with and without Fanwise, the two run in turn, and of the import itself as its
process times it. Where the base takes seconds, its own spread hides the difference, and the last
figure is the one to read. Bytecode is written first, as an installation does.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import machine
import results

#: What Fanwise stands on, and what it is imported by.
IMPORTS: Final = (
    ("numpy", "fanwise"),
    ("torch", "fanwise.torch"),
    ("keras", "fanwise.keras"),
    ("jax", "fanwise.jax"),
)
#: Code that imports Fanwise, and prints how long that took.
OURS: Final = """
import time, {base}
start = time.perf_counter()
import {ours}
print((time.perf_counter() - start) * 1e3)
"""
#: The help of a command line with nothing in it, by the same library.
EMPTY: Final = """
import sys, numpy, typer
app = typer.Typer(add_completion=False)
@app.callback(invoke_without_command=True)
def nothing(): pass
sys.argv = ["nothing", "--help"]
app()
"""


def main() -> None:
    """Print a line for each import, and for the help of the command line."""
    parser = argparse.ArgumentParser(description="What importing Fanwise costs.")
    parser.add_argument("--repeats", type=int, default=21, help="pairs of processes of each kind")
    parser.add_argument("--output", type=Path, help="where the results go, as JSON")
    asked = parser.parse_args()
    others, found = machine.Others(), {}
    print(f"{'':24} {'alone':>9} {'beyond':>9} {'import':>9}")
    for base, ours in IMPORTS:
        if find_spec(base) is not None:
            code = OURS.format(base=base, ours=ours)
            alone, beyond, printed = _timed(["-c", f"import {base}"], ["-c", code], asked.repeats)
            own = statistics.median(float(text) for text in printed)
            print(f"import {ours:17} {alone:6.0f} ms {beyond:6.0f} ms {own:6.0f} ms", flush=True)
            found[ours] = {"base": base, "alone": alone, "beyond": beyond, "own": own}
    alone, beyond, _ = _timed(["-c", EMPTY], ["-m", "fanwise", "--help"], asked.repeats)
    print(f"python -m fanwise --help {alone:6.0f} ms {beyond:6.0f} ms")
    if asked.output is not None:
        described = {**machine.described(), "others": others.cores()}
        results.write(asked.output, {"machine": described, "cases": [], "imports": found})


def _timed(
    base: Sequence[str], ours: Sequence[str], pairs: int
) -> tuple[float, float, Sequence[str]]:
    """Run two processes in turn: the median of one, that of the differences, what ours print."""
    for arguments in (base, ours):
        _run(arguments)
    runs = [(_run(base), _run(ours)) for _ in range(pairs)]
    alone = statistics.median(without[0] for without, _ in runs)
    beyond = statistics.median(own[0] - without[0] for without, own in runs)
    return alone, beyond, [own[1] for _, own in runs]


def _run(arguments: Sequence[str]) -> tuple[float, str]:
    """Run Python; return the milliseconds that it took, and what it printed."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    start = time.perf_counter()
    printed = subprocess.run(
        [sys.executable, *arguments], check=True, capture_output=True, text=True, env=environment
    ).stdout
    return (time.perf_counter() - start) * 1e3, printed


if __name__ == "__main__":
    main()
