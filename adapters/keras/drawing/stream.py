"""The stream on TensorFlow: words and keys whose seed may be a tensor.

TensorFlow's own Philox kernel gives the words of the standard stream, element i being
word i mod 4 of block i >> 2, as long as it is asked by the raw operation: the public
``tf.random.stateless_*`` scramble the seed first. XLA lowers it to the same words.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import tensorflow as tf

_WORD: Final = 0xFFFFFFFF
_PHILOX: Final = 1

Counter = tuple[int, int, int, int]


def seed_of(state: Any) -> Any:
    """The seed, a uint64 scalar, of a SeedGenerator's two words (low, high)."""
    words = tf.cast(tf.bitwise.bitwise_and(tf.cast(state, tf.int64), _WORD), tf.uint64)
    return _joined(words)


def stream_key(seed: Any, counter: Counter | None) -> Any:
    """The key of a stream, a uint64 scalar, from a seed and the four words of a path."""
    if counter is None:
        return seed
    c0, c1, c2, c3 = counter
    return _joined(tf.cast(_philox(2, seed, (c0 | c1 << 32, c2 | c3 << 32)), tf.uint64))


def stream_words(size: int, key: Any) -> Any:
    """The word of every element, in canonical order."""
    return _philox(size, key, (0, 0))


def _joined(words: Any) -> Any:
    low, high = tf.unstack(words)
    return tf.bitwise.bitwise_or(low, tf.bitwise.left_shift(high, np.uint64(32)))


def _philox(size: int, key: Any, counter: tuple[int, int]) -> Any:
    return tf.raw_ops.StatelessRandomUniformFullIntV2(
        shape=np.array([size], np.int64),
        key=tf.reshape(key, [1]),
        # Of Python integers a graph's tf.constant would lose the last bits above 2**63.
        counter=np.array(counter, np.uint64),
        dtype=tf.uint32,
        alg=_PHILOX,
    )
