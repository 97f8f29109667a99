"""How signals grow or fade with depth, in a Keras model."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import keras
import numpy as np

from fanwise.adapters.keras.conformance.adapter import array
from fanwise.adapters.signals import Layer, LayerCheck, noise, spread
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
        The standard deviations of activations and gradients of the layers that hold no
        others, in the order in which they ran; ``str`` of it is a table.

    Raises:
        FanwiseError: for anything but a built layer, and a loss that is not a scalar.

    Examples:
        >>> import keras
        >>> model = keras.Sequential([keras.Input((8,)), keras.layers.Dense(4)])
        >>> check = layer_check(model, keras.ops.ones((2, 8)))
        >>> [layer.kind for layer in check.layers]
        ['Dense']
    """
    if not isinstance(model, keras.layers.Layer) or not model.built:
        hint = "Pass a Keras model, after it has seen a batch or an Input."
        raise FanwiseError("a built Keras model", Phrase(type(model).__name__), hint)

    def run() -> Any:
        with keras.StatelessScope():
            return model(*inputs, training=training)

    def scalar(out: Any) -> Any:
        made = _sent_back(out) if loss is None else loss(out)
        if len(getattr(made, "shape", (1,))):
            hint = "Pass e.g. loss=lambda out: keras.ops.mean(out)."
            raise FanwiseError("a scalar as loss", made, hint)
        return made

    gradients = {"tensorflow": _by_tensorflow, "jax": _by_jax, "torch": _by_torch}
    seen, sent = gradients[keras.config.backend()](model, run, scalar)
    return LayerCheck(
        tuple(
            Layer(
                _path(layer, model),
                type(layer).__name__,
                tuple(out.shape),
                spread(array(out)),
                math.nan if gradient is None else spread(array(gradient)),
            )
            for (layer, out), gradient in zip(seen, sent, strict=True)
        )
    )


Seen = list[tuple[Any, Any]]


@contextmanager
def _watched(model: Any, change: Callable[[Any, Any], Any]) -> Iterator[None]:
    """Every layer that holds no others hands what it gives to a function, which may change it."""
    inner = [one for one in model._flatten_layers() if not one._layers]  # noqa: SLF001
    calls = {id(layer): (layer, layer.call) for layer in inner}

    def wrapped(layer: Any, call: Callable[..., Any]) -> Callable[..., Any]:
        def run(*arguments: Any, **how: Any) -> Any:
            out = call(*arguments, **how)
            shaped = hasattr(out, "shape") and "float" in keras.backend.standardize_dtype(out.dtype)
            return change(layer, out) if shaped else out

        return run

    try:
        for layer, call in calls.values():
            object.__setattr__(layer, "call", wrapped(layer, call))
        yield
    finally:
        for layer, _ in calls.values():
            object.__delattr__(layer, "call")


def _kept(seen: Seen) -> Callable[[Any, Any], Any]:
    def keep(layer: Any, out: Any) -> Any:
        seen.append((layer, out))
        return out

    return keep


def _by_tensorflow(model: Any, run: Any, scalar: Any) -> tuple[Seen, list[Any]]:
    import tensorflow as tf

    seen: Seen = []
    with tf.GradientTape() as tape, _watched(model, _kept(seen)):
        made = scalar(run())
    return seen, tape.gradient(made, [out for _, out in seen])


def _by_torch(model: Any, run: Any, scalar: Any) -> tuple[Seen, list[Any]]:
    import torch

    seen: Seen = []
    with torch.enable_grad(), _watched(model, _kept(seen)):
        made = scalar(run())
    wanted = [out for _, out in seen if out.requires_grad]
    found = torch.autograd.grad(made, wanted, allow_unused=True) if wanted else ()
    by_tensor: Mapping[int, Any] = {id(out): one for out, one in zip(wanted, found, strict=True)}
    return seen, [by_tensor.get(id(out)) for _, out in seen]


def _by_jax(model: Any, run: Any, scalar: Any) -> tuple[Seen, list[Any]]:
    """Zeros are added to the outputs: what is sent back to them is the gradient."""
    import jax

    seen: Seen = []
    with _watched(model, _kept(seen)):
        run()

    def shifted(shifts: list[Any]) -> Any:
        left = iter(shifts)
        with _watched(model, lambda _, out: out + next(left)):
            return scalar(run())

    return seen, jax.grad(shifted)([jax.numpy.zeros_like(out) for _, out in seen])


def _sent_back(out: Any) -> Any:
    if not hasattr(out, "shape"):
        hint = "Pass loss=, a function of the output."
        raise FanwiseError("a model whose output is a tensor", Phrase(type(out).__name__), hint)
    return keras.ops.sum(out * keras.ops.convert_to_tensor(np.asarray(noise(out.shape))))


def _path(layer: Any, model: Any) -> str:
    """The layer's path, without the model's own name."""
    return str(layer.path).removeprefix(f"{model.path}/")
