"""Weights whose elements are fixed together: orthogonal, identity, dirac, sparse.

Each generator works in canonical order, (batch…, receptive…, in…, out…).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fanwise.core.dtypes import Floats, format_of
from fanwise.core.fast.gate import Backend
from fanwise.core.fill import fill
from fanwise.core.householder import orthonormal
from fanwise.core.keys import stream_key
from fanwise.core.philox import Key, Words, words
from fanwise.spec.axes import BATCH, IN, OUT, RECEPTIVE, Layout
from fanwise.spec.errors import FanwiseError
from fanwise.spec.laws import Generator, StructuredLaw, zeros
from fanwise.spec.registry import scheme
from fanwise.spec.resolved import resolve
from fanwise.spec.scheme import Scheme

#: Draws a scheme into an array, from the stream of the weight.
Draw = Callable[[Floats, Scheme], None]


def structured(
    law: StructuredLaw,
    *,
    seed: int,
    path: str | None,
    compute: np.dtype[Any],
    backend: Backend | None = None,
) -> Floats:
    """Draw the whole weight in canonical order, in the computing dtype.

    Args:
        law: what to draw, and on which shape.
        seed, path: they choose the stream.
        compute: float32 or float64.
        backend: what draws the elements; None for the one that suits.

    Raises:
        FanwiseError: where the generator has no meaning on the shape.
    """
    check(law)
    elements = partial(_draw, seed=seed, path=path, backend=backend)
    match law.generator:
        case Generator.ORTHOGONAL:
            unscaled = _orthogonal(law, elements)
        case Generator.DELTA_ORTHOGONAL:
            unscaled = _delta_orthogonal(law, elements)
        case Generator.IDENTITY:
            unscaled = _identity(law)
        case Generator.DIRAC:
            unscaled = _dirac(law)
        case Generator.SPARSE:
            return _sparse(law, elements, stream_key(seed, path, "mask"), compute)
    # The product is one of float64, rounded once.
    result = np.empty(unscaled.shape, compute)
    np.multiply(unscaled, law.gain, out=result, casting="same_kind")
    return result.reshape(law.layout.canonical)


def check(law: StructuredLaw) -> None:
    """Raise where the generator has no meaning on the shape."""
    layout, generator = law.layout, law.generator
    shape = layout.shape
    inputs, outputs = layout.extent(IN), layout.extent(OUT)
    spatial = sum(role == RECEPTIVE for role in layout.roles)
    weight = sum(role != BATCH for role in layout.roles)
    if generator in (Generator.IDENTITY, Generator.SPARSE) and (spatial or weight != 2):
        context = "Only tensors with 2 dimensions are supported"
        raise FanwiseError(
            f"a matrix for {generator}", shape, "For a convolution use dirac.", context=context
        )
    if generator in (Generator.DIRAC, Generator.DELTA_ORTHOGONAL) and not 1 <= spatial <= 3:
        context = "Only tensors with 3, 4, or 5 dimensions are supported"
        hint = "For a matrix use identity or orthogonal."
        raise FanwiseError(f"1 to 3 receptive axes for {generator}", shape, hint, context=context)
    if weight < 2 or not {IN, OUT} <= set(layout.roles):
        context = "Only tensors with 2 or more dimensions are supported"
        hint = "Pass the shape of a kernel, and axes= that name its in and out axes."
        raise FanwiseError(
            f"a shape with in and out axes for {generator}", shape, hint, context=context
        )
    if generator is Generator.DELTA_ORTHOGONAL and outputs < inputs:
        hint = "Use at least as many outputs as inputs, or orthogonal."
        raise FanwiseError("no more inputs than outputs for delta_orthogonal", shape, hint)
    whole = layout.extent(layout.groups_on)
    if generator is Generator.DIRAC and whole % law.groups:
        context = "dim 0 must be divisible by groups"
        raise FanwiseError(
            f"groups that divide {whole}",
            law.groups,
            "Pass the layer's own groups.",
            context=context,
        )


def _orthogonal(law: StructuredLaw, elements: Draw) -> Floats:
    """Make one semi-orthogonal matrix, (receptive · in) by out, for each batch."""
    rows, columns = law.layout.extent(RECEPTIVE) * law.layout.extent(IN), law.layout.extent(OUT)
    return _orthogonal_matrices(law.layout, rows, columns, elements)


def _delta_orthogonal(law: StructuredLaw, elements: Draw) -> Floats:
    layout = law.layout
    inputs, outputs = layout.extent(IN), layout.extent(OUT)
    weight = np.zeros((*_batch_and_field(layout), inputs, outputs))
    # The centre is that of JAX: (k - 1) // 2 on every receptive axis.
    centre = tuple((n - 1) // 2 for n in _field(layout))
    where: Any = (..., *centre, slice(None), slice(None))
    weight[where] = _orthogonal_matrices(layout, inputs, outputs, elements).reshape(
        *_batches(layout), inputs, outputs
    )
    return weight


def _orthogonal_matrices(layout: Layout, rows: int, columns: int, elements: Draw) -> Floats:
    batches = math.prod(_batches(layout))
    drawn = np.empty(batches * rows * columns)
    elements(drawn, scheme("normal"))
    matrices = [orthonormal(matrix) for matrix in drawn.reshape(batches, rows, columns)]
    if len(matrices) == 1:
        return matrices[0][None]
    return np.stack(matrices) if matrices else np.empty((0, rows, columns))


def _sparse(law: StructuredLaw, elements: Draw, mask_key: Key, compute: np.dtype[Any]) -> Floats:
    """Draw normals, less the outputs of each input that have the smallest words of ``mask``."""
    shape = law.layout.canonical
    outputs, size = shape[-1], math.prod(shape)
    if law.gain == 0.0:
        return np.zeros(shape, compute)
    drawn = np.empty(size, compute)
    elements(drawn, scheme("normal", std=law.gain))
    drawn = drawn.reshape(shape)
    mask = _whole(mask_key, size).reshape(shape)
    smallest = np.argsort(mask, axis=-1, kind="stable")[..., : zeros(outputs, law.sparsity)]
    np.put_along_axis(drawn, smallest, compute.type(0), axis=-1)
    return drawn


def _identity(law: StructuredLaw) -> Floats:
    inputs, outputs = law.layout.canonical[-2:]
    batches = _batches(law.layout)
    return np.broadcast_to(np.eye(inputs, outputs), (*batches, inputs, outputs))


def _dirac(law: StructuredLaw) -> Floats:
    """Send input d of each group to output d of that group, at the centre k // 2."""
    layout = law.layout
    weight = np.zeros((*_batch_and_field(layout), layout.extent(IN), layout.extent(OUT)))
    where: Any = (..., *(n // 2 for n in _field(layout)), *dirac_indices(law))
    weight[where] = 1.0
    return weight


def dirac_indices(law: StructuredLaw) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the in and the out index of every one of a dirac.

    The axis that holds all groups counts on from group to group, the other begins again.
    """
    inputs, outputs = law.layout.group_extents(law.groups)
    through = np.arange(min(inputs, outputs))
    groups = np.arange(law.groups)[:, None]
    within = np.broadcast_to(through, (law.groups, len(through)))
    if law.layout.groups_on == IN:
        return groups * inputs + through, within
    return within, groups * outputs + through


def _draw(
    out: Floats, elements: Scheme, *, seed: int, path: str | None, backend: Backend | None
) -> None:
    """Draw a weight in canonical order, as one axis."""
    if out.size:
        resolved, into = resolve(elements, out.shape, OUT), format_of(out.dtype)
        fill(out, resolved, None, seed=seed, path=path, into=into, backend=backend)


def _whole(key: Key, size: int) -> Words:
    drawn: Words = words(key, np.zeros(1, np.uint64), size)[0]
    return drawn


def _batches(layout: Layout) -> tuple[int, ...]:
    return _sizes(layout, BATCH)


def _field(layout: Layout) -> tuple[int, ...]:
    return _sizes(layout, RECEPTIVE)


def _batch_and_field(layout: Layout) -> tuple[int, ...]:
    return _batches(layout) + _field(layout)


def _sizes(layout: Layout, role: str) -> tuple[int, ...]:
    pairs = zip(layout.canonical, layout.canonical_roles, strict=True)
    return tuple(size for size, axis_role in pairs if axis_role == role)
