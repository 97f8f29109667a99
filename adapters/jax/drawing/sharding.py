"""Where a weight is to lie: ``out_sharding`` as in JAX's own initializers, and the key's place."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import jax
import jax.numpy as jnp


def sharded(
    draw: Callable[[Any], Any], shape: tuple[int, ...], out_sharding: Any
) -> Callable[[Any], Any]:
    """Return a function of the seed's words, made to leave its result on a mesh.

    Args:
        draw: the function.
        shape: the shape of its result.
        out_sharding: a NamedSharding, a PartitionSpec under ``jax.set_mesh``, or None;
            its axes must be explicit ones, as everywhere in JAX. (For automatic ones
            compile the initializer with ``jax.jit(…, out_shardings=…)``.)

    Raises:
        ValueError: JAX's own, where the sharding does not fit the mesh or the shape.
    """
    checked = laid(shape, out_sharding)
    if checked is None:
        return draw
    function: Callable[[Any], Any] = jax.sharding.auto_axes(
        draw, axes=checked.mesh.explicit_axes, out_sharding=checked
    )
    return function


def placed(weight: Any, out_sharding: Any) -> Any:
    """Return a weight that lies whole on a device, laid on a mesh."""
    asked = laid(weight.shape, out_sharding)
    return weight if asked is None else jax.sharding.reshard(weight, asked)


def from_host(weight: Any, where: Any, out_sharding: Any) -> Any:
    """Return a weight that was drawn on the host, where it is to lie: no device gets all of it.

    Args:
        weight: the whole, a NumPy array.
        where: its place without a mesh, or None.
        out_sharding: how it is to lie on a mesh, or None.
    """
    asked = laid(weight.shape, out_sharding)
    if asked is None:
        # Not jnp.asarray, which would compile a copy for each new shape; this takes over an
        # array that is aligned, as the core's are, and no one else holds it.
        return jax.device_put(weight, where)
    mesh = asked.mesh
    if not isinstance(mesh, jax.sharding.Mesh):
        mesh = jax.sharding.get_mesh()
    place = jax.sharding.NamedSharding(mesh, asked.spec)
    return jax.make_array_from_callback(weight.shape, place, lambda index: weight[index])


def home(key: Any) -> Any:
    """Return where a key was put on purpose, as a place for its weight; else None."""
    if not getattr(key, "committed", False):
        return None
    where = key.sharding
    named = isinstance(where, jax.sharding.NamedSharding)
    # The key's own axes mean nothing for the weight.
    return jax.sharding.NamedSharding(where.mesh, jax.sharding.PartitionSpec()) if named else where


def laid(shape: tuple[int, ...], out_sharding: Any) -> Any:
    """Return the sharding as JAX checks it, with the mesh of a PartitionSpec found."""
    if out_sharding is None:
        return None
    return jax.eval_shape(lambda: jnp.zeros(shape, out_sharding=out_sharding)).sharding


def under_mesh_of(array: Any) -> AbstractContextManager[Any]:
    """Return what an array may be computed with in, whatever mesh the caller has set."""
    mesh = getattr(array.sharding, "mesh", None)
    known = isinstance(mesh, jax.sharding.Mesh) and hasattr(jax, "set_mesh")
    return jax.set_mesh(mesh) if known else nullcontext()
