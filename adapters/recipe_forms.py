"""From the form in which a recipe sees a weight to the one in which a layer stores it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fanwise.adapters.layer_weights import LayerWeight
from fanwise.core.order import to_canonical
from fanwise.spec.axes import BATCH, IN, OUT, RECEPTIVE, layout
from fanwise.spec.roles import FAN_ROLES

Array = NDArray[Any]
#: The values of variables, by their names in the layer.
Values = Mapping[str, Array]


#: The axes of a depthwise kernel, whose groups are its channels, (…, channels, multiplier).
DEPTHWISE_AXES: Final = "* out out"


def recipe_form(shape: tuple[int, ...], axes: str, role: str) -> tuple[tuple[int, ...], str]:
    """Give the shape and the axes in which a recipe sees a weight.

    They are those of the canonical order, (batch, receptive field, in, out), with no role
    twice: heads are one matrix to a structured scheme, as in a framework that stores them
    so, and a depthwise kernel is a grouped one.

    Args:
        shape: the weight's shape, as it is stored.
        axes: the role of each axis.
        role: of the weight; what has fans has inputs and outputs, one at least.

    Examples:
        >>> recipe_form((8, 4, 6), "in out out", "kernel")
        ((8, 24), 'in out')
        >>> recipe_form((3, 3, 4, 2), "* out out", "kernel")
        ((3, 3, 1, 8), '* * in out')
    """
    stored = layout(shape, axes)
    if not shape:
        return (), "kernel"
    field = [
        (RECEPTIVE, size)
        for size, axis_role in zip(stored.expanded, stored.roles, strict=True)
        if axis_role == RECEPTIVE
    ]
    told = [(BATCH, stored.extent(BATCH))] if stored.extent(BATCH) != 1 else []
    told += field
    if IN in stored.roles or role in FAN_ROLES:
        told.append((IN, stored.extent(IN)))
    told.append((OUT, stored.extent(OUT)))
    return tuple(size for _, size in told), " ".join(axis_role for axis_role, _ in told)


def put(values: Values, weight: LayerWeight, drawn: Array) -> None:
    """Write a weight, in the form of a recipe, to where it lies in the values of variables."""
    if weight.whole:
        there = to_canonical(values[weight.parameter], weight.axes)
        there[...] = drawn.reshape(there.shape)
        return
    stored = np.empty(_shape(values, weight), drawn.dtype)
    there = to_canonical(stored, weight.axes)
    there[...] = drawn.reshape(there.shape)
    for block in weight.blocks():
        values[block.parameter][block.at] = stored[block.part]


def get(values: Values, weight: LayerWeight) -> Array:
    """Read a weight in canonical order from the values of variables."""
    if weight.whole:
        return to_canonical(values[weight.parameter], weight.axes)
    stored = np.empty(_shape(values, weight), values[weight.parameters[0]].dtype)
    for block in weight.blocks():
        stored[block.part] = values[block.parameter][block.at]
    return to_canonical(stored, weight.axes)


def _shape(values: Values, weight: LayerWeight) -> tuple[int, ...]:
    return weight.shape_in({name: array.shape for name, array in values.items()})
