"""One process of those that start models together; run by the processes of :mod:`.jobs`.

``python -m fanwise.conformance.cuts.seat ADAPTER list`` prints the ways that it has, as JSON;
``python -m fanwise.conformance.cuts.seat ADAPTER RANK ADDRESSES CELLS RESULTS`` takes a seat, cuts
and starts all models of the cells, and writes what it found. It prints a line before each.
"""

from __future__ import annotations

import gc
import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from threading import Thread
from typing import Any

from fanwise.adapters.cut_protocol import CutDraw, Seat, WithCuts
from fanwise.adapters.discovery import made
from fanwise.conformance.cuts import memory
from fanwise.conformance.cuts.expected import SEED, digest
from fanwise.conformance.model_recipe import RECIPE
from fanwise.spec.errors import FanwiseError, Phrase
from fanwise.spec.recipe import recipe


def main() -> None:
    """Do what the arguments say."""
    lines = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(2, 1)  # what frameworks print is no line of ours
    name, *what = sys.argv[1:]
    adapter = _with_cuts(made(name)[0])
    if what == ["list"]:
        ways = [asdict(way) for way in adapter.cuts]
        print(json.dumps({"adapter": adapter.name, "cuts": ways}), file=lines)
        return
    rank, addresses, cells, results = what
    # It ends with the process that started it, and not before all are done: where a process is
    # gone, those that work with it are ended.
    input_ending = Thread(target=_end_with_input, daemon=True)
    input_ending.start()
    adapter.take_seat(Seat(int(rank), tuple(addresses.split(","))))
    gc.collect()
    gc.freeze()  # a framework's million objects, which would be walked before each measurement
    found = []
    for way, world, model in json.loads(cells):
        print(f"{way}, {world}: {model}", file=lines)
        found.append(_found(adapter, way, world, model))
    unfinished = Path(results).with_suffix(".unfinished")
    unfinished.write_text(json.dumps(found), "utf-8")
    unfinished.rename(results)
    input_ending.join()


def _end_with_input() -> None:
    """End this process when its input ends, whatever its threads wait for."""
    sys.stdin.read()
    os._exit(0)


def _found(adapter: WithCuts, way: str, world: int, model: str) -> dict[str, Any]:
    cut = adapter.cut(CutDraw(way, world, model, recipe(RECIPE), SEED))
    measured = memory.is_measurable()
    before = memory.resident() if measured else 0
    if measured:
        memory.reset_peak()
    part = cut.start()
    allocated = memory.peak() - before if measured else None
    weights = {path: digest(weight) for path, weight in cut.gather().items()}
    return {
        "way": way,
        "world": world,
        "model": model,
        "part": part,
        "in_place": cut.in_place,
        "allocated": allocated,
        "weights": weights,
    }


def _with_cuts(adapter: object) -> WithCuts:
    if not isinstance(adapter, WithCuts):
        hint = "Give it what fanwise.adapters.cut_protocol.WithCuts asks for."
        raise FanwiseError("an adapter with ways to cut", Phrase(type(adapter).__name__), hint)
    return adapter


if __name__ == "__main__":
    main()
