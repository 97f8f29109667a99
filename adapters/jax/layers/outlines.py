"""Models without values: what a function returns, with the shapes of its arrays in their place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax

from fanwise.adapters.jax.layers.requests import is_nnx


def outlined(function: Callable[[], Any]) -> Any:
    """Trace a function of nothing: its arrays have no memory, and nothing is computed.

    Args:
        function: returns a model of nnx, a pytree, or a tuple of such with a linen module.

    Returns:
        What it returns, with ``jax.ShapeDtypeStruct`` in the place of each array.
    """
    others: list[Any] = []
    structures: list[Any] = []
    is_of_nnx: list[bool] = []

    def arrays() -> list[jax.Array]:
        model = function()
        if is_nnx(model):
            is_of_nnx.append(True)
            return []
        leaves, structure = jax.tree_util.tree_flatten(model)
        structures.append(structure)
        others.extend(None if isinstance(leaf, jax.Array) else (leaf,) for leaf in leaves)
        return [leaf for leaf in leaves if isinstance(leaf, jax.Array)]

    shapes = iter(jax.eval_shape(arrays))
    if is_of_nnx:
        from flax import nnx

        return nnx.eval_shape(function)
    leaves = [next(shapes) if other is None else other[0] for other in others]
    return jax.tree_util.tree_unflatten(structures[0], leaves)
