"""Hold the quantile of every set that this processor has against its definition, on all words.

python kernels/checks/exhaustive.py: some 70 seconds of one core. It takes a C compiler that is
called as gcc is (``CC``, or else ``cc``), and the extension, which says what the processor has.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import fanwise_kernels

from fanwise.spec.quantile_table import quantile_table

SOURCE = Path(__file__).with_suffix(".c")


def main() -> None:
    """Compile the check for each set, and run it."""
    names = fanwise_kernels.instruction_sets()
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(os.cpu_count()) as pool:
        told = [*pool.map(partial(_checked, Path(folder)), names)]
    for name, (is_right, words) in zip(names, told, strict=True):
        sys.stdout.write(f"{name}: {words}\n")
        if not is_right:
            sys.exit(1)


def _checked(folder: Path, name: str) -> tuple[bool, str]:
    """Return whether a set is right, and what its check says."""
    program = folder / name
    options = ("-std=c11", "-O3", "-ffp-contract=off", f'-DSET="../src/set_{name}.c"')
    compiler = os.environ.get("CC", "cc")
    subprocess.run([compiler, *options, str(SOURCE), "-o", str(program)], check=True)
    table = "\n".join(" ".join(map(str, row)) for row in quantile_table().rows)
    done = subprocess.run([str(program)], input=table, check=False, capture_output=True, text=True)
    return done.returncode == 0, done.stdout.strip() or f"ended by {done.returncode}"


if __name__ == "__main__":
    main()
