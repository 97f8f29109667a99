"""From words to weights in traced code, bit for bit as the core does it."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

import jax.numpy as jnp
import numpy as np
from jax import lax

from fanwise.adapters.jax.drawing.stream import Words, mulhi, stream_words
from fanwise.core.dtypes import bfloat16_dtype, format_of, rounded
from fanwise.core.quantile import ALL_WORDS, columns
from fanwise.core.values import Numbers
from fanwise.spec.axes import Layout
from fanwise.spec.laws import ConstantLaw, Law

#: float16 below its smallest normal number counts in steps of this unit.
_HALF_NORMAL: Final = np.float32(2.0**-14)
_HALF_STEPS: Final = np.float32(2.0**24)
_HALF_UNIT: Final = np.float32(2.0**-24)


def weights(law: Law, layout: Layout, key: tuple[Words, Words], dtype: Any) -> Any:
    """Return the weight of an elementwise law, in storage order."""
    if isinstance(law, ConstantLaw):
        return jnp.full(layout.shape, constant(law.value, dtype))
    words = stream_words(layout, key)
    compute = format_of(dtype).compute
    return round_to(values(words, law, compute), dtype)


def constant(value: float, dtype: Any) -> Any:
    """Return a NumPy scalar, rounded as the core rounds it."""
    into = format_of(dtype)
    stored = rounded(np.array([value], into.compute), into)
    return stored.view(bfloat16_dtype() if into.name == "bfloat16" else into.storage)[0]


def values(words: Words, law: Law, compute: np.dtype[Any]) -> Any:
    """Return the weights that words stand for, in the computing dtype."""
    numbers = Numbers.of(law)
    if not numbers.normal:
        odd = (words >> np.uint32(8)).astype(np.int32) * np.int32(2) + np.int32(1 - (1 << 24))
        return _scaled(odd, numbers, compute)
    first, count = numbers.window
    if count != ALL_WORDS:
        words = mulhi(words, np.uint32(count)) + np.uint32(first)
    return _scaled(quantile(words), numbers, compute)


def quantile(words: Words) -> Any:
    """Return the quantile of (word + ½) / 2³² in units of 2⁻²⁸ standard deviations, as int32."""
    negative = words < np.uint32(1 << 31)
    x = jnp.where(negative, words, ~words) * np.uint32(2) + np.uint32(1)
    zeros = lax.clz(x)
    f = (x << zeros) << np.uint32(1)
    row = ((np.uint32(31) - zeros) * np.uint32(64) + (f >> np.uint32(26))).astype(np.int32)
    t = f << np.uint32(6)
    c0, c1, c2 = (
        jnp.asarray(column).at[row].get(mode="promise_in_bounds") for column in _columns()
    )
    z = (c0 - (mulhi(t, c1 - mulhi(t, c2)) >> np.uint32(9))).astype(np.int32)
    return jnp.where(negative, -z, z)


@cache
def _columns() -> tuple[np.ndarray[Any, np.dtype[np.uint32]], ...]:
    return tuple(column.astype(np.uint32) for column in columns())


def _scaled(integers: Any, numbers: Numbers, compute: np.dtype[Any]) -> Any:
    scale = compute.type(numbers.unit)
    # The bound changes no value. It stands between the product and whatever follows, the
    # mean here or a user's own arithmetic, so that XLA neither fuses the two into one
    # rounding nor merges two factors into one.
    bound = compute.type(numbers.largest) * scale
    product = lax.clamp(-bound, integers.astype(compute) * scale, bound)
    return product + compute.type(numbers.centre) if numbers.centre != 0.0 else product


def round_to(weight: Any, dtype: Any) -> Any:
    """Values rounded to nearest even into a dtype.

    The rounding is done in float32 and the conversion is then exact: XLA may drop a
    conversion that another one undoes, and with it the rounding.
    """
    if dtype == jnp.bfloat16:
        weight = lax.reduce_precision(weight, exponent_bits=8, mantissa_bits=7)
    elif dtype == np.float16:
        # reduce_precision flushes what is subnormal in float16.
        subnormal = jnp.round(weight * _HALF_STEPS) * _HALF_UNIT
        normal = lax.reduce_precision(weight, exponent_bits=5, mantissa_bits=10)
        weight = jnp.where(jnp.abs(weight) < _HALF_NORMAL, subnormal, normal)
    return weight.astype(dtype)
