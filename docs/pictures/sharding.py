"""A weight drawn whole, and the same weight drawn by four devices, each its own part."""

from __future__ import annotations

from typing import Final

from matplotlib.figure import Figure
from style import INK, WIDTH, heat_map

import fanwise

SHAPE, DEVICES = (10, 32), 4
SCHEME, SEED, PATH = "he_normal", 0, "dense/kernel"
#: What is full in all panels.
LARGEST: Final = 1.0


def draw() -> Figure:
    """Draw the whole above, and the parts below, each from ``fanwise.sample(index=…)``."""
    figure = Figure(figsize=(WIDTH, 3.6))
    top, bottom = figure.subfigures(2, 1)
    axes = top.subplots()
    heat_map(axes, fanwise.sample(SCHEME, SHAPE, seed=SEED, path=PATH), largest=LARGEST)
    axes.set_title("the whole weight")
    columns = SHAPE[1] // DEVICES
    for device, axes in enumerate(bottom.subplots(1, DEVICES)):
        part = (slice(None), slice(device * columns, (device + 1) * columns))
        alone = fanwise.sample(SCHEME, SHAPE, seed=SEED, path=PATH, index=part)
        heat_map(axes, alone, largest=LARGEST)
        axes.set_title(f"device {device}", color=INK)
    return figure
