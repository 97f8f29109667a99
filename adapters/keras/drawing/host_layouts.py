"""Weights that are laid out over CPUs: each device's part is drawn by the core, and not copied."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any, Final

import jax
from jax.sharding import Mesh, NamedSharding

from fanwise.adapters.recipe_forms import Array

#: Keras's function that calls an initializer for a variable that has a layout, and its module.
_CALLER: Final = ("keras.src.backend.jax.core", "explicit_initializer")
_OWN: Final = "fanwise.adapters.keras."


def spread(
    part: Callable[[tuple[slice, ...]], Array], shape: tuple[int, ...], sharding: Any
) -> Any:
    """Draw a weight by the parts of the devices.

    Args:
        part: draws a block of it, by its index.
        shape: of the whole.
        sharding: how it is to lie; the mesh of Keras has no devices: they are those of the
            mesh that is set.
    """
    if not isinstance(sharding, NamedSharding) or isinstance(sharding.mesh, Mesh):
        return jax.make_array_from_callback(shape, sharding, part)
    known = jax.sharding.get_mesh()
    if _is_called_by_keras():
        drawn = jax.make_array_from_callback(shape, NamedSharding(known, sharding.spec), part)
        return _Finished(drawn)
    types = sharding.mesh.axis_types
    mesh = Mesh(known.devices, known.axis_names, axis_types=types)
    return jax.make_array_from_callback(shape, NamedSharding(mesh, sharding.spec), part)


@jax.tree_util.register_pytree_node_class
class _Finished:
    """An array that Keras is handed, and takes as its variable's.

    Keras lays the result of an initializer out by ``reshard``, which copies all of it, also where
    it lies so: a part would be held twice. This is a tree without arrays, in which there is nothing
    to lay out; JAX puts trees together again at the end, and this one becomes the array.
    """

    def __init__(self, array: Any) -> None:
        self.array = array

    def tree_flatten(self) -> tuple[tuple[()], _Finished]:
        return (), self

    @classmethod
    def tree_unflatten(cls, finished: _Finished, _: Any) -> Any:
        return finished.array


def _is_called_by_keras() -> bool:
    """Tell whether Keras itself called the initializer, and will but lay its result out."""
    frame: FrameType | None = sys._getframe(1)  # noqa: SLF001 (the documented way)
    while frame is not None and str(frame.f_globals.get("__name__")).startswith(_OWN):
        frame = frame.f_back
    return frame is not None and (frame.f_globals["__name__"], frame.f_code.co_name) == _CALLER
