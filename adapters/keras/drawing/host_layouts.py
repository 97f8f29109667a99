"""Weights that the hosts of CPUs draw by parts, and that Keras is handed without another copy."""

from __future__ import annotations

import sys
from types import FrameType
from typing import Any, Final

import jax
from jax.sharding import AbstractMesh, Mesh, NamedSharding

from fanwise.adapters.jax.drawing.tracing import is_tracing
from fanwise.adapters.keras.drawing.portable import HostPart

#: Keras's function that calls an initializer for a variable that has a layout, and its module.
_CALLER: Final = ("keras.src.backend.jax.core", "explicit_initializer")
_OWN: Final = "fanwise.adapters.keras."


def drawn_on_hosts(part: HostPart, shape: tuple[int, ...], sharding: Any) -> Any:
    """Draw a weight by the parts of the devices; None for those of no host, and under a trace.

    Nothing is compiled, which takes memory and time, and no device has more than its part.

    Args:
        part: draws any block of it.
        shape: of the whole.
        sharding: how it is to lie.
    """
    if is_tracing():
        return None
    mesh, is_finished = sharding.mesh, False
    if isinstance(mesh, AbstractMesh):  # as Keras passes it
        known = jax.sharding.get_mesh()
        if known.empty:
            return None
        is_finished = _is_called_by_keras()
        types = known.axis_types if is_finished else mesh.axis_types
        mesh = Mesh(known.devices, known.axis_names, axis_types=types)
    if {device.platform for device in mesh.devices.flat} != {"cpu"}:
        return None
    drawn = jax.make_array_from_callback(shape, NamedSharding(mesh, sharding.spec), part)
    return _Finished(drawn) if is_finished else drawn


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
        """Return no arrays, and itself as what describes the tree."""
        return (), self

    @classmethod
    def tree_unflatten(cls, finished: _Finished, _: Any) -> Any:
        """Return the array."""
        return finished.array


def _is_called_by_keras() -> bool:
    """Tell whether Keras itself called the initializer, and will but lay its result out."""
    frame: FrameType | None = sys._getframe(1)  # noqa: SLF001 (the documented way)
    while frame is not None and str(frame.f_globals.get("__name__")).startswith(_OWN):
        frame = frame.f_back
    return frame is not None and (frame.f_globals["__name__"], frame.f_code.co_name) == _CALLER
