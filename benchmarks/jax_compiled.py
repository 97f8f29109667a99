"""Inside ``jax.jit``: JAX's own initializers against Fanwise's, in one run.

Prints the time for an element, its spread, the time to compile, and the ratio of JAX's
median to ours. Run it with ``nox -s bench``.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

import jax
from rich.console import Console
from rich.table import Table

import fanwise.jax

NAMES = ("he_normal", "he_uniform", "truncated_normal", "normal")
SIZES = (256, 1024, 4096)
REPEATS = 9


def timed(init: Callable[..., Any], size: int) -> tuple[float, list[float]]:
    """Seconds to compile, and nanoseconds for an element at each repetition."""
    key = jax.random.key(0)
    started = time.perf_counter()
    compiled = jax.jit(lambda traced: init(traced, (size, size))).lower(key).compile()
    compiling = time.perf_counter() - started
    compiled(key).block_until_ready()
    times = []
    for _ in range(REPEATS):
        started = time.perf_counter()
        compiled(key).block_until_ready()
        times.append((time.perf_counter() - started) / size**2 * 1e9)
    return compiling, times


def spread(times: list[float]) -> str:
    """The median, and the range of the middle half."""
    low, middle, high = statistics.quantiles(times, n=4)
    return f"{middle:.2f} ({low:.2f} to {high:.2f})"


def main() -> None:
    """Print the table."""
    table = Table(
        "initializer", "size", "JAX ns/element", "Fanwise ns/element", "ratio", "compile s",
        title=f"jax {jax.__version__} on {jax.devices()[0].platform}, float32, jit",
    )  # fmt: skip
    for name in NAMES:
        for size in SIZES:
            _, theirs = timed(getattr(jax.nn.initializers, name)(), size)
            compiling, ours = timed(getattr(fanwise.jax, name)(), size)
            ratio = statistics.median(theirs) / statistics.median(ours)
            table.add_row(
                name, f"{size} × {size}", spread(theirs), spread(ours), f"{ratio:.2f}",
                f"{compiling:.2f}",
            )  # fmt: skip
    Console(width=120).print(table)


if __name__ == "__main__":
    main()
