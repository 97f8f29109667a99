"""The gradients that reach the outputs of layers, and variables, on each backend."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import keras

from fanwise.adapters.outputs import find_floats, is_array


@dataclass
class LayerOutputs:
    """What the layers of a model gave in a run, in the order in which they ran.

    Attributes:
        rows: of every call that gave floats, the layer, their place in its output, and they.
        called: the ids of the layers that were called.
    """

    rows: list[tuple[Any, str, Any]] = field(default_factory=list)
    called: set[int] = field(default_factory=set)

    def add(self, layer: Any, output: Any) -> Any:
        """Take what a layer gave, and return it."""
        self.called.add(id(layer))
        self.rows += [(layer, place, floats) for place, floats in find_floats(output, is_float)[:1]]
        return output


def is_float(output: Any) -> bool:
    """Tell whether something is an array of the backend that holds floats."""
    return bool(keras.ops.is_tensor(output)) and "float" in str(output.dtype)


def run_with_gradients(
    layers: Sequence[Any],
    run: Callable[[Sequence[tuple[Any, Any]]], Any],
    scalar: Callable[[Any], Any],
    wanted: Callable[[LayerOutputs], Sequence[Any]],
) -> tuple[LayerOutputs, list[Any], list[tuple[Any, Any]]]:
    """Run a model, and work out the gradients of a scalar of what it gives.

    Args:
        layers: those whose outputs are looked at.
        run: runs the model, with other values of some variables, given as pairs.
        scalar: of what the model gives.
        wanted: the variables, given what the layers gave.

    Returns:
        What the layers gave; the gradients of it; and pairs of variables and gradients. A gradient
        that does not exist is None.
    """
    backends = {"tensorflow": _by_tensorflow, "jax": _by_jax, "torch": _by_torch}
    outputs = LayerOutputs()
    sent_back, variables, gradients = backends[keras.config.backend()](
        layers, run, scalar, wanted, outputs
    )
    return outputs, sent_back, list(zip(variables, gradients, strict=True))


def run_forward(
    layers: Sequence[Any], run: Callable[[], Any], take: Callable[[Any, Any], Any]
) -> None:
    """Run a model, whose layers hand what they give to a function."""
    with _watch(layers, take):
        run()


#: The gradients of the outputs, the variables, and theirs.
_Gradients = tuple[list[Any], Sequence[Any], list[Any]]


def _by_tensorflow(
    layers: Sequence[Any], run: Any, scalar: Any, wanted: Any, outputs: LayerOutputs
) -> _Gradients:
    import tensorflow as tf

    with tf.GradientTape() as tape, _watch(layers, outputs.add):
        loss = scalar(run(()))
    variables = wanted(outputs)
    targets = [floats for _, _, floats in outputs.rows]
    values = [variable.value for variable in variables]
    gradients = tape.gradient(tf.convert_to_tensor(loss), [*targets, *values])
    dense = [tf.convert_to_tensor(g) if isinstance(g, tf.IndexedSlices) else g for g in gradients]
    return dense[: len(targets)], variables, dense[len(targets) :]


def _by_torch(
    layers: Sequence[Any], run: Any, scalar: Any, wanted: Any, outputs: LayerOutputs
) -> _Gradients:
    import torch

    with torch.enable_grad(), _watch(layers, outputs.add):
        loss = scalar(run(()))
    variables = wanted(outputs)
    targets = [floats for _, _, floats in outputs.rows]
    values = [*targets, *(variable.value for variable in variables)]
    differentiable = [value for value in values if value.requires_grad]
    gradients: Sequence[Any] = ()
    if differentiable and loss.requires_grad:
        gradients = torch.autograd.grad(loss, differentiable, allow_unused=True)
    by_value = dict(zip(map(id, differentiable), gradients, strict=False))
    found = [by_value.get(id(value)) for value in values]
    return found[: len(targets)], variables, found[len(targets) :]


def _by_jax(
    layers: Sequence[Any], run: Any, scalar: Any, wanted: Any, outputs: LayerOutputs
) -> _Gradients:
    """Add zeros to the outputs: what is sent back to them is the gradient."""
    import jax

    with _watch(layers, outputs.add):
        run(())
    variables = wanted(outputs)

    def shifted(shifts: list[Any], values: list[Any]) -> Any:
        remaining = iter(shifts)

        def shift(_: Any, output: Any) -> Any:
            for _, floats in find_floats(output, is_float)[:1]:
                return _with_shift(output, floats, next(remaining))
            return output

        with _watch(layers, shift):
            return scalar(run(list(zip(variables, values, strict=True))))

    zeros = [jax.numpy.zeros_like(floats) for _, _, floats in outputs.rows]
    start = [variable.value for variable in variables]
    sent_back, gradients = jax.grad(shifted, argnums=(0, 1))(zeros, start)
    return sent_back, variables, gradients


def _with_shift(output: Any, floats: Any, shift: Any) -> Any:
    """Add to an array in an output, where that is made of tuples, lists and dicts."""
    if is_array(output):
        return output + shift
    leaves = keras.tree.flatten(output)
    return keras.tree.pack_sequence_as(
        output, [leaf + shift if leaf is floats else leaf for leaf in leaves]
    )


@contextmanager
def _watch(layers: Sequence[Any], change: Callable[[Any, Any], Any]) -> Iterator[None]:
    """Have every layer hand what it gives to a function, which may change it."""
    calls = {id(layer): (layer, layer.call) for layer in layers}
    # What a user has put in the place of a method stays there.
    replaced = {id(layer): vars(layer)["call"] for layer in layers if "call" in vars(layer)}

    def watched(layer: Any, call: Callable[..., Any]) -> Callable[..., Any]:
        def run(*arguments: Any, **keywords: Any) -> Any:
            return change(layer, call(*arguments, **keywords))

        return run

    try:
        for layer, call in calls.values():
            object.__setattr__(layer, "call", watched(layer, call))
        yield
    finally:
        for layer, _ in calls.values():
            vars(layer).pop("call", None)
            if id(layer) in replaced:
                object.__setattr__(layer, "call", replaced[id(layer)])
