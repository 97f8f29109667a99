"""Weights that only the host can make, where nothing says how they are to lie: block after block.

A callback hands all that it makes to one device, from which all others fetch theirs. So a large
weight is made of blocks: each device keeps its part of one before the next is fetched, and never
holds a whole weight, however the compiler finds that it has to lie.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Final

import jax
import jax.numpy as jnp

from fanwise.adapters.jax.drawing.host_parts import is_for_one_device

#: Bytes that a block has at the most, as long as there are not too many blocks for it; and those of
#: a weight that is not cut, which the compiler may fetch at once with others.
_LARGEST: Final = 1 << 20
_SMALL: Final = 1 << 16
_MOST_BLOCKS: Final = 64


def cut(shape: tuple[int, ...], itemsize: int) -> tuple[int, int]:
    """Return along which axis a weight is made of how many blocks, (0, 1) where that gains nothing.

    The number is one that devices divide, where it can be: the compiler can then divide the blocks
    among them as well as what is in each.
    """
    size, devices = math.prod(shape) * itemsize, jax.device_count()
    if devices == 1 or size <= _SMALL or is_for_one_device():
        return 0, 1
    least = min(max(2, -(-size // _LARGEST)), _MOST_BLOCKS)
    found = [
        (count % devices != 0, count & (count - 1) != 0, count, axis)
        for axis, length in enumerate(shape)
        for count in range(least, min(length, 8 * least) + 1)
        if length % count == 0
    ]
    if not found:
        return 0, 1
    *_, count, axis = min(found)
    return axis, count


def in_blocks(
    handed: Callable[[Any, tuple[slice, ...]], Any],
    words: Any,
    *,
    whole: jax.ShapeDtypeStruct,
    axis: int,
    count: int,
    finished: Callable[[Any], Any],
) -> Any:
    """Return, in traced code, an array of which the host hands one device block after block.

    Args:
        handed: of the words and of an index, both known by then, that block as a NumPy array.
        words: what the host is told.
        whole: shape and dtype of what is handed.
        axis, count: along which axis it is made of how many blocks.
        finished: of what was handed, the values, with as many axes.
    """
    length = whole.shape[axis] // count
    before, after = whole.shape[:axis], whole.shape[axis + 1 :]
    block = jax.ShapeDtypeStruct((*before, length, *after), whole.dtype)

    def handed_by_number(words: Any, number: Any) -> Any:
        first = int(number) * length
        return handed(words, (slice(None),) * axis + (slice(first, first + length),))

    def fetch(number: Any) -> Any:
        return finished(
            jax.pure_callback(handed_by_number, block, words, number, vmap_method="sequential")
        )

    def put(number: Any, weight: Any) -> Any:
        return jax.lax.dynamic_update_index_in_dim(weight, fetch(number), number, axis)

    made = jax.eval_shape(fetch, jnp.int32(0))
    start = jnp.zeros((*made.shape[:axis], count, *made.shape[axis:]), made.dtype)
    weight = jax.lax.fori_loop(0, count, put, start)
    return weight.reshape(*made.shape[:axis], count * length, *made.shape[axis + 1 :])
