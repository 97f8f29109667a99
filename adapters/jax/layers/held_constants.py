"""Kernels of a built model that are constant: what a layer was given, and no longer tells.

The layers of nnx forget their initializers once they are built. That a kernel among random ones
holds zeros says as much as the function that made them did.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import jax.numpy as jnp

from fanwise.adapters.jax.layers.collection import ArrayWeight
from fanwise.adapters.jax.layers.model_arrays import ModelArrays
from fanwise.spec.registry import scheme
from fanwise.spec.roles import FAN_ROLES
from fanwise.spec.weights import Start


def with_held_constants(arrays: ModelArrays) -> ModelArrays:
    """Take constant kernels for declared ones, if others of the model are random."""
    kernels = [w for w in arrays.weights if w.weight.role in FAN_ROLES and w.weight.own is None]
    held = {id(stored): _constant(stored, arrays.values) for stored in kernels}
    if all(value is not None for value in held.values()):
        return arrays  # made to be filled, or of no kernels
    weights = []
    for stored in arrays.weights:
        value = held.get(id(stored))
        if value is not None:
            constant = scheme("constant", value=value) if value else scheme("zeros")
            start = Start(constant, text=f"constant {value:g}, as it holds")
            stored = replace(stored, weight=replace(stored.weight, own=start))  # noqa: PLW2901
        weights.append(stored)
    return replace(arrays, weights=weights)


def _constant(stored: ArrayWeight, values: Mapping[int, Any]) -> float | None:
    """Return the one value that a weight holds throughout; None where there are several, or none.

    Of one element nothing can be told.
    """
    first = None
    size = 0
    for key, block in stored.blocks:
        value = values.get(key)
        if value is None or not getattr(value, "is_fully_addressable", True):
            return None
        part = value[block.at] if block.at else value
        size += part.size
        if not part.size:
            continue
        number = float(part.reshape(-1)[0])
        first = number if first is None else first
        if number != first or not bool(jnp.all(part == number)):
            return None
    return first if size > 1 else None
