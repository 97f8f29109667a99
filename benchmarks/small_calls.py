"""What one call costs on a small tensor, where the call itself is most of the cost.

    python benchmarks/small_calls.py

Prints microseconds: ours, torch's own, and how many times as much ours takes. The two are
timed in turn, so that a machine that slows down slows both.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any, Final

import torch
from torch.nn import init

import fanwise.torch as ours

ROUNDS: Final = 41
CALLS: Final = 200


def main() -> None:
    """Print a line for each function."""
    bias, kernel = torch.empty(64), torch.empty(64, 64)
    cases: dict[str, tuple[Callable[[], Any], Callable[[], Any]]] = {
        "zeros_ of 64": (lambda: ours.zeros_(bias), lambda: init.zeros_(bias)),
        "ones_ of 64": (lambda: ours.ones_(bias), lambda: init.ones_(bias)),
        "constant_ of 64": (lambda: ours.constant_(bias, 0.5), lambda: init.constant_(bias, 0.5)),
        "kaiming_uniform_ of 64 × 64": (
            lambda: ours.kaiming_uniform_(kernel),
            lambda: init.kaiming_uniform_(kernel),
        ),
        "kaiming_normal_ of 64 × 64": (
            lambda: ours.kaiming_normal_(kernel),
            lambda: init.kaiming_normal_(kernel),
        ),
    }
    print(f"{'':28} {'ours':>7} {'torch':>7} {'ratio':>7}")
    for name, (own, theirs) in cases.items():
        pairs = [(_microseconds(own), _microseconds(theirs)) for _ in range(ROUNDS)]
        medians = [statistics.median(times) for times in zip(*pairs, strict=True)]
        print(f"{name:28} {medians[0]:7.2f} {medians[1]:7.2f} {medians[0] / medians[1]:7.2f}")


def _microseconds(call: Callable[[], Any]) -> float:
    start = time.perf_counter()
    for _ in range(CALLS):
        call()
    return (time.perf_counter() - start) / CALLS * 1e6


if __name__ == "__main__":
    main()
