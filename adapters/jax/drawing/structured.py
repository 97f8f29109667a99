"""Weights whose elements are fixed together, in traced code.

Where a factorization is involved the core does it on the host, in a callback: one for all
devices, or where it is known how the weight is to lie, one for each, with its part.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from fanwise.adapters.jax.drawing.host_blocks import cut, in_blocks
from fanwise.adapters.jax.drawing.host_parts import WHOLE, can_be_parted, in_parts, takers
from fanwise.adapters.jax.drawing.keys import counter_words, seed_of
from fanwise.adapters.jax.drawing.stream import stream_key, stream_words
from fanwise.adapters.jax.drawing.traced_values import round_to, values
from fanwise.core.dtypes import bfloat16_dtype, format_of
from fanwise.core.order import from_canonical
from fanwise.core.sampler import write
from fanwise.core.structured import dirac_indices
from fanwise.spec.axes import BATCH, IN, OUT, RECEPTIVE, layout
from fanwise.spec.laws import NormalLaw, StructuredLaw, zeros
from fanwise.spec.resolved import Resolved

#: The generators that are compiled; the core does the others.
_COMPILED: Final = ("identity", "dirac", "sparse")


def is_made_on_host(law: StructuredLaw) -> bool:
    """Tell whether a weight is called back from the host also where its drawing is compiled."""
    return law.generator not in _COMPILED


def generated(
    seed: Any, *, resolved: Resolved, path: str | None, dtype: Any, place: Any = None
) -> Any:
    """Return the weight of a structured law, in storage order.

    Args:
        seed: the two words (low, high) of the seed, traced or not.
        resolved: a structured scheme on a shape that its generator accepts.
        path: the weight's path.
        dtype: one of the four floating dtypes.
        place: a NamedSharding that the caller lays the weight by, or None.
    """
    law, compute = resolved.law, format_of(dtype).compute
    assert isinstance(law, StructuredLaw)
    match law.generator:
        case "identity":
            weight = _identity(law, compute)
        case "dirac":
            weight = _dirac(law, compute)
        case "sparse":
            weight = _sparse(law, seed, path, compute)
        case _:
            return on_host(resolved, seed, path, dtype, place)
    return round_to(from_canonical(weight.reshape(law.layout.canonical), law.layout), dtype)


def on_host(resolved: Resolved, seed: Any, path: str | None, dtype: Any, place: Any = None) -> Any:
    """Return the weight by the core, called back when the compiled code runs."""
    into = format_of(dtype)

    def draw(words: Any) -> Any:
        return drawn_by_core(resolved, seed_of(words), path, dtype)

    count = askers(resolved.shape, dtype, place)

    def part_of(words: Any, index: tuple[slice, ...]) -> Any:
        request = (resolved, path, into.name, seed_of(words))
        return WHOLE.get(request, partial(draw, words), count)[index]

    return from_host(part_of, seed, shape=resolved.shape, dtype=dtype, place=place)


def drawn_by_core(resolved: Resolved, seed: int, path: str | None, dtype: Any) -> Any:
    """Return a weight as a NumPy array."""
    into = format_of(dtype)
    out = np.empty(resolved.shape, into.storage)
    write(out, resolved, None, seed=seed, path=path, into=into)
    return out.view(bfloat16_dtype()) if into.name == "bfloat16" else out


def askers(shape: tuple[int, ...], dtype: Any, place: Any) -> int:
    """Return how many times this process is asked for a part of what :func:`from_host` makes."""
    if can_be_parted(place):
        return takers(place)
    return cut(shape, np.dtype(dtype).itemsize)[1]


def from_host(
    handed: Callable[[Any, tuple[slice, ...]], Any],
    seed: Any,
    *,
    shape: tuple[int, ...],
    dtype: Any,
    place: Any,
) -> Any:
    """Return, in traced code, an array that the host makes.

    A float64 array comes as pairs of words. JAX calls back from another thread, which may not
    have the 64-bit mode of the caller: it would refuse the array there, and where several devices
    wait for one another, end the process. What one device hands to the others comes as words too:
    they add zeros to it, which of a negative zero makes another.

    Args:
        handed: of the words of the seed and of an index that part, as a NumPy array.
        seed: the two words.
        shape, dtype: of the array.
        place: how it is to lie, a NamedSharding, or None.
    """
    parted, size = can_be_parted(place), np.dtype(dtype).itemsize
    kind: Any = np.uint16 if size == 2 else np.uint32
    as_words = size == 8 or not parted

    def told(words: Any, index: tuple[slice, ...] = ()) -> Any:
        part = handed(words, index)
        if not as_words:
            return part
        return np.ascontiguousarray(part).view(kind).reshape(outline(part.shape).shape)

    def finished(told: Any) -> Any:
        return lax.bitcast_convert_type(told, dtype) if as_words else told

    def outline(shape: tuple[int, ...]) -> jax.ShapeDtypeStruct:
        if not as_words:
            return jax.ShapeDtypeStruct(shape, dtype)
        return jax.ShapeDtypeStruct((*shape, 2) if size == 8 else shape, kind)

    if parted:
        part = outline(place.shard_shape(shape))
        return finished(in_parts(told, seed, part=part, sharding=place))
    seed, whole = jnp.asarray(seed), outline(shape)
    axis, count = cut(shape, size)
    if count == 1:
        return finished(jax.pure_callback(told, whole, seed, vmap_method="sequential"))
    return in_blocks(told, seed, whole=whole, axis=axis, count=count, finished=finished)


def _identity(law: StructuredLaw, compute: np.dtype[Any]) -> Any:
    canonical = law.layout.canonical
    inputs, outputs = canonical[-2:]
    eye = jnp.eye(inputs, outputs, dtype=compute) * compute.type(law.gain)
    return jnp.broadcast_to(eye, canonical)


def _dirac(law: StructuredLaw, compute: np.dtype[Any]) -> Any:
    """Input d of each group goes to output d of that group, at the centre k // 2."""
    laid_out = law.layout
    sizes = list(zip(laid_out.canonical, laid_out.canonical_roles, strict=True))
    lead = tuple(size for size, role in sizes if role in (BATCH, RECEPTIVE))
    centre = tuple(size // 2 for size, role in sizes if role == RECEPTIVE)
    weight = jnp.zeros((*lead, laid_out.extent(IN), laid_out.extent(OUT)), compute)
    return weight.at[(..., *centre, *dirac_indices(law))].set(compute.type(law.gain))


def _sparse(law: StructuredLaw, seed: Any, path: str | None, compute: np.dtype[Any]) -> Any:
    """Normal, less the outputs of each input that have the smallest words of ``mask``."""
    canonical = law.layout.canonical
    if law.gain == 0.0:
        return jnp.zeros(canonical, compute)
    # All batch: a layout that is in canonical order as it stands.
    plain = layout(canonical, " ".join([BATCH] * len(canonical)))
    words = stream_words(plain, stream_key(seed, counter_words(path)))
    mask = stream_words(plain, stream_key(seed, counter_words(path, "mask")))
    weight = values(words, NormalLaw(0.0, law.gain), compute)
    # Sorting the order gives ranks; ties go to the lower index.
    ranks = jnp.argsort(jnp.argsort(mask, axis=-1, stable=True), axis=-1)
    return jnp.where(ranks < zeros(canonical[-1], law.sparsity), compute.type(0), weight)
