"""LSUV: kernels scaled one after the other, until what each layer gives has a variance of 1."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final, Protocol

from fanwise.adapters.signals import LayerSignal
from fanwise.adapters.summary import Summary, SummaryRow
from fanwise.adapters.tables import table_lines, terminal_width
from fanwise.spec.errors import FanwiseError, Phrase
from fanwise.spec.gains import is_finite
from fanwise.spec.plan import Patterns
from fanwise.spec.recipe import Recipe
from fanwise.spec.registry import KEEP, SchemeLike, as_scheme
from fanwise.spec.rules import Rule
from fanwise.spec.scheme import Scheme
from fanwise.spec.weight_groups import listed_alike

#: The layers that have one kernel, whose output it is linear in.
KINDS: Final = ("dense", "conv", "depthwise_conv", "conv_transpose")
_COLUMNS: Final = ("layer", "class", "before", "after", "factor", "passes", "note")


@dataclass(frozen=True)
class ScaledLayer:
    """What LSUV did to one layer.

    Attributes:
        path: the layer's name in the model, "/"-joined.
        class_name: the name of its class; empty for one that was never called.
        before: the variance of its output when its turn came; of several calls the mean.
        after: that variance at the end of its turn.
        factor: what its kernel was multiplied by.
        passes: how often it was.
        note: what else is to be said of it, in words.
    """

    path: str
    class_name: str
    before: float
    after: float
    factor: float
    passes: int
    note: str = ""


@dataclass(frozen=True)
class LsuvReport:
    """The layers whose kernels were scaled, in the order of their first calls; ``str`` is a table.

    Attributes:
        layers: a row for each; those that were never called come last, and were not scaled.
        left_alone: the names of all weights that stay as they are.
        converged: whether the variance of every layer that was called is as near to 1 as was
            asked for.
    """

    layers: tuple[ScaledLayer, ...]
    left_alone: tuple[str, ...] = ()
    converged: bool = True

    def to_dict(self) -> dict[str, Any]:
        """Return the table as plain data."""
        return {
            "layers": [asdict(layer) for layer in self.layers],
            "left_alone": list(self.left_alone),
            "converged": self.converged,
        }

    def __str__(self) -> str:
        lines = table_lines(_COLUMNS, [_cells(row) for row in self.layers], terminal_width())
        if self.left_alone:
            lines.append(f"left as they are: {listed_alike(self.left_alone)}")
        return "\n".join(lines)


class LsuvModel(Protocol):
    """A model of a framework that can be started, run and scaled."""

    def start(self, recipe: Recipe, *, seed: int, dry_run: bool) -> Summary:
        """Start it by a recipe."""

    def measure(self) -> Sequence[LayerSignal]:
        """Run it forward, and measure what its layers give before their activations."""

    def scale(self, path: str, factor: float) -> None:
        """Multiply a weight, under its canonical path, by a number."""


@dataclass(frozen=True)
class LsuvOptions:
    """How LSUV is to go, checked when it is made.

    Attributes:
        start: the scheme of the kernels; None leaves kernels and biases as they are.
        seed: of the start.
        tolerance: how far from 1 a variance may be.
        most: how often one kernel is scaled at most.
        only, exclude: patterns of canonical paths, as ``initialize`` takes them.
    """

    start: SchemeLike | None
    seed: int | None
    tolerance: float
    most: int
    only: Patterns = None
    exclude: Patterns = None

    def __post_init__(self) -> None:
        if self.start is not None and self.seed is None:
            hint = "Pass seed=0, or start=None to scale the weights that are there."
            raise FanwiseError("a seed for the orthonormal start", None, hint)
        if self.start is None and self.seed is not None:
            hint = "Leave seed out: with start=None nothing is drawn."
            raise FanwiseError("no seed without a start", self.seed, hint)
        number = isinstance(self.tolerance, int | float) and not isinstance(self.tolerance, bool)
        if not (number and is_finite(self.tolerance) and self.tolerance > 0):
            hint = "Pass e.g. tolerance=0.1."
            raise FanwiseError("a positive tolerance of the variance", self.tolerance, hint)
        if not isinstance(self.most, int) or isinstance(self.most, bool) or self.most < 1:
            raise FanwiseError("a number of passes, at least 1", self.most, "Pass e.g. most=10.")

    @property
    def recipe(self) -> Recipe:
        """What the model starts with; where it does not, which of its weights would be set."""
        start = _as_init(as_scheme("zeros" if self.start is None else self.start))
        rules = [
            Rule(init, role=role, layer=kind, name=f"{role} of {kind}")
            for role, init in (("kernel", start), ("bias", {"scheme": "zeros"}))
            for kind in KINDS
        ]
        rest = Rule({"scheme": KEEP}, match="**", name="the rest", frozen=None)
        return Recipe((*rules, rest), unused=tuple(rule.name for rule in (*rules, rest)))


def _as_init(scheme: Scheme) -> dict[str, Any]:
    """Write a scheme as the rules of a recipe do."""
    data = scheme.to_dict()
    return {"scheme": data["name"], **data["params"]}


def scale_layers(model: LsuvModel, options: LsuvOptions) -> LsuvReport:
    """Start a model, and scale its kernels one after the other.

    The caller puts the model back where this raises.

    Raises:
        FanwiseError: for a layer whose output does not vary, or is not finite.
    """
    # Before anything is written: whether it runs at all.
    signals = model.measure()
    is_drawn = options.start is not None
    summary = model.start(options.recipe, seed=options.seed or 0, dry_run=not is_drawn)
    kernels = {
        row.path.rpartition("/")[0]: row
        for row in summary.rows
        if row.role == "kernel" and str(row.kind).partition("/")[0] in KINDS
    }
    if not kernels:
        kinds = ", ".join(KINDS)
        received = Phrase("a model in which none is to be set")
        hint = "See only=, exclude= and what trains; or fanwise's initialize with a recipe."
        raise FanwiseError(f"kernels of {kinds}", received, hint)
    if is_drawn:
        signals = model.measure()
    rows: list[ScaledLayer] = []
    for path in _order(signals, kernels):
        row, signals = _scale(model, kernels[path], path, signals, options)
        rows.append(row)
    converged = all(abs(row.after - 1) < options.tolerance for row in rows)
    seen = {row.path for row in rows}
    silent = (
        ScaledLayer(path, "", math.nan, math.nan, 1.0, 0, "never called: not scaled")
        for path in kernels
        if path not in seen
    )
    return LsuvReport((*rows, *silent), summary.left_alone, converged)


def _order(signals: Sequence[LayerSignal], kernels: Mapping[str, SummaryRow]) -> Iterator[str]:
    """Give the layers to be scaled in the order of the first calls that their kernels had."""
    owners = {place: path for path, row in kernels.items() for place in _places(path, row)}
    called = (owners[signal.path] for signal in signals if signal.path in owners)
    return iter(dict.fromkeys(called))


def _places(path: str, row: SummaryRow) -> tuple[str, ...]:
    """Return the paths of all layers that have a kernel."""
    return (path, *(tie.rpartition("/")[0] for tie in row.ties))


def _scale(
    model: LsuvModel,
    row: SummaryRow,
    path: str,
    signals: Sequence[LayerSignal],
    options: LsuvOptions,
) -> tuple[ScaledLayer, Sequence[LayerSignal]]:
    """Scale the kernel of a layer until its output has a variance of 1, or the passes end."""
    places = _places(path, row)
    before = variance = _variance(path, places, signals)
    factor, passes = 1.0, 0
    while abs(variance - 1) >= options.tolerance and passes < options.most:
        step = 1 / math.sqrt(variance)
        model.scale(row.path, step)
        factor, passes = factor * step, passes + 1
        signals = model.measure()
        variance = _variance(path, places, signals)
    calls = [signal for signal in signals if signal.path in places]
    notes = []
    if row.ties:
        notes.append(f"shared with {', '.join(places[1:])}")
    if len(calls) > 1:
        notes.append(f"called {len(calls)} times")
    if abs(variance - 1) >= options.tolerance:
        notes.append("did not converge")
    note = "; ".join(notes)
    return ScaledLayer(path, calls[0].class_name, before, variance, factor, passes, note), signals


def _variance(path: str, places: Sequence[str], signals: Sequence[LayerSignal]) -> float:
    """Return the variance of the output of a layer; of several calls the mean by their sizes."""
    calls = [signal for signal in signals if signal.path in places]
    size = sum(math.prod(signal.shape) for signal in calls)
    total = math.fsum(math.prod(signal.shape) * signal.activation**2 for signal in calls)
    variance = total / size if size else 0.0
    if not 0.0 < variance < math.inf:
        received = Phrase(f"a variance of {variance:.4g} in the output of {path!r}")
        hint = "Pass a larger batch, of data that vary; or leave the layer out with exclude=."
        raise FanwiseError("an output that varies, and is finite", received, hint)
    return variance


def _cells(layer: ScaledLayer) -> tuple[str, ...]:
    numbers = (f"{layer.before:.4g}", f"{layer.after:.4g}", f"{layer.factor:.4g}")
    measured = (*numbers, str(layer.passes)) if layer.class_name else ("", "", "", "")
    return (layer.path, layer.class_name, *measured, layer.note)
