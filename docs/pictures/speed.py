"""Nanoseconds for an element, the frameworks' own initializers against Fanwise."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from matplotlib.figure import Figure
from style import FAINT, FANWISE, INK, panels

KEPT: Final = Path(__file__).resolve().parents[2] / "benchmarks" / "measured.json"
#: What is shown: group, name, size, dtype and engine of a case, and what is written beside it.
CASES: Final = {
    ("torch", "normal_", "4096 × 4096", "float32", "compiled"): "torch normal_",
    ("torch", "trunc_normal_", "4096 × 4096", "float32", "compiled"): "torch trunc_normal_",
    ("keras on tensorflow", "HeNormal", "4096 × 4096", "float32", "compiled"): (
        "Keras HeNormal, on TensorFlow"
    ),
    ("jax", "he_normal", "4096 × 4096", "float32", "compiled"): "JAX he_normal",
    ("numpy", "normal", "4096 × 4096", "float32", "compiled"): "NumPy normal",
    ("jax", "orthogonal", "2048 × 2048", "float32", "compiled"): "JAX orthogonal, 2048 × 2048",
}


def draw() -> Figure:
    """Draw two dots for each case, on a logarithmic axis."""
    measured = json.loads(KEPT.read_text("utf-8"))["cases"]
    cores = max(case["cores"] for case in measured)
    by_case = {
        (*(case[key] for key in ("group", "name", "size", "dtype", "engine")),): case
        for case in measured
        if case["cores"] == cores
    }
    figure, (axes,) = panels(height=3.7)
    for line, (key, label) in enumerate(CASES.items()):
        case = by_case[key]
        axes.text(0.22, line - 0.38, label, va="center")
        theirs, ours = case["theirs"][1], case["ours"][1]
        axes.plot([ours, theirs], [line, line], color=FAINT, linewidth=3, zorder=0)
        for time, colour, side, nudge in (
            (theirs, INK, "left", 1.2),
            (ours, FANWISE, "right", 1 / 1.2),
        ):
            axes.plot(time, line, "o", color=colour, markersize=8)
            axes.text(time * nudge, line, f"{time:.2g}", ha=side, va="center", color=colour)
    axes.set(xscale="log", xlim=(0.2, 160), ylim=(len(CASES) - 0.4, -0.65), yticks=[])
    axes.set_xticks([1, 10, 100], ["1 ns", "10 ns", "100 ns"])
    axes.set_xticks([], minor=True)
    axes.spines["left"].set_visible(False)
    axes.set_title("for an element: Fanwise, and the framework's own")
    return figure
