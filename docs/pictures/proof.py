"""The losses of a small Llama, cut in every way, and how far they are from each other."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from matplotlib.figure import Figure
from style import FANWISE, INK, JAX, NUMPY, TORCH, panels

KEPT: Final = Path(__file__).resolve().parents[2] / "proof" / "measured.json"
#: The colour and line of each way.
_LINES: Final = {
    "one process": (INK, "-"),
    "FSDP2 x 4": (TORCH, "-"),
    "TP 2 x DP 2": (FANWISE, "-"),
    "PP 2 x FSDP2 x 2": (NUMPY, "-"),
    "1 device": (JAX, "--"),
    "8 devices": (JAX, "-"),
}


def draw() -> Figure:
    """Draw the curves, and below them their distances from float64 in one process."""
    runs = json.loads(KEPT.read_text("utf-8"))["runs"]
    reference = next(r for r in runs if (r["way"], r["dtype"]) == ("one process", "float64"))
    figure, (above, below) = panels(2, height=5.6)
    for run in runs:
        if run["way"] not in _LINES:
            continue
        colour, line = _LINES[run["way"]]
        label = f"{'JAX, ' * (run['framework'] == 'jax')}{run['way'].replace(' x ', ' × ')}"
        if run["dtype"] == "float32":
            above.plot(run["losses"], line, color=colour, linewidth=1.2, label=label)
        if run is not reference:
            pairs = zip(run["losses"], reference["losses"], strict=True)
            off = [max(abs(a - b), 1e-17) for a, b in pairs]
            below.plot(off, line, color=colour, linewidth=1.2)
    above.legend(ncols=2)
    above.set_title("loss, float32: six curves")
    below.set(yscale="log", ylim=(1e-17, 1), xlabel="step")
    below.set_title("distance from one process in float64")
    below.text(49, 5e-2, "float32", ha="right", color=INK)
    below.text(49, 2e-9, "float64", ha="right", color=INK)
    return figure
