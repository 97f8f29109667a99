"""Time how fast starts are written, beside drawing into memory and beside the disk; and the memory.

    python benchmarks/writing.py [--gigabytes 2] [--elements 8,9,10] [--output results/writing.json]

Each measurement is made in a process of its own. Drawing into memory is drawing the same tensors
into arrays that are there; the disk's speed is that of bytes from memory, brought to the disk. A
write is timed until its files are renamed, with all of their bytes on the disk. Then starts of 10⁸
elements and more are drawn and hashed alone, and the time of 10¹¹ is told by a straight line. Last
comes one large orthogonal weight, whose elements are made together.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

import numpy as np

import fanwise
from fanwise.adapters.files.writing.formats import format_for
from fanwise.adapters.named_weights import named_weights
from fanwise.adapters.shape_sources.shape_lists import read_shape_list
from fanwise.adapters.starts.plans import planned_start
from fanwise.adapters.starts.start import ModelStart
from fanwise.adapters.starts.writing import write_start
from fanwise.spec.recipe import recipe

import machine

FORMATS: Final = ("safetensors", "npz", "dcp", "orbax")
#: Of a layer's kernel: 64 MiB of float32.
SHAPE: Final = (4096, 4096)
#: Of an orthogonal weight: 384 MiB of float32.
LARGE: Final = (12288, 8192)
_BLOCK: Final = 64 << 20
#: What a disk is timed on before and after each write: it is not as fast at all times.
_TRIES: Final = 3


def main() -> None:
    """Measure all, or what one process measures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--gigabytes", type=float, default=2.0, help="of each start that is written"
    )
    parser.add_argument("--elements", default="8,9,10", help="powers of ten that are hashed alone")
    parser.add_argument("--folder", type=Path, help="of the disk; a temporary one if left out")
    parser.add_argument("--output", type=Path, help="a file of JSON")
    parser.add_argument("--part", help="what this process measures; all if left out")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder, prefix="writing") as folder:
        if options.part:
            print(json.dumps(measured(options.part, Path(folder), options.gigabytes)))
            return
        outcome = measured_all(options, folder)
    print(text_of(outcome))
    if options.output is not None:
        options.output.parent.mkdir(parents=True, exist_ok=True)
        options.output.write_text(json.dumps(outcome, indent=1) + "\n")


def measured_all(options: argparse.Namespace, folder: str) -> dict[str, Any]:
    """Measure each part in a process of its own."""

    def part(name: str) -> dict[str, Any]:
        command = [sys.executable, __file__, "--part", name, "--folder", folder]
        command += ["--gigabytes", str(options.gigabytes)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        measured: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return measured

    outcome: dict[str, Any] = {"machine": machine.described(), "gigabytes": options.gigabytes}
    others = machine.Others()
    outcome["draw"] = part("draw")
    outcome["writes"] = {}
    for form in FORMATS:
        rows = [{"disk": part("disk")["speed"], **part(form)} for _ in range(_TRIES)]
        outcome["writes"][form] = sorted(rows, key=lambda row: row["speed"] / row["disk"])[1]
    powers = [int(power) for power in options.elements.split(",")]
    outcome["hashed"] = {f"1e{power}": part(f"hash{power}") for power in powers}
    outcome["orthogonal"] = part("orthogonal")
    outcome["others"] = others.cores()
    return outcome


def measured(part: str, folder: Path, gigabytes: float) -> dict[str, Any]:
    """Measure one thing in this process."""
    layers = max(1, round(gigabytes * 1e9 / (4 * SHAPE[0] * SHAPE[1])))
    if part == "draw":
        return _draw(layers)
    if part == "disk":
        return _disk(folder, layers)
    if part == "orthogonal":
        return _orthogonal(folder)
    if part.startswith("hash"):
        elements = 10 ** int(part.removeprefix("hash"))
        start = start_of(max(1, elements // (SHAPE[0] * SHAPE[1])))
        return _timed(start, lambda: write_start(start, None, digest_only=True))
    start = start_of(layers)
    format_for(part, None)  # imported once, whatever is written
    target = folder / ("start.npz" if part == "npz" else "start")
    row = _timed(start, lambda: write_start(start, target, format=part))
    shutil.rmtree(target) if target.is_dir() else target.unlink()
    return row


def start_of(layers: int, shape: tuple[int, int] = SHAPE, scheme: str = "he_normal") -> ModelStart:
    """Plan a start of so many layers."""
    shapes = {f"layers.{number}.weight": list(shape) for number in range(layers)}
    rules = {"fanwise": 1, "rule": [{"role": "kernel", "init": scheme}]}
    tensors = read_shape_list(shapes)
    weights = named_weights(tensors, "torch")
    return planned_start(recipe(rules), weights, tensors, seed=0, framework="torch")


def _timed(start: ModelStart, write: Any) -> dict[str, Any]:
    before = _high_water()
    begun = time.perf_counter()
    write()
    seconds = time.perf_counter() - begun
    return {
        "bytes": start.nbytes,
        "seconds": seconds,
        "speed": start.nbytes / seconds,
        "memory": _high_water() - before,
    }


def _draw(layers: int) -> dict[str, Any]:
    """Draw into memory that is there."""
    out = np.empty(SHAPE, np.float32)
    how: dict[str, Any] = {"seed": 0, "axes": "torch", "out": out}
    fanwise.sample("he_normal", SHAPE, path="layers/0/kernel", **how)
    begun = time.perf_counter()
    for number in range(layers):
        fanwise.sample("he_normal", SHAPE, path=f"layers/{number}/kernel", **how)
    return {"speed": layers * out.nbytes / (time.perf_counter() - begun)}


def _orthogonal(folder: Path) -> dict[str, Any]:
    """Write one large weight, and then draw it into memory."""
    start = start_of(1, LARGE, "orthogonal")
    row = _timed(start, lambda: write_start(start, folder / "start.safetensors"))
    begun = time.perf_counter()
    fanwise.sample("orthogonal", LARGE, seed=0, path="layers/0/kernel", axes="torch")
    return {**row, "drawn": time.perf_counter() - begun}


def _disk(folder: Path, layers: int) -> dict[str, Any]:
    """Write bytes that are in memory, and bring them to the disk."""
    out = np.random.default_rng(0).integers(0, 256, SHAPE[0] * SHAPE[1] * 4, np.uint8)
    path = folder / "disk"
    begun = time.perf_counter()
    with path.open("wb", buffering=0) as file:
        for _ in range(layers):
            for first in range(0, out.size, _BLOCK):
                file.write(memoryview(out[first : first + _BLOCK]))
        os.fsync(file.fileno())
    seconds = time.perf_counter() - begun
    path.unlink()
    return {"speed": layers * out.size / seconds}


def _high_water() -> int:
    """Return the most memory that this process has had."""
    for line in Path("/proc/self/status").read_text("ascii").splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) << 10
    return 0


def text_of(outcome: dict[str, Any]) -> str:
    """Write what was measured."""
    draw = outcome["draw"]["speed"]
    lines = [f"drawn into memory: {draw / 1e9:.2f} GB/s"]
    for form, row in outcome["writes"].items():
        slower = min(draw, row["disk"])
        lines.append(
            f"{form}: {row['speed'] / 1e9:.3f} GB/s, {row['speed'] / slower:.0%} of the slower of "
            f"drawing and the disk ({row['disk'] / 1e9:.3f} GB/s); {row['memory'] >> 20} MiB more"
        )
    row = outcome["orthogonal"]
    lines.append(
        f"orthogonal, {' × '.join(map(str, LARGE))}: written in {row['seconds']:.1f} s, drawn into "
        f"memory in {row['drawn']:.1f}; {row['memory'] >> 20} MiB more"
    )
    rows = [(row["bytes"] / 4, row["seconds"]) for row in outcome["hashed"].values()]
    for elements, seconds in rows:
        lines.append(f"{elements:.3g} elements drawn and hashed: {seconds:.2f} s")
    memory = max(row["memory"] for row in outcome["hashed"].values())
    lines.append(f"with at most {memory >> 20} MiB more")
    if len(rows) > 1:
        (first, early), (last, late) = rows[-2:]
        slope = (late - early) / (last - first)
        told = late + slope * (1e11 - last)
        lines.append(
            f"per element {early / first * 1e9:.3f} ns, then {late / last * 1e9:.3f} ns: a line "
            f"through them says {told:.0f} s for 1e11"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
