"""Weights that are spread over devices, as a distribution of Keras lays them out."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import keras

from fanwise.adapters.keras.drawing.portable import LARGEST_CONSTANT, HostPart
from fanwise.spec.errors import FanwiseError


def spread(
    draw: Callable[[], Any],
    shape: tuple[int, ...],
    layout: Any,
    *,
    is_known: bool = True,
    part: HostPart | None = None,
) -> Any:
    """Draw a weight on the devices that it is spread over, each its part of a large one.

    Args:
        draw: draws all of it.
        shape: its shape.
        layout: a ``keras.distribution.TensorLayout``, or a sharding of JAX.
        is_known: whether the seed is known; that of a generator is asked for at each draw, so
            the weight is drawn whole.
        part: draws any block of it on the host; None where only all of it can be drawn.

    Raises:
        FanwiseError: on a backend other than JAX.
    """
    sharding = _sharding(layout)
    import jax
    import jax.numpy as jnp

    from fanwise.adapters.jax.drawing.sharding import sharded
    from fanwise.adapters.keras.drawing.host_layouts import drawn_on_hosts

    if math.prod(shape) <= LARGEST_CONSTANT or not is_known:
        with _no_mesh(sharding):
            weight = draw()
        return place(weight, sharding)
    if part is not None:
        weight = drawn_on_hosts(part, shape, sharding)
        if weight is not None:
            return weight
    if not _has_explicit_axes(sharding):
        return jax.jit(draw, out_shardings=sharding)()

    def cut(_: Any) -> Any:
        # Otherwise every device draws all of it, and keeps its part.
        return jax.lax.with_sharding_constraint(draw(), sharding.spec)

    return sharded(jax.jit(cut), shape, sharding)(jnp.zeros(()))


def place(weight: Any, layout: Any) -> Any:
    """Lay out a weight that was drawn whole; the layout is as in :func:`spread`."""
    sharding = _sharding(layout)
    import jax

    from fanwise.adapters.jax.drawing.sharding import placed

    if not _has_explicit_axes(sharding):
        return jax.device_put(weight, sharding)
    return placed(weight, sharding)


def _sharding(layout: Any) -> Any:
    """Return what JAX calls the layout."""
    if keras.config.backend() != "jax":
        hint = "Leave it out: on this backend Keras itself lays variables out."
        raise FanwiseError("no layout on a backend other than JAX", layout, hint)
    is_of_keras = isinstance(layout, keras.distribution.TensorLayout)
    return layout.backend_layout if is_of_keras else layout


def _has_explicit_axes(sharding: Any) -> bool:
    """Tell whether the mesh is one whose axes every operation must say, as Keras makes it."""
    return bool(getattr(sharding.mesh, "explicit_axes", ()))


def _no_mesh(sharding: Any) -> AbstractContextManager[Any]:
    """Forget the mesh in which Keras calls: its axes are no business of a weight drawn whole."""
    import jax

    if not _has_explicit_axes(sharding):
        return contextlib.nullcontext()
    empty = jax.sharding.AbstractMesh((), ())
    return jax.sharding.use_abstract_mesh(empty)  # type: ignore[no-any-return]
