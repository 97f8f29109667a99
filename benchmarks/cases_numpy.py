"""The core against NumPy: with and without the compiled path, and over the sizes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np

import fanwise

from timing import Case, cores

SIDE = 4096
WHOLE = f"{SIDE} × {SIDE}"


def by(path: str, scheme: str, out: np.ndarray[Any, Any], **how: Any) -> Callable[[], Any]:
    """A call on one of the core's paths."""

    def call() -> None:
        os.environ["FANWISE_FAST"] = path
        fanwise.sample(scheme, out.shape, seed=0, path="w", out=out, **how)

    return call


def cases(largest: int) -> Iterator[Case]:
    """Both paths, on one core and on all; then the cost against the size."""
    generator = np.random.default_rng(0)
    out = np.empty((SIDE, SIDE), np.float32)
    count = out.size
    own = {
        "normal": lambda: generator.standard_normal(dtype=np.float32, out=out),
        "uniform": lambda: generator.random(dtype=np.float32, out=out),
    }
    for used in sorted({1, cores()}):
        for path, engine in (("0", "NumPy"), ("1", "compiled")):
            for scheme, theirs in own.items():
                ours = by(path, scheme, out)
                yield Case("numpy", scheme, WHOLE, count, "float32", engine, used, theirs, ours)
            ours = by(path, "he_normal", out, axes="torch")
            yield Case(
                "numpy", "he_normal, turned", WHOLE, count, "float32", engine, used, None, ours
            )
    exponent = 2
    while 10**exponent <= largest:
        count = 10**exponent
        out = np.empty(count, np.float32)
        for path, engine in (("0", "NumPy"), ("1", "compiled")):
            theirs = partial(generator.standard_normal, dtype=np.float32, out=out)
            size = f"10^{exponent}"
            yield Case(
                "numpy",
                "normal",
                size,
                count,
                "float32",
                engine,
                cores(),
                theirs,
                by(path, "normal", out),
            )
        exponent += 1


FIRST = """
import time
import numpy as np, fanwise
out = np.empty((2048, 2048), np.float32)
start = time.perf_counter(); fanwise.sample("normal", out.shape, seed=0, out=out)
first = time.perf_counter()
fanwise.sample("normal", out.shape, seed=0, out=out)
print(first - start - (time.perf_counter() - first))
"""


def first_call(repeats: int) -> list[float]:
    """Seconds that the first call of a process takes beyond the sampling; warm, on disk."""
    variables = {**os.environ, "FANWISE_FAST": "1"}
    command = [sys.executable, "-c", FIRST]
    runs = [
        subprocess.run(command, check=True, capture_output=True, text=True, env=variables)
        for _ in range(repeats + 1)
    ]
    return sorted(float(run.stdout) for run in runs[1:])
