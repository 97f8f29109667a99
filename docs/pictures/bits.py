"""The table that turns a word into a normal number, and how far it is from the true one."""

from __future__ import annotations

from typing import Final

import numpy as np
from matplotlib.figure import Figure
from scipy import special
from style import FANWISE, INK, WRONG, panels

from fanwise.core.quantile import normal_integer

#: Of the integers, in standard deviations; and what the specification allows as error.
UNIT: Final = 2.0**-28
ALLOWED: Final = 4e-8
WORDS: Final = 2**32
#: How many words are looked at, in as many cells as the picture has lines.
PROBES, CELLS = 2**18, 128
STEP: Final = WORDS // PROBES


def draw() -> Figure:
    """Draw the quantile over all words, and below it the largest error in each cell."""
    words = (np.arange(PROBES, dtype=np.uint64) * STEP + STEP // 2).astype(np.uint32)
    numbers = normal_integer(words) * UNIT
    true = special.ndtri((words.astype(np.float64) + 0.5) / WORDS)
    errors = np.abs(numbers - true).reshape(CELLS, -1).max(axis=1)
    figure, (top, bottom) = panels(2, height=3.9, sharex=True, height_ratios=(3, 2))
    shown = [0, *range(PROBES // 1024, PROBES, PROBES // 512), -1]
    top.plot(words[shown], numbers[shown], color=FANWISE)
    top.axhline(0, color=INK, linewidth=0.6)
    top.set(ylim=(-4.6, 4.6), yticks=[-4, -2, 0, 2, 4])
    top.set_title("normal number, in standard deviations")
    bottom.bar(
        np.arange(CELLS) * (WORDS / CELLS),
        errors / 1e-8,
        WORDS / CELLS * 0.8,
        align="edge",
        color=FANWISE,
    )
    bottom.axhline(ALLOWED / 1e-8, color=WRONG, linewidth=1, linestyle="--")
    bottom.text(WORDS, ALLOWED / 1e-8 - 0.15, "the most allowed", ha="right", va="top", color=WRONG)
    bottom.set(ylim=(0, 4.6), yticks=[0, 2, 4])
    bottom.set_title("largest error found, in units of 10⁻⁸")
    bottom.set_xticks([0, 2**31, 2**32], ["0", "2³¹", "2³²"])
    bottom.set_xlabel("word")
    return figure
