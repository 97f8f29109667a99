"""How signals grow or fade with depth, in a Flax model."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import jax
import jax.numpy as jnp

from fanwise.adapters.jax.layers.description import is_described
from fanwise.adapters.jax.layers.foreign import foreign_code
from fanwise.adapters.model_runs import noise, std
from fanwise.adapters.signals import LayerCheck, LayerSignal
from fanwise.spec.errors import FanwiseError, Phrase


def layer_check(
    module: Any,
    variables: Mapping[str, Any],
    *inputs: Any,
    loss: Callable[[Any], Any] | None = None,
    **options: Any,
) -> LayerCheck:
    """Run a Flax linen module once, forward and back, and measure what passes through.

    Args:
        module: any linen module.
        variables: its variables, as ``module.init`` gives them.
        inputs: a batch, as the module takes it.
        loss: of the module's output, a scalar; without one, standard normal noise is sent
            back from the output, which must then be an array.
        options: for ``module.apply``, such as ``rngs`` or ``mutable``.

    Returns:
        The standard deviations of activations and gradients of the known layers, and of the
        other modules that call none, in the order in which they ran; ``str`` of it is a table.

    Raises:
        FanwiseError: for anything but a linen module, one that does not run, and a loss that
            is not a scalar.

    Examples:
        >>> import jax.numpy as jnp
        >>> from flax import linen
        >>> module, x = linen.Sequential([linen.Dense(4), linen.relu]), jnp.ones((2, 8))
        >>> check = layer_check(module, module.init(jax.random.key(0), x), x)
        >>> [layer.class_name for layer in check.layers]
        ['Dense']
    """
    from flax import linen

    if not isinstance(module, linen.Module):
        hint = "Pass the module, then its variables."
        raise FanwiseError("a flax.linen.Module", Phrase(type(module).__name__), hint)
    if not (loss is None or callable(loss)):
        hint = "Pass e.g. loss=lambda out: out.mean()."
        raise FanwiseError("a function as loss", loss, hint)
    signals: dict[str, LayerSignal] = {}
    shifts = _run(module, variables, inputs, options, {}, signals)[1]

    def scalar(given: dict[str, Any]) -> Any:
        out, _ = _run(module, variables, inputs, options, given, {})
        with foreign_code("a loss that runs on the output", "Correct loss."):
            value = _send_back(out) if loss is None else loss(out)
        if not (isinstance(value, jax.Array | float) and jnp.shape(value) == ()):
            hint = "Pass e.g. loss=lambda out: out.mean()."
            raise FanwiseError("a scalar as loss", value, hint)
        return value

    gradients = jax.grad(scalar)(shifts)
    return LayerCheck(
        tuple(
            replace(signal, gradient=std(gradients[key])) if key in gradients else signal
            for key, signal in signals.items()
        )
    )


def _run(
    module: Any,
    variables: Mapping[str, Any],
    inputs: tuple[Any, ...],
    options: Mapping[str, Any],
    shifts: Mapping[str, Any],
    signals: dict[str, LayerSignal],
) -> tuple[Any, dict[str, Any]]:
    """Run the module; return its output, and zeros that were added to that of each layer.

    What is sent back to these zeros is the gradient of that output.
    """
    from flax import linen

    zeros: dict[str, Any] = {}
    #: Of every call that is going on, whether it has called another.
    calls: list[bool] = []

    def intercept(following: Any, args: Any, kwargs: Any, context: Any) -> Any:
        if context.method_name != "__call__":
            return following(*args, **kwargs)
        if calls:
            calls[-1] = True
        calls.append(False)
        before = set(signals)
        out = following(*args, **kwargs)
        known = is_described(context.module)
        calls_others = calls.pop() and not known
        if calls_others or not isinstance(out, jax.Array) or not _is_float(out):
            return out
        path = "/".join(context.module.path)
        key = f"{len(zeros)} {path}"
        zeros[key] = shifts.get(key, jnp.zeros_like(out))
        if not isinstance(out, jax.core.Tracer):
            # A layer that is known is seen whole, not the layers that it is made of.
            for inner in set(signals) - before:
                del signals[inner]
            name = type(context.module).__name__
            signals[key] = LayerSignal(path, name, out.shape, std(out), math.nan)
        return out + zeros[key]

    hint = "Call module.apply on them to see where it fails."
    expected = "a module that runs on these variables and inputs"
    with foreign_code(expected, hint), linen.intercept_methods(intercept):
        out = module.apply(variables, *inputs, **options)
    # With mutable collections the result is a pair.
    return (out[0] if options.get("mutable") else out), zeros


def _is_float(out: Any) -> bool:
    return bool(jnp.issubdtype(out.dtype, jnp.floating))


def _send_back(out: Any) -> Any:
    if not isinstance(out, jax.Array):
        hint = "Pass loss=, a function of the output."
        raise FanwiseError("a module whose output is an array", Phrase(type(out).__name__), hint)
    return jnp.sum(out * noise(out.shape))
