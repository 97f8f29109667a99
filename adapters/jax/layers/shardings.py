"""Where the new value of an array is to lie: as its old one, or as its variable asks."""

from __future__ import annotations

from typing import Any, Final

import jax
import jax.numpy as jnp

from fanwise.adapters.jax.drawing.tracing import is_traced, is_tracing
from fanwise.adapters.jax.layers.variables import read
from fanwise.spec.errors import FanwiseError, Phrase

_HINT: Final = "Call it under jax.set_mesh(mesh), with the mesh that the model was made for."


def sharding_of(value: Any) -> Any:
    """Return how an array lies on a mesh, or is to lie; None where nothing says it.

    Raises:
        FanwiseError: where the mesh is known by the names of its axes alone.
    """
    where = _own_sharding(value)
    if where is None or isinstance(where.mesh, jax.sharding.Mesh):
        return where
    traced = _is_compiled(value)
    if all(part is None for part in where.spec) and (traced or _find_mesh(traced=False) is None):
        return None
    return jax.sharding.NamedSharding(_mesh_for(where, traced=traced), where.spec)


def variable_sharding(variable: Any, value: Any) -> Any:
    """Return how the value of an nnx variable is to lie: as it does, or as Flax would lay it.

    Raises:
        FanwiseError: where there is no mesh, or none with these axes.
    """
    where = _own_sharding(value)
    if where is not None and isinstance(where.mesh, jax.sharding.Mesh):
        return where
    metadata = variable.get_metadata() if hasattr(variable, "get_metadata") else {}
    wanted = metadata.get("out_sharding") or metadata.get("sharding")
    # Flax leaves it to the user where it is told to.
    if not wanted or not metadata.get("eager_sharding", "mesh" in metadata):
        return sharding_of(value)
    if isinstance(wanted, jax.sharding.NamedSharding):
        return wanted
    from flax import nnx

    spec = read(nnx.get_partition_spec(variable))
    mesh = metadata.get("mesh") or _mesh_for(spec, traced=_is_compiled(value))
    try:
        return jax.sharding.NamedSharding(mesh, spec)
    except ValueError as error:
        raise FanwiseError("a mesh with the axes of the variable", Phrase(error), _HINT) from error


def constrain(drawn: Any, sharding: Any, old: Any) -> Any:
    """Lay a value that is being traced where it is to lie.

    Args:
        drawn: the value.
        sharding: where; None if nothing says it.
        old: the value in whose place it comes, if that is traced too: what is compiled for
            a sharded argument then gives a result that is sharded alike.
    """
    if sharding is not None:
        explicit = bool(getattr(sharding.mesh, "explicit_axes", ()))
        lay = jax.sharding.reshard if explicit else jax.lax.with_sharding_constraint
        drawn = lay(drawn, sharding)
    if is_traced(old) and old.shape == drawn.shape:
        drawn = _shard_alike(drawn, old)
    return drawn


def _shard_alike(drawn: Any, old: Any) -> Any:
    """Have the compiler lay a value as it lays another.

    What is computed from two values, element by element, lies as they do. (Before 0.11 JAX had
    an experimental function for it.)
    """
    # False of every number and of NaN, which no compiler may assume that there is none of.
    never = (old != old) & (old == old)
    return jnp.where(never, jnp.zeros((), drawn.dtype), drawn)


def _own_sharding(value: Any) -> Any:
    # A traced value has a sharding in its type alone, and in old versions of JAX not there.
    typeof = getattr(jax, "typeof", None) if is_traced(value) else None
    told = value if typeof is None else typeof(value)
    where = None if is_traced(told) else getattr(told, "sharding", None)
    return where if isinstance(where, jax.sharding.NamedSharding) else None


def _mesh_for(wanted: Any, *, traced: bool) -> Any:
    mesh = _find_mesh(traced=traced)
    if mesh is None:
        raise FanwiseError(f"a mesh for {wanted}", Phrase("none"), _HINT)
    return mesh


def _find_mesh(*, traced: bool) -> Any:
    """Return the mesh that was set, or None; while tracing, its abstract one."""
    get_mesh = getattr(jax.sharding, "get_abstract_mesh" if traced else "get_mesh", None)
    mesh = None if get_mesh is None else get_mesh()
    return None if mesh is None or mesh.empty else mesh


def _is_compiled(value: Any) -> bool:
    """Tell whether its new value will be traced, of which a shape alone says nothing."""
    return is_traced(value) or is_tracing()
