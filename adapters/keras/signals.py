"""How signals grow or fade with depth, in a Keras model."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

import keras
import numpy as np

from fanwise.adapters.keras.drawing.transfer import host_values
from fanwise.adapters.keras.layers.description import describe
from fanwise.adapters.keras.layers.models import child_layers, model_layers
from fanwise.adapters.signals import LayerCheck, LayerSignal, noise, std
from fanwise.spec.errors import FanwiseError, Phrase


def layer_check(
    model: Any, *inputs: Any, loss: Callable[[Any], Any] | None = None, training: bool = False
) -> LayerCheck:
    """Run a model once, forward and back, and measure what passes through its layers.

    Nothing of the model is changed, neither its weights nor what its layers keep.

    Args:
        model: any built Keras model or layer, on any backend.
        inputs: a batch, as the model takes it.
        loss: of the model's output, a scalar; without one, standard normal noise is sent
            back from the output, which must then be a tensor.
        training: whether the layers are to behave as in training.

    Returns:
        The standard deviations of activations and gradients of the layers, in the order in
        which they ran; ``str`` of it is a table. Attention, recurrences and what
        :func:`register_layer` describes are seen whole.

    Raises:
        FanwiseError: for anything but a built layer, and a loss that is not a scalar.

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

    def run() -> Any:
        with keras.StatelessScope():
            return model(*inputs, training=training)

    def scalar(out: Any) -> Any:
        value = _project_on_noise(out) if loss is None else loss(out)
        if len(getattr(value, "shape", (1,))):
            hint = "Pass e.g. loss=lambda out: keras.ops.mean(out)."
            raise FanwiseError("a scalar as loss", value, hint)
        return value

    layers = _seen_layers(model)
    gradients = {"tensorflow": _by_tensorflow, "jax": _by_jax, "torch": _by_torch}
    outputs, sent_back = gradients[keras.config.backend()](
        [layer for _, layer in layers], run, scalar
    )
    paths = {id(layer): path for path, layer in layers}
    return LayerCheck(
        tuple(
            LayerSignal(
                path=paths[id(layer)],
                class_name=type(layer).__name__,
                shape=tuple(output.shape),
                activation=std(host_values(output)),
                gradient=math.nan if gradient is None else std(host_values(gradient)),
            )
            for (layer, output), gradient in zip(outputs, sent_back, strict=True)
        )
    )


#: Their weights are those of a cell, which runs once for each step.
_RECURRENCES: Final = (keras.layers.RNN, keras.layers.Bidirectional)
#: What layers gave, in the order in which they ran.
Outputs = list[tuple[Any, Any]]


def _seen_layers(model: Any) -> list[tuple[str, Any]]:
    """List the layers that are seen whole, with their paths: what they hold is not looked at.

    These are the layers that somebody describes, recurrences, and those that hold no others.
    """
    layers: list[tuple[str, Any]] = []
    hidden: set[int] = set()
    for path, layer in model_layers(model):
        whole = isinstance(layer, _RECURRENCES) or not child_layers(layer) or describe(layer)
        if whole and id(layer) not in hidden:
            layers.append((path or layer.name, layer))
            hidden.update(id(inner) for _, inner in model_layers(layer))
    return layers


@contextmanager
def _watch(layers: Sequence[Any], change: Callable[[Any, Any], Any]) -> Iterator[None]:
    """Have every layer hand what it gives to a function, which may change it."""
    calls = {id(layer): (layer, layer.call) for layer in layers}

    def watched(layer: Any, call: Callable[..., Any]) -> Callable[..., Any]:
        def run(*arguments: Any, **keywords: Any) -> Any:
            output = call(*arguments, **keywords)
            return change(layer, output) if _is_float(output) else output

        return run

    try:
        for layer, call in calls.values():
            object.__setattr__(layer, "call", watched(layer, call))
        yield
    finally:
        for layer, _ in calls.values():
            object.__delattr__(layer, "call")


def _is_float(output: Any) -> bool:
    if not hasattr(output, "shape"):
        return False
    return "float" in keras.backend.standardize_dtype(output.dtype)


def _append_to(outputs: Outputs) -> Callable[[Any, Any], Any]:
    def append(layer: Any, output: Any) -> Any:
        outputs.append((layer, output))
        return output

    return append


def _by_tensorflow(layers: Sequence[Any], run: Any, scalar: Any) -> tuple[Outputs, list[Any]]:
    import tensorflow as tf

    outputs: Outputs = []
    with tf.GradientTape() as tape, _watch(layers, _append_to(outputs)):
        loss = scalar(run())
    return outputs, tape.gradient(loss, [output for _, output in outputs])


def _by_torch(layers: Sequence[Any], run: Any, scalar: Any) -> tuple[Outputs, list[Any]]:
    import torch

    outputs: Outputs = []
    with torch.enable_grad(), _watch(layers, _append_to(outputs)):
        loss = scalar(run())
    wanted = [output for _, output in outputs if output.requires_grad]
    gradients = torch.autograd.grad(loss, wanted, allow_unused=True) if wanted else ()
    by_output: Mapping[int, Any] = dict(zip(map(id, wanted), gradients, strict=True))
    return outputs, [by_output.get(id(output)) for _, output in outputs]


def _by_jax(layers: Sequence[Any], run: Any, scalar: Any) -> tuple[Outputs, list[Any]]:
    """Add zeros to the outputs: what is sent back to them is the gradient."""
    import jax

    outputs: Outputs = []
    with _watch(layers, _append_to(outputs)):
        run()

    def shifted(shifts: list[Any]) -> Any:
        remaining = iter(shifts)
        with _watch(layers, lambda _, output: output + next(remaining)):
            return scalar(run())

    return outputs, jax.grad(shifted)([jax.numpy.zeros_like(output) for _, output in outputs])


def _project_on_noise(out: Any) -> Any:
    if not hasattr(out, "shape"):
        hint = "Pass loss=, a function of the output."
        raise FanwiseError("a model whose output is a tensor", Phrase(type(out).__name__), hint)
    return keras.ops.sum(out * keras.ops.convert_to_tensor(np.asarray(noise(out.shape))))
