"""Kernels as their layers store them, and the fans that their axes give."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch
from style import FANWISE, INK, JAX, NUMPY, TORCH, hide_axes, panels

import fanwise

#: Colours of the roles; a receptive field is neither in nor out.
COLOURS: Final = {"in": NUMPY, "out": TORCH, "*": JAX, "batch": FANWISE}


@dataclass(frozen=True)
class Stored:
    """A kernel.

    Attributes:
        name: the layer.
        shape, axes, groups: as ``fanwise.fans`` takes them.
        roles: the word of the pattern for each stored axis.
    """

    name: str
    shape: tuple[int, ...]
    axes: str
    roles: tuple[str, ...]
    groups: int = 1


KERNELS: Final = (
    Stored("dense, torch", (256, 512), "out in", ("out", "in")),
    Stored("dense, Keras and Flax", (512, 256), "in out", ("in", "out")),
    Stored("convolution, torch (OIHW)", (128, 64, 3, 3), "out in *", ("out", "in", "*", "*")),
    Stored("the same, Keras and Flax (HWIO)", (3, 3, 64, 128), "* in out", ("*", "*", "in", "out")),
    Stored(
        "transposed convolution, torch",
        (64, 128, 3, 3),
        "torch_transposed",
        ("in", "out", "*", "*"),
    ),
    Stored("depthwise, torch, 64 groups", (64, 1, 3, 3), "out in *", ("out", "in", "*", "*"), 64),
    Stored("attention, Keras and Flax", (512, 8, 64), "in out out", ("in", "out", "out")),
    Stored("packed query, key, value, torch", (1536, 512), "(3 out) in", ("(3 out)", "in")),
)


def draw() -> Figure:
    """Draw a line for each kernel: its axes by their roles, and what they come to."""
    figure, (axes,) = panels(height=6.2)
    hide_axes(axes)
    axes.set_xlim(0, 10)
    axes.set_ylim(len(KERNELS), -0.1)
    for line, kernel in enumerate(KERNELS):
        axes.text(0, line + 0.16, kernel.name, va="center", weight="bold")
        for place, (size, role) in enumerate(zip(kernel.shape, kernel.roles, strict=True)):
            _box(axes, 1.42 * place, line + 0.37, size, role)
        fans = fanwise.fans(kernel.shape, kernel.axes, kernel.groups)
        for place, text in enumerate((f"fan_in {fans.fan_in:g}", f"fan_out {fans.fan_out:g}")):
            axes.text(7.6, line + 0.46 + 0.28 * place, text, va="center")
    return figure


def _box(axes: Axes, left: float, top: float, size: int, role: str) -> None:
    colour = COLOURS[role.strip("()").split()[-1]]
    corner = (left + 0.06, top)
    box = FancyBboxPatch(
        corner, 1.22, 0.5, boxstyle="round,pad=0.05,rounding_size=0.08", mutation_aspect=0.5
    )
    box.set(facecolor=f"{colour}33", edgecolor=colour, linewidth=1)
    axes.add_patch(box)
    axes.text(
        left + 0.67, top + 0.245, f"{size}\n{_in_words(role)}", ha="center", va="center", color=INK
    )


def _in_words(role: str) -> str:
    return "field" if role == "*" else role
