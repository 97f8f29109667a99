"""The variables of Flax that no layer has claimed: what may be a weight is named, not left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

import jax
import jax.numpy as jnp

from fanwise.adapters.jax.layers.collection import ArrayWeight, Collected, StoredArray
from fanwise.adapters.jax.layers.registry import class_names
from fanwise.adapters.jax.layers.targets import check_dtype
from fanwise.adapters.jax.layers.variables import is_quantized, read
from fanwise.spec.errors import FanwiseError, Phrase

#: Of each variable that is not to be drawn, by its key, what it is.
Others = Mapping[int, str]

#: Variables of nnx that do not train.
_STATE: Final = frozenset(
    {
        "flax.nnx:BatchStat",
        "flax.nnx:Cache",
        "flax.nnx:Intermediate",
        "flax.nnx:MetricState",
        "flax.nnx:OptState",
        "flax.nnx:RngState",
    }
)
#: Collections of linen that do not train; so do those of a leading underscore.
_COLLECTIONS: Final = frozenset(
    {"batch_stats", "cache", "intermediates", "params_axes", "perturbations"}
)


def add_unclaimed(model: Any, collected: Collected, variables: dict[int, Any]) -> Others:
    """Add to the weights of an nnx model what else may be one, wherever the model holds it.

    Args:
        model: the model.
        collected: its weights.
        variables: its variables by their keys; what is added is added here too.

    Returns:
        Those that may train or not, and those that hold no one array.
    """
    from flax import nnx

    others = {}
    for path, node in nnx.iter_graph(model):
        if not isinstance(node, nnx.Variable) or collected.owns(id(node)):
            continue
        if not _STATE.isdisjoint(class_names(node)):
            continue
        value, trains = read(node), isinstance(node, nnx.Param)
        leaves = jax.tree_util.tree_leaves(value)
        named = trains and hasattr(value, "shape")
        if not named and not any(map(_may_be_weight, leaves)):
            continue
        *above, name = map(str, path or ("value",))
        shape = tuple(getattr(value, "shape", ()))
        collected.add_parameter(tuple(above), name, StoredArray(id(node), shape))
        variables[id(node)] = node
        if not hasattr(value, "shape"):
            others[id(node)] = f"several arrays in one {type(node).__qualname__}"
        elif not trains:
            others[id(node)] = f"a {type(node).__qualname__}, which may train or not"
    return others


def add_collections(
    names: Iterable[tuple[str, ...]], leaves: Iterable[Any], collected: Collected
) -> Others:
    """Add to the weights of a linen module what lies in collections of one's own.

    Args:
        names: of all its variables, the collection first.
        leaves: the variables.
        collected: its weights.

    Returns:
        What was added, which may train or not.
    """
    others = {}
    for number, ((collection, *above, name), leaf) in enumerate(zip(names, leaves, strict=True)):
        known = collection in _COLLECTIONS or collection.startswith("_")
        if not known and not collected.owns(number) and _may_be_weight(leaf):
            array = StoredArray(number, tuple(leaf.shape))
            collected.add_parameter((collection, *above), name, array)
            others[number] = f"in the collection {collection!r}, which may train or not"
    return others


def with_obstacles(
    weights: Iterable[ArrayWeight], others: Others, values: Mapping[int, Any]
) -> tuple[ArrayWeight, ...]:
    """Say of each weight what keeps it from being set, if anything does.

    Args:
        weights: all weights of a model.
        others: of what may be no weight, what it is.
        values: the arrays, or shapes with dtypes, by their keys.
    """
    return tuple(
        replace(stored, weight=replace(stored.weight, obstacle=_obstacle(stored, others, values)))
        for stored in weights
    )


def _obstacle(
    stored: ArrayWeight, others: Others, values: Mapping[int, Any]
) -> FanwiseError | None:
    for key, _ in stored.blocks:
        if key in others:
            hint = f"Exclude it, exclude={stored.weight.path!r}: it then stays as it is."
            return FanwiseError("a parameter", Phrase(others[key]), hint)
        try:
            check_dtype(values[key].dtype)
        except FanwiseError as error:
            return error
    return None


def _may_be_weight(leaf: Any) -> bool:
    """Tell whether an array may be a weight; a single number counts something, or scales it."""
    if not getattr(leaf, "shape", ()):
        return False
    return bool(jnp.issubdtype(leaf.dtype, jnp.inexact)) or is_quantized(leaf.dtype)
