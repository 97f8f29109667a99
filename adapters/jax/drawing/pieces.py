"""Arrays that hold pieces of weights, in traced code: packed gates, and weights in several arrays.

Every element is computed at its own place, whichever weight it belongs to. Where pieces are drawn
apart and put side by side, each device makes all of them, or sends what it has made.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import jax.numpy as jnp
import numpy as np
from jax import lax

from fanwise.adapters.jax.drawing.host_parts import WHOLE
from fanwise.adapters.jax.drawing.keys import counter_words, seed_of, words_of_seed
from fanwise.adapters.jax.drawing.stream import positions, stream_key, words_at
from fanwise.adapters.jax.drawing.structured import drawn_by_core, from_host
from fanwise.adapters.jax.drawing.traced_values import constant, round_to, values
from fanwise.core.dtypes import format_of
from fanwise.spec.errors import FanwiseError
from fanwise.spec.laws import ConstantLaw, Law, StructuredLaw
from fanwise.spec.resolved import Resolved

Box = tuple[tuple[int, int], ...]
_MOST: Final = 1 << 32
#: By scheme and shape, path, and dtype.
Requests = Mapping[tuple[Resolved, str, Any], int]


@dataclass(frozen=True)
class PackedBlock:
    """A block of an array that holds a block of a weight.

    Attributes:
        resolved, path: what the weight is drawn by.
        box: from where to where the block of the array goes, along each axis.
        of: the same of the weight; both have as many elements, in the same order.
    """

    resolved: Resolved
    path: str
    box: Box
    of: Box


def boxed(shape: tuple[int, ...], index: Sequence[int | slice]) -> Box:
    """Return from where to where a block goes; an integer is a block of one."""
    given = itertools.chain(index, itertools.repeat(slice(None)))
    at = (slice(i, i + 1) if isinstance(i, int) else i for i in given)
    return tuple(part.indices(size)[:2] for size, part in zip(shape, at, strict=False))


def draw_pieces(
    pieces: Sequence[PackedBlock],
    *,
    shape: tuple[int, ...],
    dtype: Any,
    seed: int,
    old: Any,
    place: Any,
    requests: Requests,
) -> Any:
    """Draw all pieces of an array.

    Args:
        pieces: what it holds of weights.
        shape, dtype: of the array.
        seed: of the weights.
        old: values of what no piece covers, or None.
        place: how the array is to lie, a NamedSharding, or None.
        requests: how many times the host will be asked for a weight and dtype, by all arrays.
    """
    array = jnp.zeros(shape, dtype) if old is None else old
    along = [lax.broadcasted_iota(np.uint32, shape, axis) for axis in range(len(shape))]
    groups: dict[Law | None, list[PackedBlock]] = {}
    for piece in pieces:
        law = piece.resolved.law
        groups.setdefault(None if isinstance(law, StructuredLaw) else law, []).append(piece)
    for shared, group in groups.items():
        inside = [_is_inside(piece.box, along, shape) for piece in group]
        if shared is None:
            part_of = partial(_part_on_host, group, shape, dtype, requests)
            words = words_of_seed(seed)
            drawn = from_host(part_of, words, shape=shape, dtype=dtype, place=place)
        elif isinstance(shared, ConstantLaw):
            drawn = constant(shared.value, dtype)
        else:
            drawn = _elementwise(shared, group, inside, along, seed, dtype)
        covered = inside[0]
        for other in inside[1:]:
            covered = covered | other
        array = jnp.where(covered, drawn, array)
    return array


def _elementwise(
    law: Law,
    pieces: Sequence[PackedBlock],
    inside: Sequence[Any],
    along: Any,
    seed: int,
    dtype: Any,
) -> Any:
    """Compute every element as if it lay in one of the pieces: outside them the values are void."""
    seed_words = words_of_seed(seed)
    found = [
        (
            *positions(piece.resolved.layout, _coordinates(piece, along)),
            *stream_key(seed_words, counter_words(piece.path)),
        )
        for piece in pieces
    ]
    high, low, *key = found[0]
    one_stream = len({piece.path for piece in pieces}) == 1
    for here, (high_there, low_there, *key_there) in zip(inside[1:], found[1:], strict=True):
        high, low = jnp.where(here, high_there, high), jnp.where(here, low_there, low)
        if not one_stream:
            key = [jnp.where(here, new, old) for new, old in zip(key_there, key, strict=True)]
    words = words_at((high, low), (key[0], key[1]))
    return round_to(values(words, law, format_of(dtype).compute), dtype)


def _is_inside(box: Box, along: Sequence[Any], shape: tuple[int, ...]) -> Any:
    inside = jnp.ones(shape, bool)
    for (start, stop), place, size in zip(box, along, shape, strict=True):
        if start > 0:
            inside = inside & (place >= np.uint32(start))
        if stop < size:
            inside = inside & (place < np.uint32(stop))
    return inside


def _coordinates(piece: PackedBlock, along: Sequence[Any]) -> list[Any]:
    """Return where in the weight each element of the array lies, its place along each axis.

    Raises:
        FanwiseError: where too many elements are laid out anew to be counted.
    """
    within = [place - np.uint32(start) for place, (start, _) in zip(along, piece.box, strict=True)]
    inner: list[Any] = []
    for axes, wanted in _alike(_sizes(piece.box), _sizes(piece.of)):
        if math.prod(wanted) > _MOST:
            hint = "Store it as it is, or in more arrays."
            raise FanwiseError("a block of fewer than 2**32 elements", wanted, hint)
        flat = jnp.uint32(0)
        for axis, size in axes:
            flat = flat * np.uint32(size) + within[axis] if size != 1 else flat
        places = []
        for size in reversed(wanted[1:]):
            places.append(flat % np.uint32(size))
            flat = flat // np.uint32(size)
        inner += [flat, *reversed(places)] if wanted else []
    return [place + np.uint32(start) for place, (start, _) in zip(inner, piece.of, strict=True)]


def _alike(
    sizes: Sequence[int], wanted: Sequence[int]
) -> Iterator[tuple[list[tuple[int, int]], list[int]]]:
    """Yield axes, with their numbers, and the sizes of those that they are laid out as."""
    left, right = list(enumerate(sizes)), list(wanted)
    while left or right:
        axes, others = left[:1], right[:1]
        del left[:1], right[:1]
        while (had := math.prod(size for _, size in axes)) != (want := math.prod(others)):
            if had < want:
                axes.append(left.pop(0))
            else:
                others.append(right.pop(0))
        yield axes, others


def _part_on_host(
    pieces: Sequence[PackedBlock],
    shape: tuple[int, ...],
    dtype: Any,
    requests: Requests,
    words: Any,
    index: tuple[slice, ...],
) -> Any:
    """Return a part of an array, with what lies in it of the pieces."""
    asked = boxed(shape, index)
    part = np.zeros(_sizes(asked), dtype)
    for piece in pieces:
        resolved, path, seed = piece.resolved, piece.path, seed_of(words)
        weight = WHOLE.get(
            (resolved, path, np.dtype(dtype).name, seed),
            partial(drawn_by_core, resolved, seed, path, dtype),
            requests[resolved, path, dtype],
        )
        block = weight[tuple(slice(*ends) for ends in piece.of)].reshape(_sizes(piece.box))
        pairs = list(zip(piece.box, asked, strict=True))
        common = [(max(a[0], b[0]), min(a[1], b[1])) for a, b in pairs]
        if all(start < stop for start, stop in common):
            into, of = (
                tuple(
                    slice(start - box[axis][0], stop - box[axis][0])
                    for axis, (start, stop) in enumerate(common)
                )
                for box in (asked, piece.box)
            )
            part[into] = block[of]
    return part


def _sizes(box: Box) -> tuple[int, ...]:
    return tuple(stop - start for start, stop in box)
