"""What the first call of a process takes beyond its numbers, in milliseconds.

python benchmarks/first_calls.py --output results/bench-first.json
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

import machine
import results
from timing import quartiles

FIRST = """
import time
import numpy as np, fanwise
out = np.empty((1024, 1024), np.float32)
times = []
for _ in range(5):
    start = time.perf_counter()
    fanwise.sample("normal", out.shape, seed=0, out=out)
    times.append(time.perf_counter() - start)
print(times[0] - min(times[1:]))
"""


def main() -> None:
    """Time the first call of many processes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--repeats", type=int, default=21)
    asked = parser.parse_args()
    others = machine.Others()
    found = quartiles(_first() for _ in range(asked.repeats))
    sys.stdout.write(f"the first call takes {found[1]:.2f} ms more\n")
    described = {**machine.described(), "others": others.cores()}
    results.write(asked.output, {"machine": described, "cases": [], "first_call": found})


def _first() -> float:
    variables = {**os.environ, "FANWISE_FAST": "1"}
    command = [sys.executable, "-c", FIRST]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=variables)
    return float(done.stdout) * 1e3


if __name__ == "__main__":
    main()
