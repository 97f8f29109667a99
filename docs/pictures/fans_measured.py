"""How far off the frameworks' own initializers are on the kernels of real layers."""

from __future__ import annotations

import math
import os
from typing import Final, NamedTuple, cast

import numpy as np
from matplotlib.figure import Figure
from style import INK, JAX, KERAS, TORCH, panels

from fanwise import scheme
from fanwise.adapters.discovery import load
from fanwise.adapters.protocol import LayerDraw, WithOwn, grouped

#: Each framework, by its adapter's name, and Keras on the backend that is loaded anyway.
FRAMEWORKS: Final = {"torch": TORCH, "keras": KERAS, "jax": JAX}
#: What torch calls them.
IN_TORCH: Final = {"he_normal": "kaiming_normal", "glorot_uniform": "xavier_uniform"}


class Kernel(NamedTuple):
    """The kernel of a layer: what is written beside it, and what the adapters are asked for."""

    label: str
    kind: str
    inputs: int
    outputs: int
    groups: int
    scheme: str


LAYERS: Final = (
    Kernel("dense", "dense", 512, 256, 1, "he_normal"),
    Kernel("convolution", "conv2d", 64, 128, 1, "he_normal"),
    Kernel("transposed convolution", "conv2d_transpose", 64, 256, 1, "he_normal"),
    Kernel("depthwise convolution", "depthwise_conv2d", 64, 64, 64, "he_normal"),
    Kernel("convolution of 4 groups, Glorot", "grouped_conv2d", 128, 256, 4, "glorot_uniform"),
)


def draw() -> Figure:
    """Draw each layer's standard deviation over the right one, a mark for each framework."""
    os.environ["KERAS_BACKEND"] = "jax"
    adapters = {name: cast("WithOwn", load(name)) for name in FRAMEWORKS}
    figure, (axes,) = panels(height=3.3)
    axes.axvline(1, color=INK, linewidth=0.8)
    for line, layer in enumerate(LAYERS):
        axes.text(0.1, line - 0.36, layer.label, va="center")
        for place, (name, adapter) in enumerate(adapters.items()):
            ratio = _ratio(adapter, layer)
            height = line + 0.16 * (place - 1) + 0.07
            axes.plot([1, ratio], [height, height], color=FRAMEWORKS[name], linewidth=1)
            axes.plot(ratio, height, "o", color=FRAMEWORKS[name], label=name, markersize=6)
    axes.set(xscale="log", xlim=(0.1, 1.5), ylim=(len(LAYERS) - 0.4, -0.6), yticks=[])
    axes.set_xticks([1 / 8, 1 / 4, 1 / 2, 1], ["1/8", "1/4", "1/2", "right"], minor=False)
    axes.set_xticks([], minor=True)
    axes.spines["left"].set_visible(False)
    axes.set_xlabel("std that came out, over the std of the scheme")
    handles, labels = axes.get_legend_handles_labels()
    few = len(FRAMEWORKS)
    figure.legend(handles[:few], labels[:few], loc="outside upper left", ncols=few)
    return figure


def _ratio(adapter: WithOwn, kernel: Kernel) -> float:
    drawn = LayerDraw(
        kind=kernel.kind,
        scheme=scheme(IN_TORCH[kernel.scheme] if adapter.name == "torch" else kernel.scheme),
        inputs=kernel.inputs,
        outputs=kernel.outputs,
        groups=kernel.groups,
        size=3,
        seed=0,
        path="kernel",
    )
    weight, axes = adapter.own(drawn)
    right = grouped(drawn).std(weight.shape, axes)
    # A tenth of an octave: which numbers were drawn does not show.
    return float(2 ** (round(10 * math.log2(float(np.std(weight)) / right)) / 10))
