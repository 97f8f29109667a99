"""He's initialization of a (512, 256) weight: each framework's own values, and Fanwise's."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any

os.environ.setdefault("KERAS_BACKEND", "jax")

import jax
import keras
import numpy as np
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray
from style import FANWISE, INK, JAX, KERAS, TORCH, panels

import fanwise.jax
import fanwise.keras
import fanwise.torch

SHAPE = (512, 256)
#: How many weights the histograms count, so that they are smooth.
WEIGHTS = 12
#: How far the axis reaches, and how wide a bin is.
REACH, BIN = 0.3, 0.005
#: Where Keras and JAX cut: at two standard deviations of the normal before the cut.
CUT = 0.142
#: One above the other, so that what is below is seen.
LINES: Mapping[str, Mapping[str, Any]] = {
    "torch": {"linewidth": 2.8},
    "keras": {"linewidth": 2.8},
    "jax": {"linewidth": 1.2, "linestyle": "--"},
}

Values = NDArray[np.float32]


def draw() -> Figure:
    """Draw the frameworks' own densities over each other, and Fanwise's below."""
    figure, (own, ours) = panels(2, height=4.6, sharex=True, sharey=True)
    colours = {"torch": TORCH, "keras": KERAS, "jax": JAX}
    for name, values in their_own().items():
        _density(own, values, colours[name], name)
    own.set_title("the frameworks' own")
    own.annotate("cut", (CUT, 1.4), (CUT + 0.02, 2.6), arrowprops={"arrowstyle": "-", "color": INK})
    for name, values in fanwises().items():
        _density(ours, values, FANWISE, name)
    ours.set_title("Fanwise's: three curves, which are one")
    for panel in (own, ours):
        panel.set_yticks([])
        panel.spines["left"].set_visible(False)
        panel.legend(loc="upper right", handlelength=1.2, borderpad=0)
    ours.set_xlabel("value (bars below the axis: ± one standard deviation)")
    return figure


def their_own() -> Mapping[str, Values]:
    """Return many weights of each framework's own initializer, as it is without Fanwise."""
    torch.manual_seed(0)
    kaiming_normal_, he_normal = torch.nn.init.kaiming_normal_, jax.nn.initializers.he_normal()
    return {
        "torch": _many(lambda _: kaiming_normal_(torch.empty(SHAPE))),
        "keras": _many(lambda i: keras.initializers.HeNormal(seed=i)(SHAPE)),
        "jax": _many(lambda i: he_normal(jax.random.key(i), SHAPE)),
    }


def fanwises() -> Mapping[str, Values]:
    """Return many weights of Fanwise's initializer, from each framework."""
    torch_he, jax_he = fanwise.torch.he_normal_, fanwise.jax.he_normal
    return {
        # A bare tensor of torch is (out, in): axes says that this one is not.
        "torch": _many(lambda i: torch_he(torch.empty(SHAPE), seed=i, path="w", axes="kernel")),
        "keras": _many(lambda i: fanwise.keras.HeNormal(seed=i, path="w")(SHAPE)),
        "jax": _many(lambda i: jax_he(path="w")(jax.random.key(i), SHAPE)),
    }


def _many(weight: Callable[[int], object]) -> Values:
    return np.stack([np.asarray(weight(i)) for i in range(WEIGHTS)])


def _density(panel: Axes, values: Values, colour: str, name: str) -> None:
    edges = np.arange(-REACH, REACH + BIN, BIN)
    density, _ = np.histogram(values, edges, density=True)
    std = float(values.std())
    label = f"{name}: std {std:.4f}, largest {abs(values).max():.2f}"
    panel.stairs(density, edges, color=colour, alpha=0.12, fill=True)
    panel.stairs(density, edges, label=label, color=colour, **LINES[name])
    for end in (-std, std):
        panel.plot([end, end], [-0.4, 0], color=colour, clip_on=False, linewidth=2.4)
    panel.axhline(0, color=INK, linewidth=0.8)
    panel.set_ylim(-0.45, 8.2)
    panel.spines["bottom"].set_visible(False)
