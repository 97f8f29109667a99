"""Weights whose elements are fixed together: orthogonal, identity, dirac, sparse.

Each generator works in canonical order, (batch…, receptive…, in…, out…).
"""

from __future__ import annotations

import math
from functools import lru_cache, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fanwise.core.blocks import Index
from fanwise.core.dtypes import Floats, Format, empty, format_of, rounded
from fanwise.core.fast.gate import Backend
from fanwise.core.fill import fill
from fanwise.core.keys import stream_key
from fanwise.core.order import from_canonical, store
from fanwise.core.orthogonal import Draw, as_matrices, matrices_of, write_orthogonal
from fanwise.core.orthogonal_blocks import is_in_blocks, write_block
from fanwise.core.philox import Key, Words, words
from fanwise.core.whole import check_whole, is_whole, make_whole
from fanwise.spec.axes import BATCH, IN, OUT, RECEPTIVE, Layout
from fanwise.spec.errors import FanwiseError
from fanwise.spec.laws import Generator, StructuredLaw, zeros
from fanwise.spec.registry import scheme
from fanwise.spec.resolved import Resolved, resolve


def write_structured(
    out: NDArray[Any],
    law: StructuredLaw,
    index: Index | None,
    *,
    seed: int,
    path: str | None,
    into: Format,
    backend: Backend | None = None,
) -> None:
    """Write a weight, or a block of it, into storage.

    Args:
        out: storage of the block's shape, any strides; uint16 for bfloat16.
        law: what to draw, and on which shape.
        index: one slice per axis; None for the whole weight.
        seed, path: they choose the stream.
        into: the dtype of the weight.
        backend: what draws the elements; None for the one that suits.

    Raises:
        FanwiseError: where the generator has no meaning on the shape.
    """
    check(law)
    draw = partial(_draw, seed=seed, path=path, backend=backend)
    if law.generator is Generator.ORTHOGONAL and index is None and into.storage == into.compute:
        matrices = as_matrices(out, law.layout)
        if matrices is not None:
            write_orthogonal(matrices, law.gain, draw, backend)
            return
    if index is not None and is_in_blocks(law):
        write_block(out, law, index, draw, into, backend)
        return
    if is_whole(law):
        made = make_whole(law, seed=seed, path=path)
        drawn: Floats = made.astype(into.compute, copy=False)
    else:
        drawn = _drawn(law, draw, stream_key(seed, path, "mask"), into.compute, backend)
    stored = from_canonical(drawn.reshape(law.layout.canonical), law.layout)
    store(rounded(stored if index is None else stored[index], into), out)


def _drawn(
    law: StructuredLaw, draw: Draw, mask_key: Key, compute: np.dtype[Any], backend: Backend | None
) -> Floats:
    """Draw the whole weight, its elements in canonical order, in the computing dtype."""
    match law.generator:
        case Generator.ORTHOGONAL:
            made: Floats = empty(matrices_of(law.layout), compute)
            write_orthogonal(made, law.gain, draw, backend)
            return made
        case Generator.DELTA_ORTHOGONAL:
            return _delta_orthogonal(law, draw, compute, backend)
        case Generator.SPARSE:
            return _sparse(law, draw, mask_key, compute)
        case Generator.IDENTITY:
            unscaled = _identity(law)
        case Generator.DIRAC:
            unscaled = _dirac(law)
    # The product is one of float64, rounded once.
    result = np.empty(unscaled.shape, compute)
    np.multiply(unscaled, law.gain, out=result, casting="same_kind")
    return result


@lru_cache(maxsize=1024)
def check(law: StructuredLaw) -> None:
    """Raise where the generator has no meaning on the shape."""
    if is_whole(law):
        check_whole(law)
        return
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


def _delta_orthogonal(
    law: StructuredLaw, draw: Draw, compute: np.dtype[Any], backend: Backend | None
) -> Floats:
    layout = law.layout
    inputs, outputs = layout.extent(IN), layout.extent(OUT)
    weight = np.zeros((*_batch_and_field(layout), inputs, outputs), compute)
    # The centre is that of JAX: (k - 1) // 2 on every receptive axis.
    centre = tuple((n - 1) // 2 for n in _field(layout))
    where: Any = (..., *centre, slice(None), slice(None))
    made: Floats = empty((layout.extent(BATCH), inputs, outputs), compute)
    write_orthogonal(made, law.gain, draw, backend)
    weight[where] = made.reshape(*_batches(layout), inputs, outputs)
    return weight


def _sparse(law: StructuredLaw, draw: Draw, mask_key: Key, compute: np.dtype[Any]) -> Floats:
    """Draw normals, less the outputs of each input that have the smallest words of ``mask``."""
    shape = law.layout.canonical
    outputs, size = shape[-1], math.prod(shape)
    if law.gain == 0.0:
        return np.zeros(shape, compute)
    drawn = np.empty(size, compute)
    if size:
        draw(drawn, resolve(scheme("normal", std=law.gain), drawn.shape, OUT), None)
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
    out: Floats,
    elements: Resolved,
    index: Index | None,
    *,
    seed: int,
    path: str | None,
    backend: Backend | None,
) -> None:
    """Draw what a weight is made of, or a block of it."""
    fill(out, elements, index, seed=seed, path=path, into=format_of(out.dtype), backend=backend)


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
