"""A normal, cut at two standard deviations in four ways."""

from __future__ import annotations

import math

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from scipy import stats
from style import INK, JAX, KERAS, TORCH, WRONG, panels

from fanwise import scheme
from fanwise.spec.laws import NormalLaw, TruncatedNormalLaw

#: What is asked for, and how far the axis reaches, in standard deviations.
STD, REACH = 0.02, 3.4
#: Where torch cuts without being told, whatever the standard deviation.
TORCH_CUT = 2.0


def draw() -> Figure:
    """Draw the four densities above each other, over the normal that is not cut."""
    torch_cut = {"low": -TORCH_CUT / STD, "high": TORCH_CUT / STD, "corrected": False}
    ways = [
        ("not cut: torch's kaiming_normal_, xavier_normal_", scheme("normal", std=STD), INK),
        (
            "cut, not corrected: Keras's TruncatedNormal, JAX's truncated_normal",
            scheme("truncated_normal", std=STD, corrected=False),
            KERAS,
        ),
        (
            "cut, corrected: he_normal, glorot_normal of Keras and JAX",
            scheme("truncated_normal", std=STD),
            JAX,
        ),
        (
            f"torch's trunc_normal_(std={STD:g}): cut at ±2, not at ±2σ",
            scheme("truncated_normal", std=STD, **torch_cut),
            TORCH,
        ),
    ]
    figure, axes = panels(len(ways), height=5.9, sharex=True, sharey=True)
    for panel, (title, way, colour) in zip(axes, ways, strict=True):
        law = way.law((512, 256))
        assert isinstance(law, NormalLaw | TruncatedNormalLaw)
        _panel(panel, law, colour)
        panel.set_title(title)
    axes[-1].set_xlabel(f"weight, where std={STD:g} was asked for")
    return figure


def _panel(axes: Axes, law: NormalLaw | TruncatedNormalLaw, colour: str) -> None:
    end = law.high * law.sigma / STD if isinstance(law, TruncatedNormalLaw) else math.inf
    inside = np.linspace(-min(end, REACH), min(end, REACH), 121)
    density = stats.norm.pdf(inside, 0, law.sigma / STD)
    if isinstance(law, TruncatedNormalLaw):
        density /= 1 - 2 * stats.norm.sf(law.high)
    outline = ([inside[0], *inside, inside[-1]], [0, *density, 0])
    axes.fill_between(*outline, color=colour, alpha=0.25, linewidth=0)
    axes.plot(*outline, color=colour)
    points = np.linspace(-REACH, REACH, 121)
    axes.plot(points, stats.norm.pdf(points), color=INK, linewidth=0.9, linestyle="--")
    notes = (
        (f"std {law.std:.4f}", abs(law.std / STD - 1) > 0.01),
        (f"cut at ±{end:.3g}σ" if end < math.inf else "no cut", REACH < end < math.inf),
    )
    for height, (note, wrong) in zip((0.95, 0.68), notes, strict=True):
        axes.text(
            *(1.0, height, note),
            transform=axes.transAxes,
            ha="right",
            va="top",
            color=WRONG if wrong else INK,
        )
    axes.set_ylim(0, 0.55)
    axes.set_yticks([])
    axes.set_xticks(range(-3, 4), [f"{k * STD:g}" for k in range(-3, 4)])
    axes.spines["left"].set_visible(False)
