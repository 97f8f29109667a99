"""Which weights of a model hold what they are to hold: those that a checkpoint brought."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import jax

from fanwise.adapters.jax.layers.collection import ArrayWeight
from fanwise.adapters.jax.layers.model_arrays import ModelArrays
from fanwise.adapters.missing_weights import missing_paths, settled
from fanwise.spec.renaming import renamed


def settled_weights(
    arrays: ModelArrays, missing: Any, renames: Mapping[str, str]
) -> tuple[ArrayWeight, ...]:
    """Mark the weights that a checkpoint brought, so that they are left alone.

    Args:
        arrays: those of the model.
        missing: what the checkpoint did not bring: names of arrays, or of what holds several,
            "/"-joined or as ``jax.tree_util.keystr`` writes them; key paths; tuples of names;
            canonical paths.
        renames: the names that a recipe gives to paths.

    Raises:
        FanwiseError: for a name that the model does not have.
    """
    called = {
        renamed(stored.weight.path, renames): (stored.weight.path, *arrays.names_of(stored))
        for stored in arrays.weights
    }
    others = {name for names in arrays.names.values() for name in names}
    paths = set(missing_paths(_written(missing), called, others))
    keeps = [renamed(stored.weight.path, renames) not in paths for stored in arrays.weights]
    return tuple(settled(arrays.weights, keeps))


def _written(missing: Any) -> Any:
    """Write the paths of JAX and of Flax as text; anything else is returned as it is."""
    if not isinstance(missing, list | tuple | set | frozenset):
        return missing
    return [_written_path(name) if isinstance(name, tuple) and name else name for name in missing]


def _written_path(path: tuple[Any, ...]) -> str:
    if all(isinstance(name, str | int) for name in path):
        # As Flax flattens a tree.
        return "/".join(map(str, path))
    return str(jax.tree_util.keystr(path))
