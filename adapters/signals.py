"""How signals grow or fade with depth: a table, a plot, and the same as data."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import numpy as np

from fanwise.spec.errors import FanwiseError

_COLUMNS: Final = ("depth", "layer", "class", "shape", "activation", "gradient", "note")
#: Which of them are numbers.
_NUMBERS: Final = frozenset({0, 4, 5})


@dataclass(frozen=True)
class LayerSignal:
    """What passed through one layer, in one call of it.

    Attributes:
        path: the layer's name in the model, "/"-joined.
        class_name: the name of its class.
        shape: of its output.
        activation: the standard deviation of its output; NaN where there is none.
        gradient: that of the gradient that reaches its output; NaN where none does.
        output: which part of its output that is, the first with floats: ``"[0]"``,
            ``".logits"``; ``""`` where the output is one array.
        call: which of its calls this is, from 1; 0 for a layer that is never called.
        calls: how often it is called.
        stacked: of how many weights its own parameters are stacks, as of experts; 0 where they
            are none.
        idle: the numbers of those of them that no gradient reaches, as of experts that were
            given nothing.
    """

    path: str
    class_name: str
    shape: tuple[int, ...]
    activation: float
    gradient: float
    output: str = ""
    call: int = 1
    calls: int = 1
    stacked: int = 0
    idle: tuple[int, ...] = ()

    @property
    def note(self) -> str:
        """What else is to be said of it, in words."""
        if not self.calls:
            return "never called"
        facts = []
        if self.output:
            facts.append(f"output{self.output}")
        if self.calls > 1:
            facts.append(f"call {self.call} of {self.calls}")
        if self.idle:
            numbers = ", ".join(map(str, self.idle))
            facts.append(f"no gradient in {len(self.idle)} of {self.stacked}: {numbers}")
        return "; ".join(facts)


@dataclass(frozen=True)
class LayerCheck:
    """The layers of a model in the order in which they ran; ``str`` gives the table.

    Attributes:
        layers: a row for every call of a layer.
        uncalled: the layers with weights that were never called, as an expert that no token was
            sent to; of a part of the model in which none was, the part alone.
    """

    layers: tuple[LayerSignal, ...]
    uncalled: tuple[LayerSignal, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the table as plain data."""
        return {
            "layers": [asdict(layer) for layer in self.layers],
            "uncalled": [asdict(layer) for layer in self.uncalled],
        }

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
        head: tuple[str, ...] = _COLUMNS
        rows = [_cells(str(depth), layer) for depth, layer in enumerate(self.layers, 1)]
        rows += [_cells("", layer) for layer in self.uncalled]
        if not any(row[-1] for row in rows):
            head, rows = head[:-1], [row[:-1] for row in rows]
        widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]
        lines = [_line(row, widths) for row in [head, *rows]]
        return "\n".join([lines[0], "  ".join("-" * width for width in widths), *lines[1:]])


def layer_check_of(
    signals: Iterable[LayerSignal], uncalled: Mapping[str, str] = MappingProxyType({})
) -> LayerCheck:
    """Put the calls of layers, in their order, into a table that counts them.

    Args:
        signals: a row for each call.
        uncalled: the paths of the layers that were never called, with the names of their classes.
    """
    rows = tuple(signals)
    totals = Counter(row.path for row in rows)
    calls: Counter[str] = Counter()
    numbered = []
    for row in rows:
        calls[row.path] += 1
        numbered.append(replace(row, call=calls[row.path], calls=totals[row.path]))
    silent = (
        LayerSignal(path, class_name, (), math.nan, math.nan, call=0, calls=0)
        for path, class_name in uncalled.items()
    )
    return LayerCheck(tuple(numbered), tuple(silent))


def _cells(depth: str, layer: LayerSignal) -> tuple[str, ...]:
    """Write the cells of a row, the note last."""
    measured = (str(layer.shape), f"{layer.activation:.4g}", f"{layer.gradient:.4g}")
    return (
        depth,
        layer.path,
        layer.class_name,
        *(measured if layer.calls else ("", "", "")),
        layer.note,
    )


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    """Join the cells of a row: words to the left, numbers to the right."""
    cells = [
        cell.rjust(width) if column in _NUMBERS else cell.ljust(width)
        for column, (cell, width) in enumerate(zip(row, widths, strict=True))
    ]
    return "  ".join(cells).rstrip()
