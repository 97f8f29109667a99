"""The stream in uint32 arithmetic that XLA compiles: positions, Philox, words.

Every element is a pure function of its canonical index, written down for each storage
position. So there is no transpose, no slice and no temporary array, and a sharded
weight is drawn where it lies, along any axis, without communication.

Four elements share a Philox block, and each computes it again. Measured on CPU that
costs no more than drawing whole blocks (about 2 ns for an element either way, where
``jax.random.normal`` takes 8), compiles in half the time, and needs no memory beyond the
result; a loop over the rounds, rolled up, is ten times slower in this form.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from fanwise.adapters.jax.drawing.dtypes import wide_mode
from fanwise.core.philox import ROUNDS
from fanwise.spec.axes import Layout
from fanwise.spec.errors import FanwiseError

Words = Any
Quad = tuple[Words, Words, Words, Words]
Pair = tuple[Words, Words]

_MULTIPLIERS: Final = (np.uint32(0xD2511F53), np.uint32(0xCD9E8D57))
_WEYL: Final = (np.uint32(0x9E3779B9), np.uint32(0xBB67AE85))
_ZERO: Final = np.uint32(0)
_MASK: Final = 0xFFFFFFFF


def stream_key(seed: Words, counter: Words | None) -> Pair:
    """Return the key of a stream, from a seed's two words and the four words of a path."""
    # JAX's scalars wrap around without a word; NumPy's warn of it.
    low, high = jnp.asarray(seed)
    if counter is None:
        return low, high
    c0, c1, c2, c3 = jnp.asarray(counter)
    drawn = philox((c0, c1, c2, c3), (low, high))
    return drawn[0], drawn[1]


def stream_words(layout: Layout, key: Pair) -> Words:
    """Return the word of every element of a weight, in storage order."""
    return words_at(positions(layout), key)


def words_at(positions: Pair, key: Pair) -> Words:
    """Return the words at canonical indices, each a high and a low word."""
    high, low = positions
    block = (low >> np.uint32(2)) | (high << np.uint32(30))
    w0, w1, w2, w3 = philox((block, high >> np.uint32(2), _ZERO, _ZERO), key)
    lane = low & np.uint32(3)
    first = jnp.where(lane == 0, w0, w1)
    last = jnp.where(lane == 2, w2, w3)
    return jnp.where(lane < 2, first, last)


def positions(layout: Layout, coordinates: Sequence[Words] | None = None) -> Pair:
    """Return the canonical index of every storage position, as a high and a low word.

    Args:
        layout: of the weight.
        coordinates: the storage positions that are meant, by their places along each axis,
            which broadcast together; None for all.
    """
    if max(layout.shape, default=0) > _MASK:
        hint = "Give the weight more axes."
        raise FanwiseError("axes of fewer than 2**32 elements", layout.shape, hint)
    wide = layout.size > _MASK + 1
    if coordinates is None:
        coordinates = [
            lax.broadcasted_iota(np.uint32, layout.shape, axis) for axis in range(len(layout.shape))
        ]
    high, low = _ZERO, jnp.zeros(jnp.broadcast_shapes(*map(jnp.shape, coordinates)), jnp.uint32)
    for along, stride in _steps(layout, coordinates):
        step_low = np.uint32(stride & _MASK)
        step = along * step_low
        low = low + step
        if wide:
            carry = (low < step).astype(jnp.uint32)
            high = high + mulhi(along, step_low) + along * np.uint32(stride >> 32) + carry
    return high, low


def _steps(layout: Layout, coordinates: Sequence[Words]) -> list[tuple[Words, int]]:
    """Return for every axis, or part of a split one, its coordinate and its canonical stride."""
    canonical = layout.canonical
    strides = {axis: math.prod(canonical[place + 1 :]) for place, axis in enumerate(layout.order)}
    steps, at = [], 0
    for along, axis in zip(coordinates, layout.axes, strict=True):
        if axis.batches > 1:
            inner = np.uint32(max(layout.expanded[at + 1], 1))
            steps.append((along // inner, strides[at]))
            steps.append((along % inner, strides[at + 1]))
            at += 2
        else:
            steps.append((along, strides[at]))
            at += 1
    return steps


def philox(counter: Quad, key: Pair) -> Quad:
    """Philox4x32-10 of every counter."""
    c0, c1, c2, c3 = counter
    k0, k1 = key
    for number in range(ROUNDS):
        if number:
            k0, k1 = k0 + _WEYL[0], k1 + _WEYL[1]
        c0, c1, c2, c3 = (
            mulhi(c2, _MULTIPLIERS[1]) ^ c1 ^ k0,
            c2 * _MULTIPLIERS[1],
            mulhi(c0, _MULTIPLIERS[0]) ^ c3 ^ k1,
            c0 * _MULTIPLIERS[0],
        )
    return c0, c1, c2, c3


def mulhi(a: Words, b: Words) -> Words:
    """Return the upper 32 bits of the products of 32-bit words.

    The products are 64 bits wide, also where JAX's 64-bit mode is off. (JAX 0.10 has a
    ``lax.mulhi``, but does not compile it for more than one device.)
    """
    a, b = jnp.broadcast_arrays(a, b)
    if not hasattr(jax, "enable_x64"):
        return mulhi_by_halves(a, b)
    with wide_mode():
        a, b, half = (lax.convert_element_type(x, np.uint64) for x in (a, b, np.uint32(32)))
        high = lax.shift_right_logical(lax.mul(a, b), lax.broadcast(half, a.shape))
        return lax.convert_element_type(high, np.uint32)


def mulhi_by_halves(a: Words, b: Words) -> Words:
    """Return the same in 32 bits, for a JAX before 0.8, which does not mix the modes."""
    half, mask = np.uint32(16), np.uint32(0xFFFF)
    a_low, a_high, b_low, b_high = a & mask, a >> half, b & mask, b >> half
    # Each sum stays below 2**32: (2**16 - 1)**2 + 2 * (2**16 - 1) = 2**32 - 1.
    middle = a_high * b_low + ((a_low * b_low) >> half)
    other = a_low * b_high + (middle & mask)
    return a_high * b_high + (middle >> half) + (other >> half)
