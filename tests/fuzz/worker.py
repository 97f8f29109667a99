"""A process that makes calls and judges them: one line before each, and one after it.

    python -m fuzz.worker DOOR SEED FIRST END

So that what ends the process, or hangs, is known by its number.
"""

from __future__ import annotations

import faulthandler
import importlib
import sys
from typing import Final

from fuzz.calls import Calls, judge

#: The module with the calls of each door.
MODULES: Final = {
    "numpy": "numpy_calls",
    "documents": "document_calls",
    "torch": "torch_calls",
    "jax": "jax_calls",
    "keras on torch": "keras_calls",
    "keras on jax": "keras_calls",
    "keras on tensorflow": "keras_calls",
    "planted": "planted_calls",
}


def calls_of(door: str) -> Calls:
    """Return what makes the calls of a door."""
    calls: Calls = importlib.import_module(f"fuzz.{MODULES[door]}").CALLS
    return calls


def main(door: str, seed: int, first: int, end: int) -> None:
    """Make the calls of some numbers."""
    faulthandler.enable()
    calls = calls_of(door)
    for number in range(first, end):
        print(">", number, flush=True)
        kind, outcome, note = judge(calls, seed, number)
        line = "\t".join((kind, outcome, note.encode("unicode_escape").decode()))
        print("=", line, flush=True)


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
