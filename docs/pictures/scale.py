"""The cost of an element as weights and models grow, and the memory that they take meanwhile."""

from __future__ import annotations

import json
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from style import FAINT, FANWISE, INK, NUMPY, TORCH, panels

KEPT: Final = Path(__file__).resolve().parents[2] / "benchmarks" / "measured.json"
COLOURS: Final = {"uniform": NUMPY, "normal": FANWISE, "models": TORCH}
LABELS: Final = {"uniform": "uniform", "normal": "normal", "models": "models, bfloat16"}
#: Of few threads, and of as many as there are cores; between them nothing is drawn.
STYLES: Final = (":", "-")


def draw() -> Figure:
    """Draw the time above and the memory below, over the number of elements."""
    measured = json.loads(KEPT.read_text("utf-8"))["scale"]
    figure, (time, memory) = panels(2, height=5.2, sharex=True)
    cores = max(point["cores"] for point in measured["draws"])
    for law, used, points in _lines(measured):
        sizes = [point["elements"] for point in points]
        dots: dict[str, Any] = {"color": COLOURS[law], "marker": "o", "markersize": 3.5}
        time.plot(sizes, [_nanoseconds(p) for p in points], STYLES[used == cores], **dots)
        if used == cores:
            memory.plot(sizes, [p["peak"] for p in points], **dots)
            time.plot([], [], color=COLOURS[law], label=LABELS[law])
    for used in sorted({1, cores}):
        threads = "1 thread" if used == 1 else f"{used} threads"
        time.plot([], [], STYLES[used == cores], color=INK, label=threads)
    _bound(time, [point for point in measured["draws"] if point["cores"] == cores])
    sizes = sorted({point["elements"] for point in measured["draws"]})
    memory.plot(sizes, [4 * size / 2**20 for size in sizes], color=FAINT)
    memory.text(2e8, 3e3, "all at once, float32", color=INK, ha="right")
    time.set(xscale="log", yscale="log", ylim=(0.05, 9), title="nanoseconds for an element")
    time.set_yticks([0.1, 0.3, 1, 3], ["0.1", "0.3", "1", "3"])
    time.legend(ncols=2, loc="upper center")
    memory.set(yscale="log", ylim=(1, 1e5), title="memory beyond the start, MiB", xlabel="elements")
    for axes in (time, memory):
        axes.minorticks_off()
    return figure


def _lines(measured: dict[str, Any]) -> list[tuple[str, int, list[dict[str, Any]]]]:
    """Return what is measured as lines: what is drawn, on how many cores, and the points."""
    points = [(p["law"], p["cores"], p) for p in measured["draws"]]
    points += [("models", p["cores"], p) for p in measured["models"]]
    ends = {1, max(cores for _, cores, _ in points)}
    points = [point for point in points if point[1] in ends]
    by_line = groupby(sorted(points, key=lambda p: p[:2]), key=lambda p: p[:2])
    return [(*line, sorted((p for *_, p in of), key=_elements)) for line, of in by_line]


def _elements(point: dict[str, Any]) -> int:
    return int(point["elements"])


def _nanoseconds(point: dict[str, Any]) -> float:
    return float(point["ns"] if "ns" in point else point["seconds"] / point["elements"] * 1e9)


def _bound(axes: Axes, points: list[dict[str, Any]]) -> None:
    """Draw what filling memory takes, where the buffer is too large for the caches."""
    fill = points[-1]["fill"]
    axes.axhline(fill, color=INK, linewidth=0.8)
    axes.text(1e6, fill * 1.1, "filling memory", color=INK)
