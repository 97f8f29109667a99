"""How signals grow or fade with depth, in a Flax model."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import jax
import jax.numpy as jnp

from fanwise.adapters.signals import Layer, LayerCheck, noise, spread
from fanwise.spec.errors import FanwiseError, Phrase


def layer_check(
    module: Any,
    variables: Mapping[str, Any],
    *inputs: Any,
    loss: Callable[[Any], Any] | None = None,
    **how: Any,
) -> LayerCheck:
    """Run a Flax linen module once, forward and back, and measure what passes through.

    Args:
        module: any linen module.
        variables: its variables, as ``module.init`` gives them.
        inputs: a batch, as the module takes it.
        loss: of the module's output, a scalar; without one, standard normal noise is sent
            back from the output, which must then be an array.
        how: for ``module.apply``, such as ``rngs`` or ``mutable``.

    Returns:
        The standard deviations of activations and gradients of the modules that call no
        other, in the order in which they ran; ``str`` of it is a table.

    Raises:
        FanwiseError: for anything but a linen module, and a loss that is not a scalar.

    Examples:
        >>> import jax.numpy as jnp
        >>> from flax import linen
        >>> module, x = linen.Sequential([linen.Dense(4), linen.relu]), jnp.ones((2, 8))
        >>> check = layer_check(module, module.init(jax.random.key(0), x), x)
        >>> [layer.kind for layer in check.layers]
        ['Dense']
    """
    from flax import linen

    if not isinstance(module, linen.Module):
        hint = "Pass the module, then its variables."
        raise FanwiseError("a flax.linen.Module", Phrase(type(module).__name__), hint)
    found: dict[str, Any] = {}
    shifts = _run(module, variables, inputs, how, {}, found)[1]

    def scalar(given: dict[str, Any]) -> Any:
        out, _ = _run(module, variables, inputs, how, given, {})
        made = _sent_back(out) if loss is None else loss(out)
        if jnp.shape(made):
            hint = "Pass e.g. loss=lambda out: out.mean()."
            raise FanwiseError("a scalar as loss", made, hint)
        return made

    gradients = jax.grad(scalar)(shifts)
    return LayerCheck(
        tuple(
            Layer(path, kind, shape, activation, spread(gradients[key]) if key in gradients
                  else math.nan)
            for key, (path, kind, shape, activation) in found.items()
        )
    )  # fmt: skip


def _run(
    module: Any,
    variables: Mapping[str, Any],
    inputs: tuple[Any, ...],
    how: Mapping[str, Any],
    shifts: Mapping[str, Any],
    found: dict[str, Any],
) -> tuple[Any, dict[str, Any]]:
    """The module's output, and zeros that were added to the output of each layer.

    What is sent back to these zeros is the gradient of that output.
    """
    from flax import linen

    made: dict[str, Any] = {}
    depth: list[list[bool]] = []

    def intercept(following: Any, args: Any, kwargs: Any, context: Any) -> Any:
        if context.method_name != "__call__":
            return following(*args, **kwargs)
        if depth:
            depth[-1][0] = True
        depth.append([False])
        out = following(*args, **kwargs)
        calls_others = depth.pop()[0]
        if calls_others or not isinstance(out, jax.Array) or not _is_float(out):
            return out
        path = "/".join(context.module.path)
        key = f"{len(made)} {path}"
        made[key] = shifts.get(key, jnp.zeros_like(out))
        if not isinstance(out, jax.core.Tracer):
            found[key] = (path, type(context.module).__name__, out.shape, spread(out))
        return out + made[key]

    with linen.intercept_methods(intercept):
        out = module.apply(variables, *inputs, **how)
    # With mutable collections the result is a pair.
    return (out[0] if how.get("mutable") else out), made


def _is_float(out: Any) -> bool:
    return bool(jnp.issubdtype(out.dtype, jnp.floating))


def _sent_back(out: Any) -> Any:
    if not isinstance(out, jax.Array):
        hint = "Pass loss=, a function of the output."
        raise FanwiseError("a module whose output is an array", Phrase(type(out).__name__), hint)
    return jnp.sum(out * noise(out.shape))
