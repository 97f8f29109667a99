"""``engine="native"``: a law by the samplers of Keras, on its backend and under its seeds."""

from __future__ import annotations

import math
from typing import Any

import keras

from fanwise.core.keys import stream_key
from fanwise.core.order import inverse_permutation
from fanwise.spec.axes import BATCH, OUT, Layout
from fanwise.spec.errors import FanwiseError, Phrase
from fanwise.spec.laws import (
    ConstantLaw,
    Law,
    NormalLaw,
    StructuredLaw,
    TruncatedNormalLaw,
    UniformLaw,
)
from fanwise.spec.resolved import Resolved

#: Keras cuts its truncated normal here, and nowhere else.
CUT = 2.0


def draw(resolved: Resolved, dtype: str, *, seed: Any, path: str | None) -> Any:
    """Draw a weight by ``keras.random``, or by Keras's own structured initializer.

    Args:
        resolved: what to draw, on which shape.
        dtype: its dtype.
        seed: what Keras takes as one.
        path: with an integer seed, the weight draws under a seed made of the two.

    Raises:
        FanwiseError: where Keras has no sampler for the law.
    """
    law, shape = resolved.law, resolved.shape
    check(law, dtype)
    keras_seed = _keras_seed(seed, path) if isinstance(seed, int) else seed
    match law:
        case ConstantLaw():
            return keras.ops.full(shape, law.value, dtype=dtype)
        case UniformLaw():
            return keras.random.uniform(shape, law.low, law.high, dtype=dtype, seed=keras_seed)
        case NormalLaw():
            return keras.random.normal(shape, law.mean, law.sigma, dtype=dtype, seed=keras_seed)
        case TruncatedNormalLaw():
            return keras.random.truncated_normal(
                shape, law.centre, law.sigma, dtype=dtype, seed=keras_seed
            )
        case StructuredLaw():
            return _structured(law, dtype, keras_seed)


def _keras_seed(seed: int, path: str | None) -> int:
    if path is not None:
        return path_seed(seed, path)
    if keras.config.backend() == "torch":
        # As Keras itself reads it from 3.14 on; before, it raises for more than 31 bits.
        return (seed + (1 << 31)) % (1 << 32) - (1 << 31)
    return seed


def path_seed(seed: int, path: str) -> int:
    """Make a seed that every backend of Keras accepts, one for each (seed, path)."""
    return stream_key(seed, path)[0] & 0x7FFFFFFF


def check(law: Law, dtype: str) -> None:
    """Raise where Keras has no sampler for a law in a dtype."""
    if isinstance(law, TruncatedNormalLaw) and (law.low, law.high) != (-CUT, CUT):
        raise _missing(f"truncated normal on [{law.low:g}, {law.high:g}]")
    if isinstance(law, StructuredLaw):
        if law.generator not in ("orthogonal", "identity"):
            raise _missing(law.generator)
        if law.generator == "orthogonal" and dtype in ("float16", "bfloat16"):
            raise _missing("orthogonal in half precision")
        if BATCH in law.layout.roles:
            raise _missing(f"{law.generator} of several matrices")


def _structured(law: StructuredLaw, dtype: str, seed: Any) -> Any:
    """Draw by Keras's generator on the canonical shape, and bring it into storage order."""
    canonical = law.layout.canonical
    if law.generator == "identity":
        weight = keras.initializers.Identity(law.gain)(canonical, dtype=dtype)
    else:
        columns = law.layout.extent(OUT)
        rows = math.prod(canonical) // max(columns, 1)
        # Keras flattens all axes but the last, so several out axes are made one first.
        matrix = keras.initializers.Orthogonal(law.gain, seed)((rows, columns), dtype=dtype)
        weight = keras.ops.reshape(matrix, canonical)
    return to_storage(weight, law.layout)


def to_storage(canonical: Any, layout: Layout) -> Any:
    """Bring a tensor from canonical order into storage order."""
    order = inverse_permutation(layout.order)
    if order != tuple(range(len(order))):
        canonical = keras.ops.transpose(canonical, order)
    return keras.ops.reshape(canonical, layout.shape)


def _missing(generator: str) -> FanwiseError:
    return FanwiseError(
        "a scheme that Keras has a sampler for",
        Phrase(generator),
        "Use engine='portable'.",
        context=f"Keras has no {generator}",
    )
