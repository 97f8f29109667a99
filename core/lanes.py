"""The words of a part of a weight, in the order of its memory: block by block, lane by lane.

A block is four words that follow each other in the stream. Where the memory runs along the
stream, the words of all blocks are interleaved; elsewhere all first words lie together, all
second ones, and so on, and a weight is drawn transposed without being turned.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from functools import cache
from typing import Final

import numpy as np

from fanwise.core import blocks, philox
from fanwise.core.blocks import Block
from fanwise.core.philox import Key, Wide, Words
from fanwise.core.scratch import scratch

_LANES: Final = 4
#: Elements of a block whose lanes differ that is rather drawn in parts, and written with steps,
#: than sorted out word by word.
_WORTH_PARTING: Final = 1 << 15
#: Steps along the stream that a piece has, where the memory runs along another axis.
_ALONG: Final = 32


def pieces(block: Block) -> Iterator[Block]:
    """Cut a block into pieces that fit a cache, in the order of memory where it can be."""
    if not block.out.size:
        return
    block = _merged(block)
    along = _stream_axis(block)
    if along is None:
        if block.out.size <= _WORTH_PARTING:
            yield from block.pieces(blocks.PIECE // _LANES)
            return
        for part in _parts_of_one_lane(block):
            yield from pieces(part)
        return
    shape, size = block.out.shape, [1] * block.out.ndim
    size[along] = min(_ALONG, shape[along])
    # A few words of the last block may be drawn in vain; of short runs, most.
    left = blocks.PIECE // (_LANES * _lines(block.base, size[along]))
    for axis in reversed(range(block.out.ndim)):
        left *= size[axis]
        size[axis] = max(1, min(shape[axis], left))
        left //= size[axis]
    steps = [range(0, n, step) for n, step in zip(shape, size, strict=True)]
    for corner in itertools.product(*steps):
        where = tuple(slice(at, at + step) for at, step in zip(corner, size, strict=True))
        offset = sum(at * stride for at, stride in zip(corner, block.strides, strict=True))
        yield Block(block.out[where], block.base + offset, block.strides)


def piece_words(key: Key, piece: Block) -> Words:
    """Draw the word of every element of a piece; they are working memory."""
    along = _stream_axis(piece)
    if along is None:
        starts, length = piece.runs()
        return philox.words(key, starts, length).reshape(piece.out.shape)
    shape, lane = piece.out.shape, piece.base % _LANES
    lines = _lines(piece.base, shape[along])
    numbers = _numbers(piece, along, lines)
    room = (*shape[:along], lines, _LANES, *shape[along + 1 :])
    drawn = scratch("words", room, np.uint32)
    philox.block_words(key, numbers, along + 1, drawn)
    drawn = drawn.reshape(*shape[:along], lines * _LANES, *shape[along + 1 :])
    return drawn[(slice(None),) * along + (slice(lane, lane + shape[along]),)]


def _merged(block: Block) -> Block:
    """Order the axes as memory is, and see those that continue each other as one.

    There always is an axis along the stream, if only of one element.
    """
    out = block.out
    order = sorted(range(out.ndim), key=lambda axis: -abs(out.strides[axis]))
    shape: list[int] = []
    steps: list[tuple[int, int]] = []
    for axis in order:
        size, step = out.shape[axis], (block.strides[axis], out.strides[axis])
        if size == 1:
            continue
        if steps and steps[-1] == (size * step[0], size * step[1]):
            shape[-1] *= size
            steps[-1] = step
        else:
            shape.append(size)
            steps.append(step)
    if all(step != 1 for step, _ in steps):
        shape.append(1)
        steps.append((1, 0))
    return Block(out.transpose(order).reshape(shape), block.base, tuple(step for step, _ in steps))


def _stream_axis(block: Block) -> int | None:
    """Return the axis along which the stream runs; None where lanes differ on others."""
    along = None
    for axis, stride in enumerate(block.strides):
        if stride == 1:
            along = axis
        elif stride % _LANES:
            return None
    return along


def _parts_of_one_lane(block: Block) -> Iterator[Block]:
    """Part a block by an axis whose steps change the lane: into every fourth or second."""
    axis = next(at for at, stride in enumerate(block.strides) if stride != 1 and stride % _LANES)
    apart = _LANES // math.gcd(block.strides[axis], _LANES)
    strides = tuple(
        stride * apart if at == axis else stride for at, stride in enumerate(block.strides)
    )
    for first in range(min(apart, block.out.shape[axis])):
        where = (slice(None),) * axis + (slice(first, None, apart),)
        yield Block(block.out[where], block.base + first * block.strides[axis], strides)


def _lines(base: int, length: int) -> int:
    """Return how many blocks a run of elements takes."""
    return (base % _LANES + length + _LANES - 1) // _LANES


def _numbers(piece: Block, along: int, lines: int) -> Wide:
    """Return the number of every block of a piece, whose axis along the stream has so many."""
    shape = (*piece.out.shape[:along], lines, *piece.out.shape[along + 1 :])
    numbers = scratch("numbers", shape, np.uint64)
    first = np.uint64(piece.base // _LANES)
    for axis, (size, stride) in enumerate(zip(shape, piece.strides, strict=True)):
        steps = _counted(size)
        if axis != along:
            steps = steps * np.uint64(stride // _LANES)
        steps = steps.reshape(size, *(1,) * (len(shape) - 1 - axis))
        np.add(steps, numbers if axis else first, out=numbers)
    return numbers


@cache
def _all_counted(size: int) -> Wide:
    counted = np.arange(size, dtype=np.uint64)
    counted.flags.writeable = False
    return counted


def _counted(size: int) -> Wide:
    return _all_counted(1 << max(0, size - 1).bit_length())[:size]
