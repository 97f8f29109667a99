"""A JAX model as a recipe sees it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fanwise.adapters.jax.initialize import check_asked
from fanwise.adapters.jax.layers.held_starts import with_held_starts
from fanwise.adapters.jax.layers.model_arrays import ModelArrays
from fanwise.adapters.jax.layers.models import linen_arrays, nnx_arrays, trace, tree_arrays
from fanwise.adapters.jax.layers.requests import is_linen, is_nnx
from fanwise.adapters.jax.layers.trees import DescribeLeaf
from fanwise.adapters.model_paths import ModelPaths, path_row
from fanwise.spec.recipe import recipe


def paths(
    model: Any,
    *,
    inputs: tuple[Any, ...] | None = None,
    keywords: Mapping[str, Any] | None = None,
    method: Any = None,
    values: Any = None,
    describe: DescribeLeaf | None = None,
) -> ModelPaths:
    """List the weights of a model as the rules of a recipe see them.

    Args:
        model: an nnx model, a module of Equinox or another pytree; or a linen module, with
            what it is called with.
        inputs, keywords, method, values: of a linen module, as in
            :func:`fanwise.jax.initialize`.
        describe: of a pytree, as in :func:`fanwise.jax.initialize`.

    Returns:
        A :class:`ModelPaths`, a row for each weight: its path, role, kind, class, shape and axes;
        ``str`` of it is a table.

    Raises:
        FanwiseError: for what is no model.

    Examples:
        >>> import jax.numpy as jnp
        >>> [row.path for row in paths({"head": {"kernel": jnp.ones((3, 2))}}).rows]
        ['head/kernel']
    """
    linen = is_linen(model)
    of_linen = {"inputs": inputs, "keywords": keywords, "method": method, "values": values}
    check_asked(of_linen, "a Flax linen module", asked=linen)
    check_asked({"describe": describe}, "a pytree", asked=not linen and not is_nnx(model))
    if linen:
        arrays, _ = linen_arrays(trace(model, inputs, keywords, method, 0), values)
    elif is_nnx(model):
        arrays = _with_starts(nnx_arrays(model)[0])
    else:
        arrays = _with_starts(tree_arrays(model, describe)[0])
    return ModelPaths(
        tuple(path_row(stored.weight, arrays.names_of(stored)) for stored in arrays.weights)
    )


def _with_starts(arrays: ModelArrays) -> ModelArrays:
    """Say what weights start with by the default recipe, which declare nothing."""
    return with_held_starts(arrays, recipe("flax_default"), "flax")
