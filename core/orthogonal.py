"""Orthogonal weights: which matrices they are in memory, and what they are made of."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

from fanwise.core.blocks import Index, block_shape
from fanwise.core.dtypes import Floats
from fanwise.core.fast.gate import Backend
from fanwise.core.householder import Gaussians, write_orthonormal
from fanwise.core.lines import line_scratch
from fanwise.core.reflections import Matrix
from fanwise.spec.axes import BATCH, IN, OUT, RECEPTIVE, Layout
from fanwise.spec.registry import scheme
from fanwise.spec.resolved import Resolved, resolve

#: Draws elements into an array, from the stream of the weight: of a scheme on a shape the whole,
#: or the block at an index.
Draw = Callable[[Floats, Resolved, Index | None], None]


def matrices_of(layout: Layout) -> tuple[int, int, int]:
    """Return the shape of semi-orthogonal ones, (receptive · in) by out, one for each batch."""
    inputs = layout.extent(RECEPTIVE) * layout.extent(IN)
    return layout.extent(BATCH), inputs, layout.extent(OUT)


def as_matrices(out: NDArray[Any], layout: Layout) -> Floats | None:
    """Return a view of a weight as matrices; None where they do not lie at even distances."""
    strides = _distances(layout, out.strides)
    if strides is None or not out.flags.aligned or any(step % out.itemsize for step in strides):
        return None
    return as_strided(out, matrices_of(layout), strides)


@lru_cache(maxsize=1024)
def _distances(layout: Layout, strides: tuple[int, ...]) -> tuple[int, ...] | None:
    """Return how far matrices, rows and columns are from each other; None if that varies."""
    array = as_strided(np.empty(0, np.int8), layout.shape, strides)
    canonical = array.reshape(layout.expanded).transpose(layout.order)
    axes = list(zip(layout.canonical_roles, canonical.shape, canonical.strides, strict=True))
    found = []
    for taken in ((BATCH,), (RECEPTIVE, IN), (OUT,)):
        distance = _distance([(size, step) for role, size, step in axes if role in taken])
        if distance is None:
            return None
        found.append(distance)
    return tuple(found)


def _distance(axes: list[tuple[int, int]]) -> int | None:
    """Return how far neighbours are from each other along axes that are taken together."""
    distance, reach = 0, None
    for size, step in reversed(axes):
        if size == 1:
            continue
        if reach is None:
            distance = reach = step
        elif step != reach:
            return None
        reach *= size
    return distance


def write_orthogonal(out: Floats, gain: float, draw: Draw, backend: Backend | None) -> None:
    """Write orthogonal matrices, made of the elements of the stream in their order.

    Args:
        out: float32 or float64, (batches, rows, columns), any strides.
        gain: what they are multiplied by.
        draw: draws from the stream of the weight.
        backend: what makes them; None for the one that suits.
    """
    write_orthonormal(gaussians_of(out.shape, draw), out, gain, backend)


def gaussians_of(shape: tuple[int, ...], draw: Draw) -> Gaussians:
    """Return what draws blocks of the standard normals that matrices are made of.

    Args:
        shape: of the matrices, (batches, rows, columns).
        draw: draws from the stream of the weight.
    """
    normal = resolve(scheme("normal"), shape, "batch in out")

    def gaussians(index: Index) -> Matrix:
        wanted = block_shape(index, shape)
        drawn = line_scratch("gaussians", wanted)
        draw(drawn, normal, None if wanted == shape else index)
        return drawn

    return gaussians
