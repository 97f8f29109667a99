"""The core against NumPy: with the compiled path, and without."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

import fanwise

from fills import fill
from timing import Case, cores

SIDE = 4096
SIZE = f"{SIDE} × {SIDE}"


def cases() -> Iterator[Case]:
    """Both paths, on one core and on all."""
    generator = np.random.default_rng(0)
    out = np.empty((SIDE, SIDE), np.float32)
    own: dict[str, Callable[[], Any]] = {
        "uniform": lambda: generator.random(dtype=np.float32, out=out),
        "normal": lambda: generator.standard_normal(dtype=np.float32, out=out),
    }
    for used in sorted({1, cores()}):
        plain = fill(out, used)
        for path, engine in (("0", "NumPy"), ("1", "compiled")):
            for name, theirs in own.items():
                ours = _by(path, name, out)
                what = ("numpy", name, name, SIZE, out.size, "float32", engine, used)
                yield Case(*what, ours, theirs, plain)


def _by(path: str, scheme: str, out: np.ndarray[Any, Any]) -> Callable[[], Any]:
    """A call on one of the core's paths."""

    def call() -> None:
        os.environ["FANWISE_FAST"] = path
        fanwise.sample(scheme, out.shape, seed=0, path="w", out=out)

    return call
