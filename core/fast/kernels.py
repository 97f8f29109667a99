"""The compiled path's one function: draw tiles of blocks."""

from __future__ import annotations

from typing import Any

from numba import carray, cfunc, types

from fanwise.core.fast.kernel_parts import (
    AXES,
    BASE,
    BFLOAT16,
    BLOCKS,
    BY_PLANES,
    ENTRY,
    FIRST_TILE,
    FORM,
    HEADER,
    JOB,
    LAST_TILE,
    OUT,
    ROWS,
    SAFE,
    SCALE,
    STEP,
    Array,
    Ints,
    part,
    pointer,
    smaller,
    u64,
)
from fanwise.core.fast.kernel_values import make_values, to_bfloat16, to_float16
from fanwise.core.fast.kernel_words import by_planes, by_runs


@part
def scatter(
    source: Array, out: Array, place: int, extent: Ints, apart: Ints, at: Ints, shape: Ints
) -> None:
    """Write a tile to where it is stored, in the order of memory."""
    axes = len(extent)
    steps, order = shape[2 * axes : 3 * axes], shape[4 * axes : 5 * axes]
    k = axes - 1
    axis = order[k]
    length, near, far = extent[axis], apart[axis], steps[axis]
    # Axes that continue the innermost one, in the tile and in memory, are one with it.
    while k > 0:
        axis = order[k - 1]
        if apart[axis] != length * near or steps[axis] != length * far:
            break
        length *= extent[axis]
        k -= 1
    lines = 1
    for j in range(k):
        lines *= extent[order[j]]
        at[order[j]] = 0
    start = 0
    for _ in range(lines):
        line = source[start : start + 1 + (length - 1) * near]
        # Unsigned places: Numba would look for negative ones at every step.
        if near == 1 and far == 1:
            for i in range(length):
                out[u64(place + i)] = line[i]
        else:
            for i in range(length):
                out[u64(place + i * far)] = line[i * near]
        for j in range(k - 1, -1, -1):
            axis = order[j]
            at[axis] += 1
            start += apart[axis]
            place += steps[axis]
            if at[axis] < extent[axis]:
                break
            start -= extent[axis] * apart[axis]
            place -= extent[axis] * steps[axis]
            at[axis] = 0


@part
def lie(extent: Ints, order: Ints, planes: int, apart: Ints) -> None:
    """Compute how far apart neighbours along each axis are in a tile."""
    last = len(extent) - 1
    inside = 1
    if planes:
        for j in range(last, -1, -1):
            if order[j] != last:
                apart[order[j]] = inside
                inside *= extent[order[j]]
        apart[last] = inside
        return
    for axis in range(last, -1, -1):
        apart[axis] = inside
        inside *= extent[axis]


@part
def move_to(number: int, base: int, shape: Ints, extent: Ints) -> tuple[int, int]:
    """Set the extent of a tile; where it begins, in canonical order and in memory."""
    axes = len(extent)
    start, place = base, 0
    for axis in range(axes - 1, -1, -1):
        tile = shape[3 * axes + axis]
        across = (shape[axis] + tile - 1) // tile
        corner = (number % across) * tile
        number //= across
        extent[axis] = smaller(shape[axis] - corner, tile)
        start += corner * shape[axes + axis]
        place += corner * shape[2 * axes + axis]
    return start, place


@part
def draw_tiles(
    entry: Ints,
    job: Ints,
    shape: Ints,
    scale: Array,
    out: Array,
    heads: Array,
    slopes: Ints,
    ints_at: Any,
    small_at: Any,
    values_at: Any,
    bits_at: Any,
    stored_at: Any,
) -> None:
    """Write the tiles of one entry.

    The last axis is the one along which the stream runs. Where memory runs along it too, the
    words of a tile are drawn run by run; else plane by plane, one plane for every step along
    it, so that a weight is written transposed without being turned.
    """
    axes, most, lines = job[AXES], job[BLOCKS], job[ROWS]
    counts, order = shape[axes : 2 * axes], shape[4 * axes :]
    ints = carray(ints_at, 3 * axes + STEP + lines + most)
    extent, apart, at = ints[:axes], ints[axes : 2 * axes], ints[2 * axes : 3 * axes]
    slope, blocks = ints[3 * axes : 3 * axes + STEP], ints[3 * axes + STEP + lines :]
    small = carray(small_at, 3 * STEP + 8 * most)
    raw, aligned = small[3 * STEP : 3 * STEP + 4 * most], small[3 * STEP + 4 * most :]
    for number in range(entry[FIRST_TILE], entry[LAST_TILE]):
        start, place = move_to(number, job[BASE], shape, extent)
        lie(extent, order, job[BY_PLANES], apart)
        size = 1
        for axis in range(axes):
            size *= extent[axis]
        rows = size // extent[axes - 1]
        lanes = ints[3 * axes + STEP : 3 * axes + STEP + rows]
        words, values = raw[:size], carray(values_at, size)
        if job[BY_PLANES]:
            if by_planes(start, entry, extent, counts, order, at, blocks, lanes, raw, aligned):
                words = aligned[:size]
        else:
            by_runs(start, entry, extent, counts, at, blocks, lanes, raw)
        make_values(job, words, scale, heads, slopes, small, slope, values)
        stored = carray(stored_at, size)
        if job[FORM] == BFLOAT16:
            to_bfloat16(carray(bits_at, size), stored)
        elif job[FORM]:
            to_float16(carray(bits_at, size), stored)
        scatter(stored, out, place, extent, apart, at, shape)


def draw(
    entries_at: Any,
    first: int,
    last: int,
    heads_at: Any,
    slopes_at: Any,
    ints_at: Any,
    small_at: Any,
    values_at: Any,
    bits_at: Any,
    stored_at: Any,
) -> None:
    """Draw some entries: tiles of blocks, of one weight or of many.

    Args:
        entries_at: the entries, whose numbers are named in ``kernel_parts.py``. A job is
            followed by its geometry: for every axis its size, its stride in canonical
            order, its stride in memory, the tile's size; then the axes in the order of
            memory. A scale is the unit, the mean, and the largest product, in the computing
            dtype.
        first, last: which entries.
        heads_at, slopes_at: the table's first column; its second and third, as one.
        ints_at, small_at, values_at: working space.
        bits_at, stored_at: the values as bits; where the bits to be stored are made, as
            unsigned integers of an element's size.
    """
    entries = carray(entries_at, ENTRY * last)
    heads, slopes = carray(heads_at, 2048), carray(slopes_at, 2048)
    for number in range(first, last):
        entry = entries[ENTRY * number : ENTRY * (number + 1)]
        job_at = pointer(entries_at, entry[JOB])
        job = carray(job_at, HEADER)
        shape = carray(job_at, HEADER + 5 * job[AXES])[HEADER:]
        scale = carray(pointer(values_at, entry[SCALE]), 3)
        out = carray(pointer(stored_at, entry[OUT]), 1)
        draw_tiles(
            entry, job, shape, scale, out, heads, slopes,
            ints_at, small_at, values_at, bits_at, stored_at,
        )  # fmt: skip


def compiled(size: int) -> Any:
    """Compile ``draw`` for elements of 2, 4 or 8 bytes, with its text in LLVM's language."""
    stored = {2: types.uint16, 4: types.uint32, 8: types.uint64}[size]
    value = types.float64 if size == 8 else types.float32
    ints, words, values = map(types.CPointer, (types.int64, types.uint32, value))
    out = types.CPointer(stored)
    signature = types.void(
        ints, types.int64, types.int64, words, ints, ints, words, values, words, out
    )
    return cfunc(signature, **SAFE)(draw)
