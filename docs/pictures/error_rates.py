"""The smallest error of a scale that so many elements show."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from matplotlib.figure import Figure
from style import FANWISE, INK, RIGHT, panels

from fanwise import scheme
from fanwise.conformance.audits.visibility import DEVIATION_MATTERS
from fanwise.conformance.statistics.distributions import Distribution, distribution_of
from fanwise.conformance.statistics.sample_sizes import MISS, SCALE_FAULT, sample_size
from fanwise.conformance.statistics.tails import ALPHA, variance_bounds

#: The rate that textbooks use, beside that of the suite.
USUAL: Final = 0.05


def draw() -> Figure:
    """Draw the error against the number of elements, at two false-alarm rates."""
    law = distribution_of(scheme("normal", std=0.02).law((512, 256)))
    assert law is not None
    counts = np.unique(np.logspace(1, 7.2, 90).astype(int))
    figure, (axes,) = panels(height=3.9)
    rates = (
        (USUAL, INK, f"one alarm in {1 / USUAL:.0f}"),
        (ALPHA, FANWISE, "one alarm in 2·10¹²: Fanwise"),
    )
    for alpha, colour, label in rates:
        shown = [100 * _smallest_error(int(n), law, alpha) for n in counts]
        axes.plot(counts, shown, color=colour, label=label)
    axes.axhline(100 * SCALE_FAULT, color=RIGHT, linewidth=0.8, linestyle="--")
    axes.text(12, 110 * SCALE_FAULT, "conformance has to see 1 %", va="bottom", color=RIGHT)
    axes.axhline(100 * DEVIATION_MATTERS, color=RIGHT, linewidth=0.8, linestyle="--")
    matters = f"audits: undecided above {100 * DEVIATION_MATTERS:.0f} %"
    axes.text(1.4e7, 112 * DEVIATION_MATTERS, matters, ha="right", va="bottom", color=RIGHT)
    needed = sample_size(law)
    axes.plot(needed, 100 * SCALE_FAULT, "o", color=FANWISE)
    axes.annotate(
        f"{needed:,}",
        (needed, 100 * SCALE_FAULT),
        (0, 8),
        textcoords="offset points",
        color=FANWISE,
    )
    axes.set(xscale="log", yscale="log", xlim=(10, 1.6e7), ylim=(0.15, 400))
    axes.set_yticks([1, 10, 100], ["1 %", "10 %", "100 %"])
    axes.set_xlabel("elements")
    axes.set_title("smallest error of the std that is seen")
    axes.legend(loc="lower left")
    return figure


def _smallest_error(n: int, law: Distribution, alpha: float) -> float:
    """By which share the scale must be too large to be missed less than once in a million."""
    _, bound = variance_bounds(n, law, alpha)
    least, _ = variance_bounds(n, law, 2 * MISS)
    return math.sqrt(bound / least) - 1
