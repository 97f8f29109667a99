"""Philox4x32-10, the counter-based generator under every random weight.

References:
    Salmon, Moraes, Dror & Shaw 2011, Parallel random numbers: as easy as 1, 2, 3.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fanwise.core.scratch import scratch

Words = NDArray[np.uint32]
Wide = NDArray[np.uint64]
Quad = tuple[Wide, Wide, Wide, Wide]

ROUNDS: Final = 10
_MULTIPLIERS: Final = (0xD2511F53, 0xCD9E8D57)
_WEYL: Final = (0x9E3779B9, 0xBB67AE85)
_MASK: Final = 0xFFFFFFFF
#: Where the half that a wide number's lower half lies in begins, and its upper half.
_LOW_AT, _HIGH_AT = (0, 1) if sys.byteorder == "little" else (1, 0)

Key = tuple[int, int]


def constant(number: int) -> Wide:
    """Return a number as an array of no axes, which an operation takes sooner than a scalar."""
    return np.array(number, np.uint64)


_LOW: Final = constant(_MASK)
_HALF: Final = constant(32)


def philox(counter: Quad, key: Key) -> Quad:
    """Compute the four words of every block.

    Args:
        counter: four arrays of one shape, 32-bit values held in uint64.
        key: two 32-bit words.

    Returns:
        Four arrays of that shape, 32-bit values held in uint64.
    """
    shape = counter[0].shape
    words = _state(counter[0].size)
    for word, given in zip(words, counter, strict=True):
        word[:] = given.reshape(-1)
    c0, c1, c2, c3 = np.stack(do_rounds(words, _key_constants(key, ROUNDS))) & _LOW
    return c0.reshape(shape), c1.reshape(shape), c2.reshape(shape), c3.reshape(shape)


def _state(blocks: int) -> Quad:
    """Return memory for the four words of so many blocks."""
    c0, c1, c2, c3 = (scratch(f"c{n}", (blocks,), np.uint64) for n in range(4))
    return c0, c1, c2, c3


def do_rounds(words: Quad, keys: Sequence[tuple[Wide, Wide]]) -> Quad:
    """Do one round for each key; its time is the passes over the arrays, eight a round.

    Args:
        words: c0 to c3 of every block, which are working space. What stands above the 32 bits
            of c1 and of c3 is of no account.
        keys: of the rounds.

    Returns:
        The four words of every block, where the same is true.
    """
    # Every number as its halves, from the first lower one on and from the first upper one on, as
    # many: so an upper half meets the lower one of another array without a shift.
    halves = [word.view(np.uint32) for word in words]
    c0, c1, c2, c3 = (
        _Halves(word, half[_LOW_AT : half.size - _HIGH_AT], half[_HIGH_AT : half.size - _LOW_AT])
        for word, half in zip(words, halves, strict=True)
    )
    m0, m1 = map(constant, _MULTIPLIERS)
    for k0, k1 in keys:
        np.multiply(c0.wide, m0, c0.wide)
        np.multiply(c2.wide, m1, c2.wide)
        for word, product, key in ((c1, c2, k0), (c3, c0, k1)):
            np.bitwise_xor(word.from_low, product.from_high, word.from_low)
            np.bitwise_and(word.wide, _LOW, word.wide)
            np.bitwise_xor(word.wide, key, word.wide)
        c0, c1, c2, c3 = c1, c2, c3, c0
    return c0.wide, c1.wide, c2.wide, c3.wide


class _Halves(NamedTuple):
    """One word of every block, held in uint64, and two views of its halves."""

    wide: Wide
    from_low: Words
    from_high: Words


def philox_block(counter: tuple[int, int, int, int], key: Key) -> tuple[int, int, int, int]:
    """Compute the four words of one block in Python's integers: quicker than arrays of one."""
    c0, c1, c2, c3 = counter
    m0, m1 = _MULTIPLIERS
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


@lru_cache(maxsize=16)
def _key_constants(key: Key, rounds: int) -> list[tuple[Wide, Wide]]:
    return [(constant(k0), constant(k1)) for k0, k1 in _round_keys(key, rounds)]


def block_words(key: Key, blocks: Wide, axis: int = -1, out: Words | None = None) -> Words:
    """Draw the words of blocks of the stream.

    Args:
        key: the stream's key.
        blocks: block numbers b, any shape; the counter is (b mod 2³², b >> 32, 0, 0).
        axis: which axis of the result goes through the four words of a block.
        out: where to write; None for a new array.

    Returns:
        Words of the shape of ``blocks``, with an axis of four more.
    """
    high = int(blocks.max(initial=0)) >> 32
    if high == 0 or int(blocks.min()) >> 32 == high:
        drawn = _near_words(key, blocks.reshape(-1), high)
    else:
        none = np.zeros_like(blocks)
        drawn = philox((blocks & _LOW, blocks >> _HALF, none, none), key)
    axis %= blocks.ndim + 1
    if out is None:
        out = np.empty((*blocks.shape[:axis], 4, *blocks.shape[axis:]), np.uint32)
    for lane, values in enumerate(drawn):
        out[(slice(None),) * axis + (lane,)] = values.reshape(blocks.shape)
    return out


def _near_words(key: Key, blocks: Wide, high: int) -> Quad:
    """Compute the four words of blocks whose numbers have the same upper half.

    In the first two rounds half of the words are the same for all of them.
    """
    c0, c1, c2, c3 = _state(blocks.size)
    (k0, k1), (k2, k3) = _round_keys(key, 2)
    m0, m1 = _MULTIPLIERS
    # Round 1 of (low, high, 0, 0): c0 = high ^ k0, c1 = 0; c2 and c3 are one product's halves.
    low = np.bitwise_and(blocks, _LOW, c2) if high else blocks
    product = np.multiply(low, constant(m0), c2)
    np.right_shift(product, _HALF, c1)
    c1 ^= constant(k1)
    # Round 2: the product of c0 is one number, so c3 is too.
    same = (high ^ k0) * m0
    c1 *= constant(m1)
    np.right_shift(c1, _HALF, c0)
    c0 ^= constant(k2)
    c2 &= _LOW
    c2 ^= constant(same >> 32 ^ k3)
    c3.fill(same & _MASK)
    return do_rounds((c0, c1, c2, c3), _key_constants(key, ROUNDS)[2:])


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
