"""From words to weights in TensorFlow's operations, bit for bit as the core does it.

The same code runs eagerly, in a graph and under XLA: only integers, and one conversion
and one multiplication, which neither Grappler nor XLA can fuse with what follows.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Final

import numpy as np
import tensorflow as tf

from fanwise.adapters.keras.drawing.stream import stream_words
from fanwise.core.dtypes import bfloat16_dtype, format_of, rounded
from fanwise.core.order import inverse_permutation
from fanwise.core.quantile import ALL_WORDS, columns
from fanwise.core.values import Numbers
from fanwise.spec.axes import Layout
from fanwise.spec.laws import ConstantLaw, Law

_WORD: Final = 0xFFFFFFFF
_EXPONENT_BIAS: Final = 1023 << 6

#: float16 below its smallest normal number counts in steps of this unit.
_HALF_NORMAL: Final = 2.0**-14
_HALF_STEPS: Final = 2.0**24
_HALF_UNIT: Final = 2.0**-24
#: What rounds to this in float32 is infinite in float16.
_HALF_OVERFLOW: Final = 2.0**16


def weights(law: Law, stored: Layout, key: Any, dtype: str) -> Any:
    """Compute the weight of an elementwise law, in storage order.

    Args:
        law: any but a structured one.
        found: the weight's shape and axes.
        key: the key of the stream, a uint64 scalar.
        dtype: the name of one of the four floating dtypes.
    """
    if isinstance(law, ConstantLaw):
        return tf.fill(stored.shape, constant(law.value, dtype))
    floats = values(stream_words(stored.size, key), law, format_of(dtype).compute)
    canonical = tf.reshape(round_to(floats, dtype), stored.canonical)
    back = inverse_permutation(stored.order)
    return tf.reshape(tf.transpose(canonical, back), stored.shape)


def constant(value: float, dtype: str) -> Any:
    """A NumPy scalar, rounded as the core rounds it."""
    into = format_of(dtype)
    stored = rounded(np.array([value], into.compute), into)
    return stored.view(bfloat16_dtype() if into.name == "bfloat16" else into.storage)[0]


def values(words: Any, law: Law, compute: np.dtype[Any]) -> Any:
    """The weights that words stand for, in the computing dtype."""
    numbers = Numbers.of(law)
    if numbers.normal:
        return _scaled(quantile(into_window(words, *numbers.window)), numbers, compute)
    kept = tf.cast(tf.bitwise.right_shift(words, np.uint32(8)), tf.int32)
    return _scaled(kept * 2 + (1 - (1 << 24)), numbers, compute)


def into_window(words: Any, first: int, count: int) -> Any:
    """Squeeze uniform words into a window: first + mulhi(word, count)."""
    if count == ALL_WORDS:
        return words
    product = tf.cast(words, tf.uint64) * np.uint64(count)
    high = tf.bitwise.right_shift(product, np.uint64(32))
    return tf.cast(high + np.uint64(first), tf.uint32)


def quantile(words: Any) -> Any:
    """The quantile of (word + ½) / 2³² in units of 2⁻²⁸ standard deviations, as int32.

    As in the core, the exact float64 of x = 2m + 1 gives the row and t. Both factors of
    each product fit in 63 bits together, for the table's numbers are below 2³¹.
    """
    negative = words < np.uint32(1 << 31)
    magnitude = tf.where(negative, words, tf.bitwise.invert(words))
    x = tf.cast(magnitude, tf.float64) * 2.0 + 1.0
    bits = tf.bitcast(x, tf.int64)
    row = tf.cast(_shifted(bits, 46), tf.int32) - _EXPONENT_BIAS
    t = tf.bitwise.bitwise_and(_shifted(bits, 14), _WORD)
    c0, c1, c2 = (tf.cast(tf.gather(column, row), tf.int64) for column in _columns())
    # One shift for mulhi and the slope's extra bits: floors of floors compose.
    z = tf.cast(c0 - _shifted(t * (c1 - _shifted(t * c2, 32)), 32 + 9), tf.int32)
    return tf.where(negative, -z, z)


def _shifted(integers: Any, by: int) -> Any:
    return tf.bitwise.right_shift(integers, np.int64(by))


@cache
def _columns() -> tuple[np.ndarray[Any, np.dtype[np.int32]], ...]:
    return tuple(column.astype(np.int32) for column in columns())


def _scaled(integers: Any, numbers: Numbers, compute: np.dtype[Any]) -> Any:
    scale = compute.type(numbers.unit)
    # The bound changes no value. It stands between the product and whatever follows, the
    # mean here or a user's own arithmetic, so that the two are rounded one by one.
    bound = compute.type(numbers.largest) * scale
    product = tf.minimum(tf.maximum(tf.cast(integers, compute) * scale, -bound), bound)
    return product + compute.type(numbers.centre) if numbers.centre != 0.0 else product


def round_to(floats: Any, dtype: str) -> Any:
    """Round values to nearest even into a dtype.

    The rounding is done in float32 and the conversion is then exact: XLA may drop a
    conversion that another one undoes, and with it the rounding.
    """
    if dtype == "bfloat16":
        floats = _without_bits(floats, 16)
    elif dtype == "float16":
        subnormal = tf.round(floats * _HALF_STEPS) * _HALF_UNIT
        normal = _without_bits(floats, 13)
        infinite = tf.sign(normal) * np.float32(np.inf)
        normal = tf.where(tf.abs(normal) < _HALF_OVERFLOW, normal, infinite)
        floats = tf.where(tf.abs(floats) < _HALF_NORMAL, subnormal, normal)
    return tf.cast(floats, dtype)


def _without_bits(floats: Any, count: int) -> Any:
    """Round float32 values to nearest even, and drop the last bits of their mantissa."""
    bits = tf.bitcast(floats, tf.int32)
    even = tf.bitwise.bitwise_and(tf.bitwise.right_shift(bits, count), 1)
    up = bits + even + ((1 << (count - 1)) - 1)
    return tf.bitcast(tf.bitwise.bitwise_and(up, -(1 << count)), tf.float32)
