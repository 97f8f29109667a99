"""``engine="native"``: a law by the samplers of Keras, on its backend and under its seeds."""

from __future__ import annotations

import math
from typing import Any

import keras

from fanwise.core.keys import stream_key
from fanwise.core.order import inverse_permutation
from fanwise.spec.axes import Layout
from fanwise.spec.errors import FanwiseError, Phrase
from fanwise.spec.laws import Constant, Law, Normal, Structured, TruncatedNormal, Uniform
from fanwise.spec.resolved import resolve
from fanwise.spec.scheme import Scheme

#: Keras cuts its truncated normal here, and nowhere else.
CUT = 2.0


def draw(
    scheme: Scheme, shape: tuple[int, ...], dtype: str, *, seed: Any, path: str | None, axes: str
) -> Any:
    """Draw a weight by ``keras.random``, or by Keras's own structured initializer.

    Args:
        scheme: what to draw.
        shape: the weight's shape.
        dtype: its dtype.
        seed: what Keras takes as one.
        path: with an integer seed, the weight draws under a seed made of the two.
        axes: the role of each axis.

    Raises:
        FanwiseError: where Keras has no sampler for the law.
    """
    law = resolve(scheme, shape, axes).law
    own = seed if path is None or not isinstance(seed, int) else path_seed(seed, path)
    match law:
        case Constant():
            return keras.ops.full(shape, law.value, dtype=dtype)
        case Uniform():
            return keras.random.uniform(shape, law.low, law.high, dtype=dtype, seed=own)
        case Normal():
            return keras.random.normal(shape, law.mean, law.sigma, dtype=dtype, seed=own)
        case TruncatedNormal():
            if (law.low, law.high) != (-CUT, CUT):
                raise _missing(f"truncated normal on [{law.low:g}, {law.high:g}]")
            return keras.random.truncated_normal(
                shape, law.centre, law.sigma, dtype=dtype, seed=own
            )
        case Structured():
            return _structured(law, dtype, own)


def path_seed(seed: int, path: str) -> int:
    """A seed that every backend of Keras accepts, one for each (seed, path)."""
    return stream_key(seed, path)[0] & 0x7FFFFFFF


def check(law: Law) -> None:
    """Raise where Keras has no sampler for a structured law."""
    if isinstance(law, Structured):
        if law.generator not in ("orthogonal", "identity"):
            raise _missing(law.generator)
        if "batch" in law.layout.roles:
            raise _missing(f"{law.generator} of several matrices")


def _structured(law: Structured, dtype: str, seed: Any) -> Any:
    """Keras's generator on the canonical shape, brought into storage order."""
    check(law)
    canonical = law.layout.canonical
    if law.generator == "identity":
        made = keras.initializers.Identity(law.gain)(canonical, dtype=dtype)
    else:
        columns = law.layout.extent("out")
        rows = math.prod(canonical) // max(columns, 1)
        # Keras flattens all axes but the last, so several out axes are made one first.
        matrix = keras.initializers.Orthogonal(law.gain, seed)((rows, columns), dtype=dtype)
        made = keras.ops.reshape(matrix, canonical)
    return _stored(made, law.layout)


def _stored(canonical: Any, found: Layout) -> Any:
    back = inverse_permutation(found.order)
    if back == tuple(range(len(back))):
        return canonical
    return keras.ops.reshape(keras.ops.transpose(canonical, back), found.shape)


def _missing(generator: str) -> FanwiseError:
    return FanwiseError(
        "a scheme that Keras has a sampler for",
        Phrase(generator),
        "Use engine='portable'.",
        context=f"Keras has no {generator}",
    )
