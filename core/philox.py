"""Philox4x32-10, the counter-based generator under every random weight.

References:
    Salmon, Moraes, Dror & Shaw 2011, Parallel random numbers: as easy as 1, 2, 3.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fanwise.core.scratch import scratch

Words = NDArray[np.uint32]
Wide = NDArray[np.uint64]

ROUNDS: Final = 10
_MULTIPLIERS: Final = (np.uint64(0xD2511F53), np.uint64(0xCD9E8D57))
_WEYL: Final = (0x9E3779B9, 0xBB67AE85)
_MASK: Final = 0xFFFFFFFF
_LOW: Final = np.uint64(_MASK)
_HALF: Final = np.uint64(32)

Key = tuple[int, int]


def philox(counter: tuple[Wide, Wide, Wide, Wide], key: Key) -> tuple[Wide, Wide, Wide, Wide]:
    """Compute the four words of every block.

    Args:
        counter: four arrays of one shape, 32-bit values held in uint64. They are
            used as working space.
        key: two 32-bit words.

    Returns:
        Four arrays of that shape, 32-bit values held in uint64.
    """
    c0, c1, c2, c3 = counter
    k0, k1 = key
    p0, p1 = (scratch(name, np.shape(c0), np.uint64) for name in ("philox 0", "philox 1"))
    for _ in range(ROUNDS):
        np.multiply(c0, _MULTIPLIERS[0], out=p0)
        np.multiply(c2, _MULTIPLIERS[1], out=p1)
        np.right_shift(p1, _HALF, out=c0)
        c0 ^= c1
        c0 ^= np.uint64(k0)
        np.bitwise_and(p1, _LOW, out=c1)
        np.right_shift(p0, _HALF, out=c2)
        c2 ^= c3
        c2 ^= np.uint64(k1)
        np.bitwise_and(p0, _LOW, out=c3)
        k0, k1 = (k0 + _WEYL[0]) & _MASK, (k1 + _WEYL[1]) & _MASK
    return c0, c1, c2, c3


def philox_block(counter: tuple[int, int, int, int], key: Key) -> tuple[int, int, int, int]:
    """Compute the four words of one block in Python's integers: quicker than arrays of one."""
    c0, c1, c2, c3 = counter
    m0, m1 = (int(multiplier) for multiplier in _MULTIPLIERS)
    for k0, k1 in _round_keys(key, ROUNDS):
        p0, p1 = c0 * m0, c2 * m1
        c0, c1 = (p1 >> 32) ^ c1 ^ k0, p1 & _MASK
        c2, c3 = (p0 >> 32) ^ c3 ^ k1, p0 & _MASK
    return c0, c1, c2, c3


@lru_cache(maxsize=16)
def _round_keys(key: Key, rounds: int) -> tuple[Key, ...]:
    return tuple(
        ((key[0] + n * _WEYL[0]) & _MASK, (key[1] + n * _WEYL[1]) & _MASK) for n in range(rounds)
    )


def block_words(key: Key, blocks: Wide) -> Words:
    """Draw the words of blocks of the stream.

    Args:
        key: the stream's key.
        blocks: block numbers b, any shape; the counter is (b mod 2³², b >> 32, 0, 0).

    Returns:
        Words of shape ``(*blocks.shape, 4)``.
    """
    c0, c1, c2, c3 = (scratch(f"counter {n}", blocks.shape, np.uint64) for n in range(4))
    counter = (np.bitwise_and(blocks, _LOW, out=c0), np.right_shift(blocks, _HALF, out=c1), c2, c3)
    c2.fill(0)
    c3.fill(0)
    words = np.empty((*blocks.shape, 4), np.uint32)
    for lane, values in enumerate(philox(counter, key)):
        words[..., lane] = values
    return words


def words(key: Key, starts: Wide, length: int) -> Words:
    """Draw the words of runs of elements: element i is word i mod 4 of block i >> 2.

    Args:
        key: the stream's key.
        starts: index of the first element of each run, shape (runs,).
        length: elements in each run.

    Returns:
        Words of shape (runs, length).
    """
    lanes = (starts & np.uint64(3)).astype(np.intp)
    count = (int(lanes.max(initial=0)) + length + 3) >> 2
    blocks = (starts >> np.uint64(2))[:, None] + np.arange(count, dtype=np.uint64)
    drawn = block_words(key, blocks.astype(np.uint64, copy=False)).reshape(len(starts), -1)
    if len(starts) and (lanes == lanes[0]).all():
        return drawn[:, lanes[0] : lanes[0] + length]
    taken: Words = np.take_along_axis(drawn, lanes[:, None] + np.arange(length), axis=1)
    return taken
