"""What large weights and models cost, block by block and part by part, in time and in memory.

    python benchmarks/scale.py --output results/scale.json

Draws 10⁶ to 10¹⁰ elements into one buffer, a block at a time; and starts models on torch's meta
device, some parts at a time, which have a buffer for memory meanwhile. Each in a process, with 1,
2, 4, … cores; the peak is of its memory, the buffer included, beyond what it took before. Linux.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import machine
import results
from timing import cores, only

LAWS: Final = ("uniform", "normal")
EXPONENTS: Final = range(6, 11)
#: Elements that are drawn at a time: 64 MiB.
BLOCK: Final = 1 << 24
#: Weights of a model that have memory at a time: 512 MiB.
PART: Final = 1 << 28
#: What the repetitions of one measurement draw at least, so that short ones are not by chance.
ENOUGH: Final = 10**9
RECIPE: Final = {
    "fanwise": 1,
    "rule": [
        {"role": "scale", "init": "ones", "name": "scale"},
        {"match": "**", "init": {"scheme": "normal", "std": 0.02}},
    ],
    "allow": {"unused": ["scale"]},
}


def main() -> None:
    """Measure every point, or one where that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path)
    parser.add_argument("--repeats", type=int, default=5, help="of one measurement, at most")
    parser.add_argument("--largest", type=int, default=10**10, help="elements at most")
    parser.add_argument("--point", type=json.loads, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.point is not None:
        sys.stdout.write(json.dumps(_measure(**asked.point)) + "\n")
        return
    if asked.output is None:
        parser.error("--output is missing: where the results go")
    others = machine.Others()
    found: dict[str, list[dict[str, Any]]] = {"draws": [], "models": []}
    for kind, point in points(min(asked.repeats, 5), asked.largest):
        found[kind].append({**point, **_in_process(point)})
        sys.stdout.write(f"{found[kind][-1]}\n")
        sys.stdout.flush()
    described = {**machine.described(), "others": others.cores()}
    results.write(asked.output, {"machine": described, "cases": [], "scale": found})


def points(repeats: int, largest: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give all that is measured, and of what kind it is."""
    from models import SIZES

    for used in threads():
        for law in LAWS:
            for elements in (10**exponent for exponent in EXPONENTS):
                if elements <= largest:
                    times = max(1, min(repeats, ENOUGH // elements))
                    yield "draws", {"law": law, "elements": elements, "cores": used, "times": times}
        for name, size in SIZES.items():
            if size.elements <= largest:
                yield "models", {"model": name, "elements": size.elements, "cores": used}


def threads() -> list[int]:
    """Return 1, 2, 4, … and all the cores that there are."""
    return sorted({*(1 << n for n in range(cores().bit_length())), cores()})


def _in_process(point: dict[str, Any]) -> dict[str, Any]:
    command = [sys.executable, __file__, "--point", json.dumps(point)]
    variables = {**os.environ, "FANWISE_FAST": "1"}
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=variables)
    return dict(json.loads(done.stdout))


def _measure(**point: Any) -> dict[str, Any]:
    with only(point["cores"]):
        if "model" in point:
            return _start(point["model"])
        return _draw(point["law"], point["elements"], point["times"], point["cores"])


def _draw(law: str, elements: int, times: int, used: int) -> dict[str, Any]:
    """Draw a vector block by block into one buffer."""
    import numpy as np

    import fanwise

    from fills import fill

    before = _peak()
    buffer = np.empty(min(elements, BLOCK), np.float32)
    plain = fill(buffer, used)

    def draw() -> None:
        for first in range(0, elements, BLOCK):
            part = slice(first, min(first + BLOCK, elements))
            size = part.stop - part.start
            fanwise.sample(law, (elements,), seed=0, path="w", index=part, out=buffer[:size])

    fanwise.sample(law, (buffer.size,), seed=0, path="w", out=buffer)
    drawn = statistics.median(_seconds(draw) for _ in range(times))
    filled = statistics.median(_seconds(plain) for _ in range(5))
    return {
        "ns": drawn / elements * 1e9,
        "fill": filled / buffer.size * 1e9,
        "peak": (_peak() - before) / 2**20,
    }


def _start(name: str) -> dict[str, Any]:
    """Start a model that has no memory, part by part; its weights are bfloat16."""
    import torch

    import fanwise.torch

    from models import SIZES, built

    model = built(SIZES[name])
    # What is loaded once is no part of the model.
    warm = torch.nn.Linear(2048, 2048, bias=False, dtype=torch.bfloat16)
    fanwise.torch.initialize(warm, RECIPE, seed=0, report=False)
    before = _peak()
    buffer = torch.zeros(PART, dtype=torch.bfloat16)
    start = time.perf_counter()
    for names in _groups(model):
        free = buffer
        for name in names:
            part = model.get_submodule(name)
            held, free = _views(part.state_dict(), free)
            part.load_state_dict(held, assign=True)
        only = [f"{name}/**" for name in names]
        fanwise.torch.initialize(model, RECIPE, seed=0, only=only, report=False)
        for name in names:
            model.get_submodule(name).to("meta")
    return {"seconds": time.perf_counter() - start, "peak": (_peak() - before) / 2**20}


def _groups(model: Any) -> Iterator[list[str]]:
    """Give the names of as many parts at a time as the buffer holds; each holds one at least."""
    names: list[str] = []
    free = PART
    for name, part in model.named_children():
        size = sum(weight.numel() for weight in part.parameters())
        if names and size > free:
            yield names
            names, free = [], PART
        names.append(name)
        free -= size
    yield names


def _views(weights: dict[str, Any], free: Any) -> tuple[dict[str, Any], Any]:
    """Give each weight its memory, one after the other in a buffer, and what is left of it."""
    sizes = [weight.numel() for weight in weights.values()]
    *parts, rest = free.split([*sizes, free.numel() - sum(sizes)])
    held = zip(weights.items(), parts, strict=True)
    return {name: part.view(weight.shape) for (name, weight), part in held}, rest


def _seconds(call: Callable[[], Any]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def _peak() -> int:
    """Return the most bytes that this process has had in memory.

    Not its ru_maxrss, which begins with that of the process that started it.
    """
    status = Path("/proc/self/status").read_text("utf-8")
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) * 1024 if found else 0


if __name__ == "__main__":
    main()
