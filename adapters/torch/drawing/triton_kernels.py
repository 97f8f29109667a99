"""The stream in Triton: whole Philox blocks, drawn and stored where a weight lies on a GPU.

A tile is some rows by some blocks of the stream. A row is a run of consecutive canonical indices;
it may begin in the midst of a block. A tile is stored along the stream or across it, whichever
way memory runs. The numbers of an entry are those of ``triton_entries.py``.

Integers throughout, but for one conversion and one multiplication, then the mean: to be launched
with ``enable_fp_fusion=False``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import triton
import triton.language as tl

#: Numbers of an entry.
ENTRY: Final = tl.constexpr(20)
#: Of Philox4x32 (Salmon et al. 2011).
_ROUNDS: Final = tl.constexpr(10)
_M0, _M1 = tl.constexpr(0xD2511F53), tl.constexpr(0xCD9E8D57)
_W0, _W1 = tl.constexpr(0x9E3779B9), tl.constexpr(0xBB67AE85)


def kernel(function: Callable[..., Any]) -> Any:
    """Have Triton compile a function; what it calls is compiled into it."""
    return triton.jit(function)


@kernel
def _philox(block: tl.tensor, k0: tl.tensor, k1: tl.tensor) -> tl.tensor:
    """Compute the four words of blocks."""
    c0, c1 = block.to(tl.uint32), (block >> 32).to(tl.uint32)
    c2, c3 = c0 & 0, c0 & 0
    for number in tl.static_range(_ROUNDS):
        if number > 0:
            k0 += tl.full((), _W0, tl.uint32)
            k1 += tl.full((), _W1, tl.uint32)
        wide0 = c0.to(tl.uint64) * tl.full((), _M0, tl.uint64)
        wide1 = c2.to(tl.uint64) * tl.full((), _M1, tl.uint64)
        c0, c2 = (wide1 >> 32).to(tl.uint32) ^ c1 ^ k0, (wide0 >> 32).to(tl.uint32) ^ c3 ^ k1
        c1, c3 = wide1.to(tl.uint32), wide0.to(tl.uint32)
    return c0, c1, c2, c3


@kernel
def _mulhi(a: tl.tensor, b: tl.tensor) -> tl.tensor:
    return ((a.to(tl.uint64) * b.to(tl.uint64)) >> 32).to(tl.uint32)


@kernel
def quantile(words: tl.tensor, heads: tl.tensor, slopes: tl.tensor) -> tl.tensor:
    """Look up the quantile of (word + ½) / 2³², in units of 2⁻²⁸ standard deviations."""
    # All ones where the word's top bit is set.
    upper = words.to(tl.int32, bitcast=True) >> 31
    x = ((words ^ upper.to(tl.uint32, bitcast=True)) << 1) | 1
    # The exponent of a float32 counts the leading zeros, and its first bits are the row's. A bit
    # below them that is clear keeps them from what is rounded up.
    pattern = (x & ((x >> 8) ^ 0xFFFFFFFF)).to(tl.float32).to(tl.int32, bitcast=True)
    row = (pattern >> 17) - (127 << 6)
    inside = (x << (158 - (pattern >> 23)).to(tl.uint32)) << 7
    # The slopes of a row are one number, so that two loads do.
    both = tl.load(slopes + row, eviction_policy="evict_last")
    head = tl.load(heads + row, eviction_policy="evict_last").to(tl.uint32, bitcast=True)
    step = _mulhi(inside, both.to(tl.uint32))
    step = _mulhi(inside, (both >> 32).to(tl.uint32) - step) >> 9
    z = (head - step).to(tl.int32, bitcast=True)
    # Two's complement: negative where the top bit is clear.
    return (z ^ ~upper) - ~upper


@kernel
def _weigh(
    words: tl.tensor, law: tl.tensor, heads: tl.tensor, slopes: tl.tensor,
    is_normal: tl.constexpr, is_cut: tl.constexpr, has_mean: tl.constexpr,
) -> tl.tensor:  # fmt: skip
    """Turn words into weights, in the dtype of the law's numbers."""
    unit, largest, mean, first, count = law
    if is_normal:
        if is_cut:
            words = _mulhi(words, count) + first
        integers = quantile(words, heads, slopes)
    else:
        integers = (words >> 8).to(tl.int32) * 2 + (1 - (1 << 24))
    product = integers.to(unit.dtype) * unit
    if has_mean:
        # The bound changes no value: it stands between two roundings that are not to become one.
        product = tl.minimum(tl.maximum(product, -largest), largest) + mean
    return product


@kernel
def round_to(weights: tl.tensor, dtype: tl.constexpr) -> tl.tensor:
    """Round to nearest even into the dtype that is stored; uint16 is bfloat16, by its bits."""
    if dtype == tl.uint16:
        pattern = weights.to(tl.uint32, bitcast=True)
        return ((pattern + 0x7FFF + ((pattern >> 16) & 1)) >> 16).to(tl.uint16)
    return weights.to(dtype)


@kernel
def _begin_rows(row: tl.tensor, base: tl.tensor, axes: tl.tensor, count: tl.constexpr) -> tl.tensor:
    """Find where rows begin: in the stream, and in memory."""
    size0, size1, canon0, canon1, canon2, mem0, mem1, mem2 = axes
    if count == 1:
        return base + row * canon0, row * mem0
    # Divisions of 32 bits: those of 64 take long.
    number, size = row.to(tl.uint32), size0.to(tl.uint32)
    inner, rest = (number % size).to(tl.int64), number // size
    start, place = base + inner * canon0, inner * mem0
    if count > 2:
        size = size1.to(tl.uint32)
        outer = (rest // size).to(tl.int64)
        start += outer * canon2
        place += outer * mem2
        rest %= size
    rest = rest.to(tl.int64)
    return start + rest * canon1, place + rest * mem1


@kernel
def _find_tile(
    number: tl.tensor, rows: tl.tensor, length: tl.tensor,
    across: tl.constexpr, aligned: tl.constexpr, in_rows: tl.constexpr, quads: tl.constexpr,
) -> tl.tensor:  # fmt: skip
    """Find the first row and the first block of a tile: neighbours in memory come in turn."""
    if across:
        tiles = ((rows + (in_rows - 1)) // in_rows).to(tl.int32)
    else:
        ahead = 4 * quads - 1 if aligned else 4 * quads + 2
        tiles = ((length + ahead) // (4 * quads)).to(tl.int32)
    near, far = (number % tiles).to(tl.int64), (number // tiles).to(tl.int64)
    if across:
        return near * in_rows, far * quads
    return far * in_rows, near * quads


@kernel
def _draw_tile(
    number: tl.tensor, where: tl.tensor, axes: tl.tensor, law: tl.tensor,
    heads: tl.tensor, slopes: tl.tensor,
    is_normal: tl.constexpr, is_cut: tl.constexpr, has_mean: tl.constexpr, dtype: tl.constexpr,
    row_axes: tl.constexpr, across: tl.constexpr, aligned: tl.constexpr, dense: tl.constexpr,
    in_fours: tl.constexpr, in_rows: tl.constexpr, quads: tl.constexpr,
) -> None:  # fmt: skip
    """Draw one tile, and store it."""
    address, base, k0, k1, rows, length, along = where
    row0, quad0 = _find_tile(number, rows, length, across, aligned, in_rows, quads)
    row, quad, step = row0 + tl.arange(0, in_rows), tl.arange(0, quads), tl.arange(0, 4 * quads)
    start, place = _begin_rows(row, base, axes, row_axes)
    if dense:
        place, along = (row, along) if across else (place, 1)
    # Positions along a row, counted from the tile's first block on; those of the row itself.
    lane = (start & 3).to(tl.int32)
    low = tl.maximum(-4 * quad0, -4).to(tl.int32)
    high = tl.minimum(length - 4 * quad0, 4 * quads).to(tl.int32)
    if not aligned:
        place -= lane * along
    out = address.to(tl.pointer_type(dtype)) + 4 * quad0 * along
    if in_fours:
        # The compiler stores four at once where it sees that they begin at multiples of four.
        out = tl.multiple_of(out, dtype.primitive_bitwidth // 2)
        place, high = place // 4 * 4, high // 4 * 4
    if across:
        words = _philox((start >> 2)[None, :] + (quad0 + quad)[:, None], k0, k1)
        for j in tl.static_range(4):
            drawn = tl.reshape(words[j], (quads * in_rows,))
            weights = _weigh(drawn, law, heads, slopes, is_normal, is_cut, has_mean)
            stored = tl.reshape(round_to(weights, dtype), (quads, in_rows))
            at = (4 * quad + j)[:, None] - (0 if aligned else lane[None, :])
            mask = (at < high) & (row < rows)[None, :]
            if not aligned:
                mask &= at >= low
            to = out + (place[None, :] + ((4 * quad + j) * along)[:, None])
            tl.store(to, stored, mask=mask)
    else:
        words = _philox((start >> 2)[:, None] + (quad0 + quad)[None, :], k0, k1)
        # Each of the four on its own: joined, the look-up would have to lie as the store does.
        one = _weigh(words[0], law, heads, slopes, is_normal, is_cut, has_mean)
        two = _weigh(words[1], law, heads, slopes, is_normal, is_cut, has_mean)
        three = _weigh(words[2], law, heads, slopes, is_normal, is_cut, has_mean)
        four = _weigh(words[3], law, heads, slopes, is_normal, is_cut, has_mean)
        weights = tl.reshape(tl.join(tl.join(one, three), tl.join(two, four)), (in_rows, 4 * quads))
        at = step[None, :] - (0 if aligned else lane[:, None])
        mask = (at < high) & (row < rows)[:, None]
        if not aligned:
            mask &= at >= low
        to = out + (place[:, None] + (step * along)[None, :])
        tl.store(to, round_to(weights, dtype), mask=mask)


@kernel
def _read_law(
    unit: tl.tensor, largest: tl.tensor, mean: tl.tensor, first: tl.tensor, count: tl.tensor,
    dtype: tl.constexpr,
) -> tl.tensor:  # fmt: skip
    """Return a law's numbers, of which the reals are given by the bits of their float64."""
    unit = unit.to(tl.int64).to(tl.float64, bitcast=True)
    largest = largest.to(tl.int64).to(tl.float64, bitcast=True)
    mean = mean.to(tl.int64).to(tl.float64, bitcast=True)
    if dtype != tl.float64:
        unit, largest, mean = unit.to(tl.float32), largest.to(tl.float32), mean.to(tl.float32)
    return unit, largest, mean, first.to(tl.uint32), count.to(tl.uint32)


@kernel
def fill_one(
    address: tl.int64, base: tl.int64, k0: tl.int64, k1: tl.int64,
    rows: tl.int64, length: tl.int64, along: tl.int64, size0: tl.int64, size1: tl.int64,
    canon0: tl.int64, canon1: tl.int64, canon2: tl.int64,
    mem0: tl.int64, mem1: tl.int64, mem2: tl.int64,
    unit: tl.int64, largest: tl.int64, mean: tl.int64, first: tl.int64, window: tl.int64,
    heads: tl.tensor, slopes: tl.tensor,
    is_normal: tl.constexpr, is_cut: tl.constexpr, has_mean: tl.constexpr, dtype: tl.constexpr,
    row_axes: tl.constexpr, across: tl.constexpr, aligned: tl.constexpr, dense: tl.constexpr,
    in_fours: tl.constexpr, in_rows: tl.constexpr, quads: tl.constexpr,
) -> None:  # fmt: skip
    """Draw one entry, whose numbers are given by value: each program a tile."""
    where = (
        address.to(tl.int64), base.to(tl.int64), k0.to(tl.uint32), k1.to(tl.uint32),
        rows.to(tl.int64), length.to(tl.int64), along.to(tl.int64),
    )  # fmt: skip
    axes = (
        size0.to(tl.int64), size1.to(tl.int64),
        canon0.to(tl.int64), canon1.to(tl.int64), canon2.to(tl.int64),
        mem0.to(tl.int64), mem1.to(tl.int64), mem2.to(tl.int64),
    )  # fmt: skip
    law = _read_law(unit, largest, mean, first, window, dtype)
    _draw_tile(
        tl.program_id(0), where, axes, law, heads, slopes, is_normal, is_cut, has_mean, dtype,
        row_axes, across, aligned, dense, in_fours, in_rows, quads,
    )  # fmt: skip


@kernel
def fill_many(
    entries: tl.tensor, shares: tl.tensor, heads: tl.tensor, slopes: tl.tensor,
    is_normal: tl.constexpr, is_cut: tl.constexpr, has_mean: tl.constexpr, dtype: tl.constexpr,
    row_axes: tl.constexpr, across: tl.constexpr, aligned: tl.constexpr, dense: tl.constexpr,
    in_fours: tl.constexpr, in_rows: tl.constexpr, quads: tl.constexpr,
) -> None:  # fmt: skip
    """Draw tiles of many entries: each program those of one share.

    Args:
        entries: the numbers of every entry, one after the other.
        shares: for each program its entry, its first tile, and how many it has.
    """
    share = shares + 3 * tl.program_id(0)
    own = entries + ENTRY * tl.load(share)
    where = (
        tl.load(own), tl.load(own + 1),
        tl.load(own + 2).to(tl.uint32), tl.load(own + 3).to(tl.uint32),
        tl.load(own + 4), tl.load(own + 5), tl.load(own + 6),
    )  # fmt: skip
    axes = (
        tl.load(own + 7), tl.load(own + 8),
        tl.load(own + 9), tl.load(own + 10), tl.load(own + 11),
        tl.load(own + 12), tl.load(own + 13), tl.load(own + 14),
    )  # fmt: skip
    law = _read_law(
        tl.load(own + 15), tl.load(own + 16), tl.load(own + 17),
        tl.load(own + 18), tl.load(own + 19), dtype,
    )  # fmt: skip
    for step in range(tl.load(share + 2)):
        _draw_tile(
            tl.load(share + 1) + step, where, axes, law, heads, slopes,
            is_normal, is_cut, has_mean, dtype,
            row_axes, across, aligned, dense, in_fours, in_rows, quads,
        )  # fmt: skip
