"""The weights of a JAX model, with their values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import jax

from fanwise.adapters.guesses.parameters import guess_parameter
from fanwise.adapters.jax.initialize import check_asked
from fanwise.adapters.jax.layers.collection import ArrayWeight
from fanwise.adapters.jax.layers.held_starts import with_held_starts
from fanwise.adapters.jax.layers.model_arrays import ModelArrays
from fanwise.adapters.jax.layers.models import linen_arrays, nnx_arrays, trace, tree_arrays
from fanwise.adapters.jax.layers.named_arrays import (
    abstract_tree,
    flax_names,
    take_layers,
    take_own_names,
)
from fanwise.adapters.jax.layers.nodes import array_shape, read_leaves
from fanwise.adapters.jax.layers.requests import is_linen, is_nnx
from fanwise.adapters.jax.layers.stored_arrays import stored_array
from fanwise.adapters.jax.layers.trees import DescribeLeaf
from fanwise.adapters.jax.layers.variables import read
from fanwise.adapters.layer_weights import PARAMETER, LayerWeight, Span
from fanwise.adapters.names_in_files.nodes import described_weights, guessed_weights
from fanwise.adapters.stored_weights import StoredTensor, StoredWeight
from fanwise.spec.recipe import recipe
from fanwise.spec.roles import ROLES
from fanwise.spec.weights import Weight


def stored_weights(
    model: Any,
    *,
    inputs: tuple[Any, ...] | None = None,
    keywords: Mapping[str, Any] | None = None,
    method: Any = None,
    values: Any = None,
    describe: DescribeLeaf | None = None,
    declared: bool = True,
) -> tuple[StoredWeight, ...]:
    """List the weights of a model as the rules of a recipe see them, with their values.

    Values are read when they are asked for, in blocks, and of a sharded array only the shards
    that a block lies in. What has no values here (an abstract model, a deleted array, another
    process's shards) raises where it is read.

    Args:
        model: an nnx model, a module of Equinox or another pytree; or a linen module, with
            what it is called with and its variables.
        inputs, keywords, method, values: of a linen module, as in
            :func:`fanwise.jax.initialize`.
        describe: of a pytree, as in :func:`fanwise.jax.initialize`.
        declared: whether to say what weights were given that declare nothing, by what they hold.

    Returns:
        The rows of :func:`fanwise.jax.paths`; the arrays are called as their places are,
        ``"/"``-joined.

    Raises:
        FanwiseError: for what is no model.

    Examples:
        >>> import jax.numpy as jnp
        >>> (kernel,) = stored_weights({"head": {"kernel": jnp.ones((2, 1))}})
        >>> kernel.weight.path, kernel.names, kernel.values().tolist()
        ('head/kernel', ('head/kernel',), [[1.0], [1.0]])
    """
    how = {"inputs": inputs, "keywords": keywords, "method": method, "values": values}
    arrays, held = held_arrays(model, **how, describe=describe)
    if declared and not is_linen(model):
        arrays = with_held_starts(arrays, recipe("flax_default"), "flax")
    return weights_of_arrays(arrays, held)


def held_arrays(
    model: Any,
    *,
    inputs: tuple[Any, ...] | None = None,
    keywords: Mapping[str, Any] | None = None,
    method: Any = None,
    values: Any = None,
    describe: DescribeLeaf | None = None,
) -> tuple[ModelArrays, dict[int, Any]]:
    """Return the arrays of a model, and what each is, by the same keys.

    Args:
        model, inputs, keywords, method, values, describe: as in :func:`stored_weights`.
    """
    linen = is_linen(model)
    of_linen = {"inputs": inputs, "keywords": keywords, "method": method, "values": values}
    check_asked(of_linen, "a Flax linen module", asked=linen)
    check_asked({"describe": describe}, "a pytree", asked=not linen and not is_nnx(model))
    if linen:
        traced = trace(model, inputs, keywords, method, 0)
        arrays, _ = linen_arrays(traced, values)
        return arrays, dict(enumerate(traced.leaves)) | dict(arrays.values)
    if is_nnx(model):
        arrays, variables = nnx_arrays(model)
        return arrays, {key: read(variable) for key, variable in variables.items()}
    arrays, leaves, _ = tree_arrays(model, describe)
    return arrays, dict(enumerate(leaves))


def weights_of_arrays(arrays: ModelArrays, held: Mapping[int, Any]) -> tuple[StoredWeight, ...]:
    """Give the weights of a model their values, to be read in blocks.

    Args:
        arrays: those of the model.
        held: what each of them is.
    """
    return tuple(_stored_weight(stored, arrays, held) for stored in arrays.weights)


def weights_by_names(tensors: Mapping[str, StoredTensor]) -> tuple[StoredWeight, ...]:
    """List the weights of a file as those of the pytree that its names are the places of.

    Args:
        tensors: the arrays of the file, by their names in it.
    """
    named = flax_names(tensors)
    weights = [
        stored
        for layer in take_layers(named)
        for stored in described_weights(layer.path, layer.described, layer.tensors)
    ]
    for path, held in take_own_names(named).items():
        shapes = {name: tensor.shape for name, tensor in held.items()}
        guesses = {name: guess_parameter("", name, shapes[name], shapes) for name in shapes}
        weights += guessed_weights(path, guesses, held)
    if not named:
        return tuple(weights)
    of_file = {"/".join(names): tensor for names, tensor in named.items()}
    for stored in stored_weights(abstract_tree(named.items())):
        held = {name: of_file[tensor.name] for name, tensor in stored.tensors.items()}
        weights.append(replace(stored, tensors=held))
    return tuple(weights)


def stored_tensors(tree: Any) -> dict[str, StoredTensor]:
    """Describe the arrays of a pytree, of which any block can be read.

    What else it holds, such as numbers of Python, is left out.

    Args:
        tree: any pytree.

    Returns:
        The arrays by their places, "/"-joined.
    """
    leaves, _ = read_leaves(tree)
    named = {"/".join(leaf.names): leaf.value for leaf in leaves}
    return {
        name: stored_array(name, value)
        for name, value in named.items()
        if array_shape(value) is not None and not _is_key(value)
    }


def _is_key(value: Any) -> bool:
    return bool(jax.dtypes.issubdtype(value.dtype, jax.dtypes.prng_key))


def _stored_weight(
    stored: ArrayWeight, arrays: ModelArrays, held: Mapping[int, Any]
) -> StoredWeight:
    """Describe one weight of a model with its values."""
    tensors = {}
    for key, span in stored.blocks:
        (name, *_) = arrays.names.get(key, (stored.weight.path,))
        tensors[span.parameter] = stored_array(name, held[key])
    return StoredWeight(
        stored.weight,
        _description(stored.weight, [span for _, span in stored.blocks]),
        tensors,
    )


def _description(weight: Weight, spans: list[Span]) -> LayerWeight:
    """Describe where a weight lies in the arrays of its layer."""
    path = weight.path.rpartition("/")[2]
    kind = weight.kind if path in ROLES else PARAMETER
    parameter = spans[0].parameter
    if len(spans) == 1 and not spans[0].at and not spans[0].part:
        return LayerWeight(parameter, path, weight.axes, kind, weight.groups)
    return LayerWeight(
        parameter, path, weight.axes, kind, weight.groups, spans=tuple(spans), shape=weight.shape
    )
