"""Weights whose elements are fixed together: orthogonal, identity, dirac, sparse.

Each generator works in canonical order, (batch…, receptive…, in…, out…).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fanwise.core.dtypes import Floats, format_of
from fanwise.core.fill import fill
from fanwise.core.householder import orthonormal
from fanwise.core.keys import stream_key
from fanwise.core.philox import Words, words
from fanwise.spec.axes import BATCH, IN, OUT, RECEPTIVE, Layout
from fanwise.spec.errors import FanwiseError
from fanwise.spec.laws import Structured, zeros
from fanwise.spec.registry import scheme
from fanwise.spec.resolved import resolve
from fanwise.spec.scheme import Scheme


def structured(law: Structured, *, seed: int, path: str | None, compute: np.dtype[Any]) -> Floats:
    """The whole weight in canonical order, in the computing dtype.

    Raises:
        FanwiseError: where the generator has no meaning on the shape.
    """
    check(law)
    match law.generator:
        case "orthogonal":
            made = _orthogonal(law, seed, path)
        case "delta_orthogonal":
            made = _delta_orthogonal(law, seed, path)
        case "sparse":
            return _sparse(law, seed, path, compute)
        case "identity":
            made = _identity(law)
        case _:
            made = _dirac(law)
    # The product is one of float64, rounded once.
    result = np.empty(made.shape, compute)
    np.multiply(made, law.gain, out=result, casting="same_kind")
    return result.reshape(law.layout.canonical)


def check(law: Structured) -> None:
    """Raise where the generator has no meaning on the shape."""
    layout, generator = law.layout, law.generator
    shape = layout.shape
    inputs, outputs = layout.extent(IN), layout.extent(OUT)
    spatial = sum(role == RECEPTIVE for role in layout.roles)
    weight = sum(role != BATCH for role in layout.roles)
    if generator in ("identity", "sparse") and (spatial or weight != 2):
        what = "Only tensors with 2 dimensions are supported"
        raise FanwiseError(
            f"a matrix for {generator}", shape, "For a convolution use dirac.", context=what
        )
    if generator in ("dirac", "delta_orthogonal") and not 1 <= spatial <= 3:
        what = "Only tensors with 3, 4, or 5 dimensions are supported"
        hint = "For a matrix use identity or orthogonal."
        raise FanwiseError(f"1 to 3 receptive axes for {generator}", shape, hint, context=what)
    if weight < 2 or not {IN, OUT} <= set(layout.roles):
        what = "Only tensors with 2 or more dimensions are supported"
        hint = "Pass the shape of a kernel, and axes= that name its in and out axes."
        raise FanwiseError(
            f"a shape with in and out axes for {generator}", shape, hint, context=what
        )
    if generator == "delta_orthogonal" and outputs < inputs:
        hint = "Use at least as many outputs as inputs, or orthogonal."
        raise FanwiseError("no more inputs than outputs for delta_orthogonal", shape, hint)
    whole = layout.extent(layout.groups_on)
    if generator == "dirac" and whole % law.groups:
        what = "dim 0 must be divisible by groups"
        raise FanwiseError(
            f"groups that divide {whole}",
            law.groups,
            "Pass the layer's own groups.",
            context=what,
        )


def _orthogonal(law: Structured, seed: int, path: str | None) -> Floats:
    """One semi-orthogonal matrix, (receptive · in) by out, for each batch."""
    rows, columns = law.layout.extent(RECEPTIVE) * law.layout.extent(IN), law.layout.extent(OUT)
    return _orthogonal_matrices(law.layout, rows, columns, seed, path)


def _delta_orthogonal(law: Structured, seed: int, path: str | None) -> Floats:
    layout = law.layout
    inputs, outputs = layout.extent(IN), layout.extent(OUT)
    made = np.zeros((*_batch_and_field(layout), inputs, outputs))
    # The centre is that of JAX: (k - 1) // 2 on every receptive axis.
    centre = tuple((n - 1) // 2 for n in _field(layout))
    where: Any = (..., *centre, slice(None), slice(None))
    made[where] = _orthogonal_matrices(layout, inputs, outputs, seed, path).reshape(
        *_batches(layout), inputs, outputs
    )
    return made


def _orthogonal_matrices(
    layout: Layout, rows: int, columns: int, seed: int, path: str | None
) -> Floats:
    batches = math.prod(_batches(layout))
    drawn = np.empty(batches * rows * columns)
    _draw(drawn, scheme("normal"), seed, path)
    matrices = [orthonormal(matrix) for matrix in drawn.reshape(batches, rows, columns)]
    if len(matrices) == 1:
        return matrices[0][None]
    return np.stack(matrices) if matrices else np.empty((0, rows, columns))


def _sparse(law: Structured, seed: int, path: str | None, compute: np.dtype[Any]) -> Floats:
    """Normal, less the outputs of each input that have the smallest words of ``mask``."""
    shape = law.layout.canonical
    outputs, size = shape[-1], math.prod(shape)
    if law.gain == 0.0:
        return np.zeros(shape, compute)
    made = np.empty(size, compute)
    _draw(made, scheme("normal", std=law.gain), seed, path)
    made = made.reshape(shape)
    mask = _whole(stream_key(seed, path, "mask"), size).reshape(shape)
    smallest = np.argsort(mask, axis=-1, kind="stable")[..., : zeros(outputs, law.sparsity)]
    np.put_along_axis(made, smallest, compute.type(0), axis=-1)
    return made


def _identity(law: Structured) -> Floats:
    inputs, outputs = law.layout.canonical[-2:]
    batches = _batches(law.layout)
    return np.broadcast_to(np.eye(inputs, outputs), (*batches, inputs, outputs))


def _dirac(law: Structured) -> Floats:
    """Input d of each group goes to output d of that group, at the centre k // 2."""
    layout = law.layout
    made = np.zeros((*_batch_and_field(layout), layout.extent(IN), layout.extent(OUT)))
    where: Any = (..., *(n // 2 for n in _field(layout)), *dirac_indices(law))
    made[where] = 1.0
    return made


def dirac_indices(law: Structured) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
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


def _draw(out: Floats, elements: Scheme, seed: int, path: str | None) -> None:
    """Draw a weight in canonical order, as one axis."""
    if out.size:
        resolved = resolve(elements, out.shape, OUT)
        fill(out, resolved, None, seed=seed, path=path, into=format_of(out.dtype))


def _whole(key: tuple[int, int], size: int) -> Words:
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
    return tuple(size for size, own in pairs if own == role)
