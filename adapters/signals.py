"""How signals grow or fade with depth: a table, a plot, and the same as data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fanwise.spec.errors import FanwiseError


@dataclass(frozen=True)
class LayerSignal:
    """What passed through one layer.

    Attributes:
        path: the layer's name in the model, "/"-joined.
        class_name: the name of its class.
        shape: of its output.
        activation: the standard deviation of its output.
        gradient: that of the gradient that reaches its output; NaN where none does.
    """

    path: str
    class_name: str
    shape: tuple[int, ...]
    activation: float
    gradient: float


@dataclass(frozen=True)
class LayerCheck:
    """The layers of a model in the order in which they ran; ``str`` gives the table."""

    layers: tuple[LayerSignal, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the table as plain data."""
        return {"layers": [asdict(layer) for layer in self.layers]}

    def plot(self, path: str | Path) -> None:
        """Draw both standard deviations against depth, on a logarithmic scale, into a file.

        Raises:
            FanwiseError: where Matplotlib is missing.
        """
        try:
            from matplotlib.figure import Figure
        except ImportError as error:
            hint = "Install it: pip install 'fanwise[plot]'."
            raise FanwiseError("Matplotlib", "no module of that name", hint) from error
        figure = Figure(figsize=(7.0, 3.5), layout="constrained")
        axes = figure.add_subplot()
        depth = np.arange(1, len(self.layers) + 1)
        for name in ("activation", "gradient"):
            values = np.array([getattr(layer, name) for layer in self.layers])
            # What is zero or missing has no logarithm.
            axes.plot(depth, np.where(values > 0, values, np.nan), marker="o", label=name)
        axes.set(xlabel="depth, in layers", ylabel="standard deviation", yscale="log")
        axes.grid(visible=True, alpha=0.3)
        axes.legend()
        figure.savefig(path)

    def __str__(self) -> str:
        head = ("depth", "layer", "class", "shape", "activation", "gradient")
        rows = [
            (
                str(depth),
                layer.path,
                layer.class_name,
                str(layer.shape),
                f"{layer.activation:.4g}",
                f"{layer.gradient:.4g}",
            )
            for depth, layer in enumerate(self.layers, 1)
        ]
        widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]
        lines = [_line(row, widths) for row in [head, *rows]]
        return "\n".join([lines[0], "  ".join("-" * width for width in widths), *lines[1:]])


def noise(shape: Sequence[int]) -> NDArray[np.float32]:
    """Draw what is sent back where no loss is given: a standard normal for each output."""
    drawn: NDArray[np.float32] = np.random.default_rng(0).standard_normal(shape, np.float32)
    return drawn


def std(values: object) -> float:
    """Return the standard deviation of an array; NaN of one without elements."""
    array = np.asarray(values, np.float64)
    return float(np.std(array)) if array.size else float("nan")


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    """Join the cells of a row: words to the left, numbers to the right."""
    left = [cell.ljust(width) for cell, width in zip(row[1:4], widths[1:4], strict=True)]
    right = [cell.rjust(width) for cell, width in zip(row[4:], widths[4:], strict=True)]
    return "  ".join([row[0].rjust(widths[0]), *left, *right]).rstrip()
