"""What several generators ask of a shape."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from fanwise.core.generators.inputs import Reals
from fanwise.spec.axes import BATCH, IN, OUT, RECEPTIVE, Layout
from fanwise.spec.errors import FanwiseError
from fanwise.spec.generator_options import columns, field, rows


def check_in_and_out(layout: Layout, generator: str) -> None:
    """Raise where a weight lacks an in axis or an out axis."""
    if not {IN, OUT} <= set(layout.roles):
        context = "Only tensors with 2 or more dimensions are supported"
        hint = "Pass the shape of a kernel, and axes= that name its in and out axes."
        expected = f"a shape with in and out axes for {generator}"
        raise FanwiseError(expected, layout.shape, hint, context=context)


def matrices(layout: Layout) -> tuple[int, int, int]:
    """Return the shape of a weight as matrices: batches, (receptive · in) by out."""
    return layout.extent(BATCH), rows(layout), columns(layout)


def sizes(layout: Layout, role: str) -> tuple[int, ...]:
    """Return the sizes of the axes with a role, in canonical order."""
    pairs = zip(layout.canonical, layout.canonical_roles, strict=True)
    return tuple(size for size, axis_role in pairs if axis_role == role)


def places(layout: Layout) -> NDArray[np.intp]:
    """Number the rows of the matrices as if the receptive field stood within the inputs.

    Rows are in canonical order, receptive × in; they are numbered in the order in × receptive.
    """
    inputs, taps = layout.extent(IN), layout.extent(RECEPTIVE)
    return np.arange(inputs * taps).reshape(inputs, taps).T.reshape(-1)


def at_centre(layout: Layout, taps: Reals) -> Reals:
    """Put in-by-out matrices at the place k div 2 of every receptive axis, and zeros elsewhere."""
    weight = np.zeros((*sizes(layout, BATCH), *field(layout), *taps.shape[-2:]))
    if weight.size:
        centre: Any = tuple(size // 2 for size in field(layout))
        weight[(..., *centre, slice(None), slice(None))] = taps
    return weight.reshape(layout.canonical)


def check_matrix(layout: Layout, generator: str) -> None:
    """Raise where a weight is no matrix, each batch of it."""
    check_in_and_out(layout, generator)
    if RECEPTIVE in layout.roles:
        hint = "It has a meaning for dense layers alone."
        raise FanwiseError(f"a matrix for {generator}", layout.shape, hint)
