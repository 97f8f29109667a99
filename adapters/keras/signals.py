"""How signals grow or fade with depth, in a Keras model."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import keras
import numpy as np

from fanwise.adapters.keras.drawing.transfer import host_values
from fanwise.adapters.keras.layers.gradients import LayerOutputs, is_float, run_with_gradients
from fanwise.adapters.keras.layers.observed_layers import (
    find_inactive,
    seen_layers,
    untouched_variables,
)
from fanwise.adapters.model_runs import (
    array_moments,
    check_call,
    find_idle,
    no_floats,
    noise,
    running_loss,
    running_model,
)
from fanwise.adapters.outputs import find_floats, find_loss
from fanwise.adapters.signals import LayerCheck, LayerSignal, layer_check_of
from fanwise.spec.errors import FanwiseError, Phrase

_HINT: Final = "Pass what model(...) takes: a batch, and by name keywords={'mask': mask}."


def layer_check(
    model: Any,
    *inputs: Any,
    keywords: Mapping[str, Any] | None = None,
    loss: Callable[[Any], Any] | None = None,
    training: bool = False,
) -> LayerCheck:
    """Run a model once, forward and back, and measure what passes through its layers.

    Nothing of the model is changed: neither its weights, nor what its layers keep, nor the states
    of its generators of random numbers.

    Args:
        model: any built Keras model or layer, on any backend.
        inputs: a batch, as the model takes it.
        keywords: what the model takes by name.
        loss: of the model's output, a scalar. Without one it is the scalar ``loss`` in the
            output, if there is one; else standard normal noise is sent back from every array of
            floats in the output, which may be a tensor, a tuple, a dict or any object that holds
            some.
        training: whether the layers are to behave as in training.

    Returns:
        The standard deviations of activations and gradients of the layers, a row for each call,
        in the order in which they ran; and the layers with weights that were not called.
        Attention, recurrences and what :func:`register_layer` describes are seen whole; of an
        output of several tensors, the first is shown. ``str`` of it is a table.

    Raises:
        FanwiseError: for anything but a built layer, one that does not run, an output without
            floats, and a loss that is not a scalar.

    Examples:
        >>> import keras
        >>> model = keras.Sequential([keras.Input((8,)), keras.layers.Dense(4)])
        >>> check = layer_check(model, keras.ops.ones((2, 8)))
        >>> [layer.class_name for layer in check.layers]
        ['Dense']
    """
    if not isinstance(model, keras.layers.Layer) or not model.built:
        hint = "Pass a Keras model, after it has seen a batch or an Input."
        raise FanwiseError("a built Keras model", Phrase(type(model).__name__), hint)
    check_call(keywords, loss)
    named = {"training": training, **(keywords or {})}

    def run(values: Sequence[tuple[Any, Any]]) -> Any:
        with running_model(_HINT), keras.StatelessScope(state_mapping=list(values)):
            return model(*inputs, **named)

    def scalar(output: Any) -> Any:
        with running_loss():
            value = _loss_of(output) if loss is None else loss(output)
        if len(getattr(value, "shape", (1,))):
            hint = "Pass e.g. loss=lambda out: keras.ops.mean(out)."
            raise FanwiseError("a scalar as loss", value, hint)
        return value

    layers = seen_layers(model)
    stacks = [stack for seen in layers for stack in seen.stacks if stack.trainable]

    def wanted(outputs: LayerOutputs) -> list[Any]:
        return [*stacks, *untouched_variables(layers, outputs.called)]

    outputs, sent_back, pairs = run_with_gradients(
        [seen.layer for seen in layers], run, scalar, wanted
    )
    reached = {id(v): g for v, g in pairs if g is not None and bool(np.any(host_values(g)))}
    by_layer = {id(seen.layer): seen for seen in layers}
    rows = []
    for (layer, place, floats), gradient in zip(outputs.rows, sent_back, strict=True):
        seen = by_layer[id(layer)]
        slices = [host_values(reached[id(stack)]) for stack in seen.stacks if id(stack) in reached]
        row = LayerSignal(
            seen.path,
            type(layer).__name__,
            tuple(floats.shape),
            array_moments(host_values(floats)).std,
            math.nan if gradient is None else array_moments(host_values(gradient)).std,
            place,
            stacked=seen.stacks[0].shape[0] if seen.stacks else 0,
            idle=find_idle(slices),
        )
        rows.append(row)
    return layer_check_of(rows, find_inactive(model, layers, outputs.called, reached))


def _loss_of(output: Any) -> Any:
    """Return the loss of an output itself, or one whose gradient there is standard normal noise."""
    arrays = find_floats(output, is_float)
    loss = find_loss(arrays)
    if loss is not None:
        return keras.ops.reshape(loss, ())
    if not arrays:
        raise no_floats(output)
    projections = []
    for number, (_, floats) in enumerate(arrays):
        random = keras.ops.cast(noise(tuple(floats.shape), number), floats.dtype)
        projections.append(keras.ops.cast(keras.ops.sum(floats * random), "float32"))
    return sum(projections)
