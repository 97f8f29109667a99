"""The seed that processes of one mesh draw their parts by: a mix of two starts is no start."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import jax
import jax.numpy as jnp

from fanwise.adapters.jax.drawing.keys import words_of_seed
from fanwise.adapters.jax.drawing.sharding import under_mesh_of
from fanwise.spec.errors import FanwiseError


def check_agreed(seed: int, shardings: Iterable[Any]) -> None:
    """Raise, in every process of a mesh, where they do not all have the same seed.

    Each mesh of several processes is asked once; all of them have to call this.

    Args:
        seed: of this process.
        shardings: of the arrays that are drawn, in the order of the model; None for none.

    Raises:
        FanwiseError: where another process has another.
    """
    if jax.process_count() == 1:
        return
    for mesh in dict.fromkeys(_mesh_of(sharding) for sharding in shardings):
        if mesh is not None and not all(_is_same(mesh, word) for word in words_of_seed(seed)):
            hint = "Pass the same seed= in every process: each draws its part of the same weights."
            raise FanwiseError("the same seed in all processes of a mesh", seed, hint)


def _mesh_of(sharding: Any) -> Any:
    """Return the mesh of a sharding, if other processes hold parts of it."""
    if not isinstance(sharding, jax.sharding.NamedSharding):
        return None
    is_real = isinstance(sharding.mesh, jax.sharding.Mesh)
    is_shared = is_real and not sharding.is_fully_addressable and sharding.addressable_devices
    return sharding.mesh if is_shared else None


def _is_same(mesh: Any, word: Any) -> bool:
    """Tell whether a word is the same on all devices of a mesh."""
    shape = tuple(mesh.shape.values())
    place = jax.sharding.NamedSharding(mesh, jax.sharding.PartitionSpec(*mesh.axis_names))
    part = word.reshape((1,) * len(shape))
    words = jax.make_array_from_callback(shape, place, lambda _: part)
    with under_mesh_of(words):
        return int(jnp.max(words)) == int(jnp.min(words))
