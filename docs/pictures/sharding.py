"""A weight drawn whole, and the same weight drawn by four devices, each its own part."""

from __future__ import annotations

from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from style import WIDTH, heat_map

import fanwise

SHAPE, DEVICES = (10, 32), 4
SCHEME, SEED, PATH = "he_normal", 0, "dense/kernel"
#: What is full in all panels.
LARGEST: Final = 1.0


def draw() -> Figure:
    """Draw the whole above, and the parts below, each from ``fanwise.sample(index=…)``."""
    figure = Figure(figsize=(WIDTH, 3.6))
    parts = [str(device) for device in range(DEVICES)]
    panels: dict[str, Axes] = figure.subplot_mosaic([["whole"] * DEVICES, parts])
    whole = fanwise.sample(SCHEME, SHAPE, seed=SEED, path=PATH)
    heat_map(panels["whole"], whole, largest=LARGEST)
    panels["whole"].set_title("the whole weight")
    columns = SHAPE[1] // DEVICES
    for device, name in enumerate(parts):
        part = (slice(None), slice(device * columns, (device + 1) * columns))
        alone = fanwise.sample(SCHEME, SHAPE, seed=SEED, path=PATH, index=part)
        heat_map(panels[name], alone, largest=LARGEST)
        panels[name].set_title(f"device {name}")
    return figure
