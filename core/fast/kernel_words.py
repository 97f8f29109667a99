"""The words of a tile, compiled: run by run along the stream, or plane by plane across it."""

from __future__ import annotations

from typing import Any

from fanwise.core.fast.kernel_parts import K0, K1, Array, Ints, part, u32, u64

#: Of Philox4x32 (Salmon et al. 2011), as in ``philox.py``.
ROUNDS, M0, M1, W0, W1 = 10, 0xD2511F53, 0xCD9E8D57, 0x9E3779B9, 0xBB67AE85


@part
def philox(k0: int, k1: int, block: int) -> tuple[Any, Any, Any, Any]:
    """Compute the four words of a block."""
    c0, c1, c2, c3 = u32(block), u32(u64(block) >> u64(32)), u32(0), u32(0)
    a0, a1 = u32(k0), u32(k1)
    for _ in range(ROUNDS):
        p0 = u64(c0) * u64(M0)
        p1 = u64(c2) * u64(M1)
        c0 = u32(u32(u32(p1 >> u64(32)) ^ c1) ^ a0)
        c1 = u32(p1)
        c2 = u32(u32(u32(p0 >> u64(32)) ^ c3) ^ a1)
        c3 = u32(p0)
        a0 = u32(a0 + u32(W0))
        a1 = u32(a1 + u32(W1))
    return c0, c1, c2, c3


@part
def in_runs(k0: int, k1: int, blocks: Ints, count: int, words: Array) -> None:
    """Draw the words of blocks, one block after the other."""
    for b in range(count):
        w0, w1, w2, w3 = philox(k0, k1, blocks[b])
        words[4 * b] = w0
        words[4 * b + 1] = w1
        words[4 * b + 2] = w2
        words[4 * b + 3] = w3


@part
def in_planes(k0: int, k1: int, blocks: Ints, ahead: int, words: Array) -> None:
    """Draw the words of the block that lies ``ahead`` of each: all first words, all second."""
    count = len(blocks)
    plane0, plane1 = words[:count], words[count : 2 * count]
    plane2, plane3 = words[2 * count : 3 * count], words[3 * count : 4 * count]
    for b in range(count):
        w0, w1, w2, w3 = philox(k0, k1, blocks[b] + ahead)
        plane0[b] = w0
        plane1[b] = w1
        plane2[b] = w2
        plane3[b] = w3


@part
def close_runs(length: int, lanes: Ints, words: Array) -> None:
    """Move the words of every run together; each goes towards the front."""
    source = 0
    for run in range(len(lanes)):
        lane = lanes[run]
        for i in range(length):
            words[run * length + i] = words[source + lane + i]
        source += 4 * ((lane + length + 3) >> 2)


@part
def align_planes(planes: int, lanes: Ints, raw: Array, words: Array) -> None:
    """Take of each row the words from its own lane on: plane p is raw plane p + lane."""
    rows = len(lanes)
    for plane in range(planes):
        line = words[plane * rows : (plane + 1) * rows]
        raw0 = raw[plane * rows : (plane + 1) * rows]
        raw1 = raw[(plane + 1) * rows : (plane + 2) * rows]
        raw2 = raw[(plane + 2) * rows : (plane + 3) * rows]
        raw3 = raw[(plane + 3) * rows : (plane + 4) * rows]
        for row in range(rows):
            lane = lanes[row]
            low = raw1[row] if lane & 1 else raw0[row]
            high = raw3[row] if lane & 1 else raw2[row]
            line[row] = high if lane & 2 else low


@part
def find_runs(start: int, extent: Ints, counts: Ints, at: Ints, blocks: Ints, lanes: Ints) -> int:
    """Find the lane in which every run starts, and the numbers of the blocks that they take."""
    last = len(extent) - 1
    length = extent[last]
    at[:] = 0
    taken = 0
    for run in range(len(lanes)):
        lane, block = start & 3, start >> 2
        lanes[run] = lane
        here = (lane + length + 3) >> 2
        for b in range(here):
            blocks[taken + b] = block + b
        taken += here
        for axis in range(last - 1, -1, -1):
            at[axis] += 1
            start += counts[axis]
            if at[axis] < extent[axis]:
                break
            start -= extent[axis] * counts[axis]
            at[axis] = 0
    return taken


@part
def find_rows(
    start: int, extent: Ints, counts: Ints, order: Ints, at: Ints, blocks: Ints, lanes: Ints
) -> int:
    """Find the block and the lane in which every row starts, rows in the order of memory."""
    last = len(extent) - 1
    at[:] = 0
    different = 0
    for row in range(len(lanes)):
        blocks[row] = start >> 2
        lanes[row] = start & 3
        different |= start & 3
        for j in range(last, -1, -1):
            axis = order[j]
            if axis == last:
                continue
            at[axis] += 1
            start += counts[axis]
            if at[axis] < extent[axis]:
                break
            start -= extent[axis] * counts[axis]
            at[axis] = 0
    return different


@part
def by_runs(
    start: int,
    entry: Ints,
    extent: Ints,
    counts: Ints,
    at: Ints,
    blocks: Ints,
    lanes: Ints,
    raw: Array,
) -> None:
    """Draw the words of a tile, in canonical order."""
    taken = find_runs(start, extent, counts, at, blocks, lanes)
    in_runs(entry[K0], entry[K1], blocks, taken, raw)
    length = extent[len(extent) - 1]
    # Runs of whole blocks lie as they should already.
    if 4 * taken != length * len(lanes):
        close_runs(length, lanes, raw)


@part
def by_planes(
    start: int,
    entry: Ints,
    extent: Ints,
    counts: Ints,
    order: Ints,
    at: Ints,
    blocks: Ints,
    lanes: Ints,
    raw: Array,
    aligned: Array,
) -> int:
    """Draw the words of a tile, plane after plane; return whether they are in ``aligned``."""
    rows, length = len(lanes), extent[len(extent) - 1]
    different = find_rows(start, extent, counts, order, at, blocks, lanes)
    planes = length + 3 if different else length
    for ahead in range((planes + 3) >> 2):
        in_planes(entry[K0], entry[K1], blocks[:rows], ahead, raw[4 * ahead * rows :])
    if different:
        align_planes(length, lanes, raw, aligned)
    return different
