"""LSUV of a Keras model, on any backend."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

import keras

from fanwise.adapters.keras.drawing.transfer import host_values
from fanwise.adapters.keras.initialize import initialize
from fanwise.adapters.keras.layers.description import describe
from fanwise.adapters.keras.layers.gradients import LayerOutputs, run_forward
from fanwise.adapters.keras.layers.models import model_weights
from fanwise.adapters.keras.layers.observed_layers import SeenLayer, seen_layers
from fanwise.adapters.keras.layers.variable_weights import VariableWeight
from fanwise.adapters.lsuv import KINDS, LsuvOptions, LsuvReport, scale_layers
from fanwise.adapters.model_runs import array_moments, check_call, running_model
from fanwise.adapters.signals import LayerSignal
from fanwise.adapters.summary import Summary
from fanwise.spec.errors import FanwiseError, Phrase
from fanwise.spec.plan import Patterns
from fanwise.spec.recipe import Recipe
from fanwise.spec.registry import SchemeLike

_HINT: Final = "Pass what model(...) takes: a batch, and by name keywords={'mask': mask}."


def lsuv(
    model: keras.layers.Layer,
    *inputs: Any,
    keywords: Mapping[str, Any] | None = None,
    seed: int | None = None,
    start: SchemeLike | None = "orthogonal",
    tolerance: float = 0.1,
    most: int = 10,
    only: Patterns = None,
    exclude: Patterns = None,
) -> LsuvReport:
    """Set a model so that its layers give a variance of 1 on a batch: layer-sequential, by data.

    The kernels of dense and convolutional layers start orthonormal, and their biases at zero.
    Then, in the order of the forward pass, each kernel is divided by the standard deviation of
    what its layer gives on the batch before its activation, until the variance is 1. The model
    runs with ``training=False``: dropout does nothing, and a normalization by batches uses the
    statistics that it holds.

    Left alone, and named in the report, are other weights (embeddings, attention, recurrences,
    normalizations), and what does not train. A layer that is called several times is scaled by the
    mean of the variances of its calls. It differs from the authors' code, which also shifts biases
    by the mean, and takes the last call.

    Args:
        model: a built Keras model or layer.
        inputs: a batch, as the model takes it; of the data that it is to be trained on.
        keywords: what the model takes by name.
        seed: 0 ≤ seed < 2⁶⁴, of the start.
        start: the scheme of the kernels; None scales the kernels that are there, and leaves
            biases as they are. Then there is no seed.
        tolerance: how far from 1 a variance may be.
        most: how often one kernel is scaled at most.
        only: patterns of canonical paths; other weights are left alone.
        exclude: patterns of canonical paths that are left alone.

    Returns:
        A :class:`LsuvReport`, a row for each layer; ``str`` of it is a table. ``converged`` says
        whether all variances are within the tolerance.

    Raises:
        FanwiseError: for bad input, a model that does not run, and an output that does not vary
            or is not finite; the model is then as it was.

    Examples:
        >>> import keras
        >>> from keras import layers
        >>> hidden = layers.Dense(128, activation="relu", name="hidden")
        >>> model = keras.Sequential([keras.Input((64,)), hidden, layers.Dense(10, name="head")])
        >>> batch = keras.ops.sin(keras.ops.reshape(keras.ops.arange(512.0 * 64), (512, 64)))
        >>> report = lsuv(model, batch, seed=0)
        >>> [layer.path for layer in report.layers], report.converged
        (['hidden', 'head'], True)

    References:
        Mishkin & Matas 2016, arXiv:1511.06422, algorithm 1.
    """
    options = LsuvOptions(start, seed, tolerance, most, only, exclude)
    if not isinstance(model, keras.layers.Layer) or not model.built:
        hint = "Pass a Keras model, after it has seen a batch or an Input."
        raise FanwiseError("a built Keras model", Phrase(type(model).__name__), hint)
    check_call(keywords, None)
    with _put_back_on_error(model):
        return scale_layers(_KerasModel(model, inputs, keywords or {}, options), options)


class _KerasModel:
    """A Keras model, and a batch."""

    def __init__(
        self,
        model: Any,
        inputs: Sequence[Any],
        keywords: Mapping[str, Any],
        options: LsuvOptions,
    ) -> None:
        self._model, self._inputs = model, inputs
        self._keywords = {**keywords, "training": False}
        self._options = options
        self._layers = seen_layers(model)
        self._weights: dict[str, VariableWeight] = {}

    def start(self, recipe: Recipe, *, seed: int, dry_run: bool) -> Summary:
        options = self._options
        summary = initialize(
            self._model,
            recipe,
            seed=seed,
            only=options.only,
            exclude=options.exclude,
            dry_run=dry_run,
            report=False,
        )
        self._weights = {stored.weight.path: stored for stored in model_weights(self._model)}
        return summary

    def measure(self) -> Sequence[LayerSignal]:
        outputs, before = LayerOutputs(), dict[int, Any]()

        def run() -> None:
            with running_model(_HINT), keras.StatelessScope():
                self._model(*self._inputs, **self._keywords)

        def take(layer: Any, output: Any) -> Any:
            outputs.add(layer, before.pop(id(layer), output))
            return output

        with _before_activations(self._layers, before.__setitem__):
            run_forward([seen.layer for seen in self._layers], run, take)
        paths = {id(seen.layer): self._path(seen) for seen in self._layers}
        return [
            LayerSignal(
                paths[id(layer)],
                type(layer).__name__,
                tuple(floats.shape),
                array_moments(host_values(floats)).std,
                math.nan,
                place,
            )
            for layer, place, floats in outputs.rows
        ]

    def scale(self, path: str, factor: float) -> None:
        variable = self._weights[path].variable
        variable.assign(keras.ops.multiply(variable.value, factor))

    def _path(self, seen: SeenLayer) -> str:
        return "" if seen.layer is self._model else seen.path


@contextmanager
def _before_activations(
    layers: Sequence[SeenLayer], take: Callable[[int, Any], None]
) -> Iterator[None]:
    """Have layers that end in an activation hand over what goes into it."""
    ends = [
        (seen.layer, seen.layer.activation)
        for seen in layers
        if callable(getattr(seen.layer, "activation", None)) and _is_linear_before(seen.layer)
    ]

    def watched(layer: Any, activation: Callable[[Any], Any]) -> Callable[[Any], Any]:
        def call(values: Any) -> Any:
            take(id(layer), values)
            return activation(values)

        return call

    try:
        for layer, activation in ends:
            object.__setattr__(layer, "activation", watched(layer, activation))
        yield
    finally:
        for layer, activation in ends:
            object.__setattr__(layer, "activation", activation)


def _is_linear_before(layer: Any) -> bool:
    return any(weight.kind.partition("/")[0] in KINDS for weight in describe(layer))


@contextmanager
def _put_back_on_error(model: Any) -> Iterator[None]:
    """Put the values of all variables back where something is raised."""
    kept = [(variable, keras.ops.copy(variable.value)) for variable in model.weights]
    try:
        yield
    except BaseException:
        for variable, value in kept:
            variable.assign(value)
        raise
