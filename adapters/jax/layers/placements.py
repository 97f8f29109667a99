"""Trees that are given along with a model: its variables, and where they are to lie."""

from __future__ import annotations

from typing import Any

import jax

from fanwise.adapters.jax.layers.nodes import array_shape
from fanwise.adapters.jax.layers.shardings import constrain
from fanwise.spec.errors import FanwiseError, Phrase


def check_values(abstract: Any, values: Any) -> list[Any]:
    """Return the leaves of given variables, in the order of the module's.

    Raises:
        FanwiseError: for variables of another structure, or of other shapes.
    """
    wanted, structure = jax.tree_util.tree_flatten_with_path(abstract)
    leaves, given = jax.tree_util.tree_flatten(values)
    if given != structure:
        hint = "Pass the variables of this very module, with all collections."
        raise FanwiseError(f"values of the structure {structure}", Phrase(str(given)), hint)
    for (path, leaf), value in zip(wanted, leaves, strict=True):
        shape = array_shape(value)
        if shape != tuple(leaf.shape):
            where = jax.tree_util.keystr(path)
            hint = "Pass the variables of this very module."
            received = Phrase(f"an object of class {type(value).__qualname__}")
            expected = f"values{where} of shape {tuple(leaf.shape)}"
            raise FanwiseError(expected, received if shape is None else shape, hint)
    return list(leaves)


def spread(shardings: Any, tree: Any) -> list[Any]:
    """Return a sharding, or None, for every leaf of a tree.

    Args:
        shardings: None, one for all, or a tree that is like the top of the other.
        tree: the tree.

    Raises:
        FanwiseError: where the two are not alike.
    """
    count = len(jax.tree_util.tree_leaves(tree))
    if shardings is None:
        return [None] * count

    def ends(node: Any) -> bool:
        return node is None or isinstance(node, jax.sharding.Sharding | jax.sharding.PartitionSpec)

    places, structure = jax.tree_util.tree_flatten(shardings, is_leaf=ends)
    try:
        parts = structure.flatten_up_to(tree)
    except (ValueError, TypeError) as error:
        hint = f"Pass one sharding, or a tree like the result: {error}."
        raise FanwiseError("shardings like the model", Phrase("another tree"), hint) from error
    counts = (len(jax.tree_util.tree_leaves(part)) for part in parts)
    return [place for place, count in zip(places, counts, strict=True) for _ in range(count)]


def place(value: Any, placement: Any) -> Any:
    """Lay a value that no rule sets where it is to lie."""
    if placement is None:
        return value
    if isinstance(value, jax.core.Tracer):
        return constrain(value, placement, None)
    return jax.device_put(value, placement)
