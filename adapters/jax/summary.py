"""The weights of a JAX model, with their schemes and fans."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import jax

from fanwise.adapters.jax.drawing.records import recall
from fanwise.adapters.jax.initialize import check_asked
from fanwise.adapters.jax.layers import nnx as nnx_models
from fanwise.adapters.jax.layers import trees
from fanwise.adapters.jax.layers.arrays import std_of
from fanwise.adapters.jax.layers.collection import ArrayWeight
from fanwise.adapters.jax.layers.doubts import without_doubtful_fans
from fanwise.adapters.jax.layers.models import trace
from fanwise.adapters.jax.layers.placements import check_values
from fanwise.adapters.jax.layers.requests import is_linen, is_nnx
from fanwise.adapters.jax.layers.stored_arrays import is_here
from fanwise.adapters.jax.layers.targets import block_shape
from fanwise.adapters.jax.layers.unclaimed import add_unclaimed
from fanwise.adapters.jax.layers.variables import read
from fanwise.adapters.layer_weights import PARAMETER
from fanwise.adapters.summary import STATISTICS, Summary, SummaryRow
from fanwise.spec.errors import FanwiseError, Phrase


def summary(
    model: Any,
    *,
    inputs: tuple[Any, ...] | None = None,
    keywords: Mapping[str, Any] | None = None,
    method: Any = None,
    variables: Any = None,
) -> Summary:
    """List the weights of a model, each with its scheme, true fans and standard deviation.

    A scheme is shown where :func:`fanwise.jax.initialize` or :func:`set_initializer` drew the
    weight, and as long as the model holds the array that was drawn: not after a step of
    training, nor for what was drawn within ``jax.jit``. Of an array without values, or of which
    other processes have a part, the deviation is NaN.

    Args:
        model: an nnx model, a module of Equinox or another pytree; or a linen module, with
            its inputs and variables.
        inputs, keywords, method: what a linen module is called with, as in
            :func:`fanwise.jax.initialize`.
        variables: a linen module's variables.

    Returns:
        A :class:`Summary`; ``str`` of it is a table.

    Raises:
        FanwiseError: for what is no model, and for a linen module without its variables.

    Examples:
        >>> import jax.numpy as jnp
        >>> summary({"head": {"kernel": jnp.ones((3, 2)), "bias": jnp.ones(2)}}).parameters
        8
    """
    linen = is_linen(model)
    given = {"inputs": inputs, "keywords": keywords, "method": method, "variables": variables}
    check_asked(given, "a Flax linen module", asked=linen)
    if linen:
        if variables is None:
            hint = "Call summary(module, inputs=(x,), variables=variables)."
            raise FanwiseError("a linen module with its variables", Phrase("none"), hint)
        traced = trace(model, inputs, keywords, method, 0)
        abstract = traced.build(list(traced.leaves))
        values = dict(enumerate(check_values(abstract, variables)))
        return _summarize(traced.weights, values)
    if is_nnx(model):
        collected, stored = nnx_models.collect(model)
        add_unclaimed(model, collected, stored)
        return _summarize(collected.weights, {key: read(v) for key, v in stored.items()})
    weights, leaves, _ = trees.collect(model)
    return _summarize(weights, dict(enumerate(leaves)))


def _summarize(weights: Sequence[ArrayWeight], values: Mapping[int, Any]) -> Summary:
    rows = [
        _row(stored, values)
        for stored in weights
        # A variable of nnx may hold something else than one array.
        if stored.weight.role not in STATISTICS and hasattr(values[stored.blocks[0][0]], "shape")
    ]
    return Summary(tuple(rows))


def _row(stored: ArrayWeight, values: Mapping[int, Any]) -> SummaryRow:
    weight = stored.weight
    fans = weight.fans if weight.beside is None and weight.kind != PARAMETER else None
    first, block = stored.blocks[0]
    recorded = recall(values[first], block.at)
    held = [(_held(values[key]), part) for key, part in stored.blocks]
    blocks = [value[part.at] for value, part in held if value is not None]
    sizes = (math.prod(block_shape(values[k].shape, part.at)) for k, part in stored.blocks)
    row = SummaryRow(
        path=weight.path,
        shape=weight.shape,
        scheme=None if recorded is None else recorded.resolved.scheme.name,
        fan_in=None if fans is None else fans.fan_in,
        fan_out=None if fans is None else fans.fan_out,
        expected=None
        if recorded is None or not math.prod(weight.shape)
        else recorded.resolved.law.std,
        observed=std_of(blocks) if blocks else math.nan,
        parameters=sum(sizes),
    )
    return without_doubtful_fans(row, stored.doubts)


def _held(value: Any) -> Any:
    """Return an array with values that this process has all of; None where there is none.

    There is none for a mere shape, for what was given to be reused, and where other processes have
    parts of it: these need not be asked now for what they have.
    """
    if isinstance(value, jax.ShapeDtypeStruct | jax.core.Tracer):
        return None
    if not isinstance(value, jax.Array):
        return value
    if value.is_deleted() or not is_here(value):
        return None
    return value if value.is_fully_addressable else value.addressable_shards[0].data
