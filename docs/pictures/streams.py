"""From a seed and a path to the elements of a weight."""

from __future__ import annotations

from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch
from style import CYCLE, FANWISE, INK, hide_axes, panels

import fanwise
from fanwise.core.keys import stream_key
from fanwise.core.philox import block_words

SEED, PATH, SHAPE, SCHEME = 0, "dense/kernel", (4, 4), "he_normal"
#: The block of the stream that is drawn alone.
ALONE: Final = 2
COLOURS: Final = CYCLE[:4]


def draw() -> Figure:
    """Draw the steps from top to bottom, with the words and the weights that come out."""
    key = stream_key(SEED, PATH)
    words = block_words(key, np.arange(4, dtype=np.uint64))
    weight = fanwise.sample(SCHEME, SHAPE, seed=SEED, path=PATH)
    figure, (axes,) = panels(height=6.0)
    hide_axes(axes)
    axes.set_xlim(0, 8)
    axes.set_ylim(11.6, 0)
    _box(axes, 0.1, 0.1, 2.2, 0.9, f"seed {SEED}", INK)
    _box(axes, 3.1, 0.1, 4.8, 0.9, f'path "{PATH}"', INK)
    _arrow(axes, 1.2, 1.1, 1.75)
    _arrow(axes, 5.5, 1.1, 1.75)
    axes.text(5.75, 1.42, "SHA-256", va="center")
    _box(axes, 0.1, 1.9, 7.8, 0.9, f"key {key[0]:08x} {key[1]:08x}", FANWISE)
    for block, colour in enumerate(COLOURS):
        left = 0.1 + 2 * block
        _arrow(axes, left + 0.9, 2.9, 3.45)
        text = "\n".join(f"{word:08x}" for word in words[block])
        axes.text(left + 0.9, 3.75, f"block {block}", ha="center", va="center")
        _box(axes, left, 4.05, 1.8, 2.1, text, colour, strong=block == ALONE)
    axes.text(4.0, 6.62, "each word becomes one weight", ha="center", va="center")
    for block, (colour, row) in enumerate(zip(COLOURS, weight, strict=True)):
        for column, value in enumerate(row):
            left, top = 0.1 + 1.38 * column, 7.15 + 1.06 * block
            _box(axes, left, top, 1.24, 0.82, f"{value:+.2f}", colour, strong=block == ALONE)
    axes.text(5.8, 9.68, "row 2 alone:\nblock 2, nothing\nelse", va="center", linespacing=1.4)
    axes.text(5.8, 7.56, f"the weight,\n{SHAPE}", va="center", linespacing=1.4)
    return figure


def _box(
    axes: Axes,
    left: float,
    top: float,
    width: float,
    height: float,
    text: str,
    colour: str,
    *,
    strong: bool = False,
) -> None:
    box = FancyBboxPatch((left, top), width, height, boxstyle="round,pad=0,rounding_size=0.12")
    box.set(facecolor=f"{colour}{'33' if strong else '22'}", edgecolor=colour)
    box.set_linewidth(2 if strong else 1)
    axes.add_patch(box)
    axes.text(left + width / 2, top + height / 2, text, ha="center", va="center", linespacing=1.35)


def _arrow(axes: Axes, x: float, start: float, end: float) -> None:
    axes.annotate(
        "", (x, end), (x, start), arrowprops={"arrowstyle": "->", "color": INK, "linewidth": 1}
    )
