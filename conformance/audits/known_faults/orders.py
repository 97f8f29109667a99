"""Faults of the order: the right stream, laid out in another one."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import numpy as np

from fanwise.conformance.audits.known_faults.bit_patterns import Bits, StreamDraw, Where, along
from fanwise.conformance.audits.known_faults.deviating_weight import (
    CONFIRMED,
    EVIDENCE,
    DeviatingWeight,
    KnownFault,
)
from fanwise.spec.axes import BATCH, Layout
from fanwise.spec.laws import StructuredLaw
from fanwise.spec.resolved import Resolved

#: Of more axes than so many, not every order is tried.
_MOST_AXES: Final = 5
#: Of so many parts the order is told.
_LISTED: Final = 16
#: How many parts a weight is divided into by those who shard it.
_SHARDS: Final = (2, 3, 4, 5, 6, 7, 8, 12, 16, 32, 64)


def other_orders(draw: StreamDraw) -> Iterator[tuple[StreamDraw, KnownFault]]:
    """Give the draws of a weight whose axes the stream counts in another order."""
    layout = draw.resolved.layout
    if isinstance(draw.resolved.law, StructuredLaw) or len(layout.expanded) < 2:
        return
    as_stored = tuple(range(len(layout.expanded)))
    yield from _ordered(draw, as_stored, "other axes order: that of storage")
    swapped = _with_last_two_swapped(layout)
    yield from _ordered(draw, swapped, "other axes order: transposed")
    yield from _ordered(draw, as_stored[::-1], "other axes order: that of storage, reversed")
    if len(layout.expanded) <= _MOST_AXES:
        for order in itertools.permutations(as_stored):
            if order not in (as_stored, swapped, as_stored[::-1]):
                yield from _ordered(draw, order, "other axes order")


def _ordered(
    draw: StreamDraw, order: tuple[int, ...], name: str
) -> Iterator[tuple[StreamDraw, KnownFault]]:
    """Give the draw whose stream counts the axes in an order, unless that is the right one."""
    layout = draw.resolved.layout
    moving = [axis for axis in order if layout.expanded[axis] > 1]
    if moving == [axis for axis in layout.order if layout.expanded[axis] > 1]:
        return
    other = replace(draw.resolved, layout=replace(layout, order=order))
    words = ", ".join(layout.roles[axis] for axis in order)
    right = ", ".join(layout.canonical_roles)
    note = f"The stream counts the axes as ({words}), not in the canonical order ({right})."
    yield replace(draw, resolved=other), KnownFault(name, note)


def _with_last_two_swapped(layout: Layout) -> tuple[int, ...]:
    *before, inputs, outputs = layout.order
    return (*before, outputs, inputs)


def moved_slices(deviating: DeviatingWeight) -> KnownFault | None:
    """Recognize a weight of which parts lie in another place: gates, heads, groups, rows."""
    shape = deviating.draw.shape
    for axis, size in enumerate(shape):
        where = along(shape, axis, deviating.first, CONFIRMED)
        held = deviating.bits(where)
        if size < 2 or held[(slice(None),) * axis + (0,)].size < EVIDENCE:
            continue
        sources = _sources(held, deviating.draw.bits(deviating.dtype, where), axis)
        if sources is not None and sources != list(range(size)):
            return _of_sources(sources, axis, deviating.draw.resolved.layout)
    return None


def _sources(held: Bits, expected: Bits, axis: int) -> list[int] | None:
    """Tell which slice of what was expected each slice holds; None where one holds no such."""
    theirs = [part.tobytes() for part in np.moveaxis(expected, axis, 0)]
    places = {part: number for number, part in enumerate(theirs)}
    found = [places.get(part.tobytes(), -1) for part in np.moveaxis(held, axis, 0)]
    return None if len(places) < len(theirs) or -1 in found else found


def _of_sources(sources: list[int], axis: int, layout: Layout) -> KnownFault:
    """Name the fault of a weight whose slices are those of other places."""
    size, batches = len(sources), layout.axes[axis].batches
    if layout.axes[axis].role == BATCH:
        batches = size
    if sources == list(range(size))[::-1] and size > 2:
        return KnownFault("axis reversed", f"Axis {axis} runs backwards.")
    if len(set(sources)) == size:
        blocks = _as_blocks(sources)
        if len(blocks) > _LISTED:
            return KnownFault("parts swapped", f"The slices on axis {axis} are in another order.")
        listed = ", ".join(map(str, blocks))
        note = f"The {len(blocks)} parts of axis {axis} are those of the places ({listed})."
        return KnownFault("gates swapped" if batches == len(blocks) else "parts swapped", note)
    first = next(n for n, source in enumerate(sources) if source != n)
    if sources[first:] == [(n - first) % first for n in range(first, size)]:
        note = f"On axis {axis}, what is at 0 comes again at {first}, and so on."
        return KnownFault("offset of a shard ignored", note)
    note = f"On axis {axis}, the slice at {first} is that of place {sources[first]} again."
    return KnownFault("shard duplicated", note)


def _as_blocks(sources: list[int]) -> list[int]:
    """Read an order of slices as one of a few equal parts, as few as there are."""
    size = len(sources)
    for count in range(2, size):
        if size % count:
            continue
        length = size // count
        parts = [sources[n * length : (n + 1) * length] for n in range(count)]
        if all(p == list(range(p[0], p[0] + length)) and p[0] % length == 0 for p in parts):
            return [part[0] // length for part in parts]
    return sources


def shards_alone(deviating: DeviatingWeight) -> KnownFault | None:
    """Recognize a weight whose shards were each drawn as a weight of their own."""
    draw = deviating.draw
    if isinstance(draw.resolved.law, StructuredLaw) or not deviating.tells:
        return None
    for axis, size in enumerate(draw.shape):
        for count in _SHARDS:
            if size % count or size == count:
                continue
            alone = _of_shard(draw, axis, size // count)
            if alone is not None and _all_shards(deviating, alone, axis, size // count):
                note = f"Each of {count} shards on axis {axis} counts its elements from 0."
                return KnownFault("offset of a shard ignored", note)
    return None


def _of_shard(draw: StreamDraw, axis: int, length: int) -> StreamDraw | None:
    layout = draw.resolved.layout
    if layout.axes[axis].batches > 1:
        return None
    at = _expanded_axis(layout, axis)
    shape = tuple(length if n == axis else size for n, size in enumerate(layout.shape))
    expanded = tuple(length if n == at else size for n, size in enumerate(layout.expanded))
    shard = replace(layout, shape=shape, expanded=expanded)
    return replace(draw, resolved=Resolved(draw.resolved.scheme, shard, draw.resolved.law))


def _expanded_axis(layout: Layout, axis: int) -> int:
    return axis + sum(1 for other in layout.axes[:axis] if other.batches > 1)


def _all_shards(deviating: DeviatingWeight, alone: StreamDraw, axis: int, length: int) -> bool:
    """Tell whether every shard holds what one draws alone, by the beginnings of all."""
    widths = [min(size, 16) for size in alone.shape]
    beginning: Where = tuple(slice(0, width) for width in widths)
    bits = alone.bits(deviating.dtype, beginning)
    if math.prod(widths) < 4:
        return False
    return all(
        np.array_equal(bits, deviating.bits(_moved(beginning, axis, start)))
        for start in range(0, deviating.draw.shape[axis], length)
    )


def _moved(where: Where, axis: int, start: int) -> Where:
    return tuple(
        slice(part.start + start, part.stop + start) if n == axis else part
        for n, part in enumerate(where)
    )
