"""Philox4x32-10, the counter-based generator under every random weight.

References:
    Salmon, Moraes, Dror & Shaw 2011, Parallel random numbers: as easy as 1, 2, 3.
"""

from __future__ import annotations

import sys
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
#: Of the 32-bit halves of wide numbers in a row: those from the first low one on, and those
#: from the first high one on, as many.
_FROM_LOW, _FROM_HIGH = (
    (slice(None, -1), slice(1, None))
    if sys.byteorder == "little"
    else (slice(1, None), slice(None, -1))
)

Key = tuple[int, int]


def philox(counter: tuple[Wide, Wide, Wide, Wide], key: Key) -> tuple[Wide, Wide, Wide, Wide]:
    """Compute the four words of every block.

    Args:
        counter: four arrays of one shape, 32-bit values held in uint64.
        key: two 32-bit words.

    Returns:
        Four arrays of that shape, 32-bit values held in uint64.
    """
    shape = counter[0].shape
    even, odd = _state(counter[0].size)
    for drawn, given in zip((even[0], odd[0], even[1], odd[1]), counter, strict=True):
        drawn[:] = given.reshape(-1)
    c0, c1, c2, c3 = np.stack(do_rounds(even, odd, _key_columns(key, ROUNDS)))
    return c0.reshape(shape), c1.reshape(shape), c2.reshape(shape), c3.reshape(shape)


def _state(blocks: int) -> tuple[Wide, Wide]:
    """Return memory for the even words of so many blocks, and for the odd ones."""
    return scratch("even", (2, blocks), np.uint64), scratch("odd", (2, blocks), np.uint64)


def do_rounds(even: Wide, odd: Wide, keys: Wide) -> tuple[Wide, Wide, Wide, Wide]:
    """Do one round for each key; its time is the passes over the arrays, four a round.

    Args:
        even: the words c0 and c2 of every block, one a row; they are working space.
        odd: the words c1 and c3. What stands above their 32 bits is of no account.
        keys: for each round a column of two.
    """
    multipliers = np.array(_MULTIPLIERS)[:, None]
    for key in keys:
        even *= multipliers
        # c0, c1 = high(product 1) ^ c1 ^ key 0, low(product 1); c2, c3 with product 0 and key 1.
        products = even[::-1]
        # Both rows are seen as halves, and one of them half a number further: so the high
        # halves of the products meet the low ones of the words without a shift.
        words = odd.view(np.uint32)[:, _FROM_LOW]
        words ^= products.view(np.uint32)[:, _FROM_HIGH]
        odd &= _LOW
        odd ^= key
        even, odd = odd, products
    odd &= _LOW
    return even[0], odd[0], even[1], odd[1]


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


@lru_cache(maxsize=16)
def _key_columns(key: Key, rounds: int) -> Wide:
    return np.array(_round_keys(key, rounds), np.uint64)[:, :, None]


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
    if high == int(blocks.min(initial=high << 32)) >> 32:
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


def _near_words(key: Key, blocks: Wide, high: int) -> tuple[Wide, Wide, Wide, Wide]:
    """Compute the four words of blocks whose numbers have the same upper half.

    In the first two rounds half of the words are the same for all of them.
    """
    even, odd = _state(blocks.size)
    (k0, k1), (k2, k3) = _round_keys(key, 2)
    m0, m1 = _MULTIPLIERS
    c2, c1 = even[1], odd[0]
    # Round 1 of (low, high, 0, 0): c0 = high ^ k0, c1 = 0; c2 and c3 are one product's halves.
    low = np.bitwise_and(blocks, _LOW, out=c2) if high else blocks
    product = np.multiply(low, m0, out=c2)
    np.right_shift(product, _HALF, out=c1)
    c1 ^= np.uint64(k1)
    # Round 2: the product of c0 is one number, so c3 is too.
    same = (high ^ k0) * int(m0)
    c1 *= m1
    np.right_shift(c1, _HALF, out=even[0])
    even[0] ^= np.uint64(k2)
    c2 &= _LOW
    c2 ^= np.uint64(same >> 32 ^ k3)
    odd[1] = same & _MASK
    return do_rounds(even, odd, _key_columns(key, ROUNDS)[2:])


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
