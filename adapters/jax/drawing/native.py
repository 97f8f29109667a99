"""The native engine: a law by JAX's own samplers and initializers, with JAX's own keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import jax
import jax.numpy as jnp
import numpy as np
from jax.nn import initializers

from fanwise.adapters.jax.drawing.dtypes import is_complex
from fanwise.core.order import from_canonical
from fanwise.core.structured import check
from fanwise.spec.axes import BATCH, Layout
from fanwise.spec.errors import FanwiseError, Phrase
from fanwise.spec.laws import (
    ConstantLaw,
    Generator,
    Law,
    NormalLaw,
    StructuredLaw,
    TruncatedNormalLaw,
    UniformLaw,
)

#: The generators that JAX has.
_STRUCTURED: Final[Mapping[str, Callable[..., Any]]] = {
    Generator.ORTHOGONAL: initializers.orthogonal,
    Generator.DELTA_ORTHOGONAL: initializers.delta_orthogonal,
}


def draw(law: Law, layout: Layout, *, key: Any, dtype: Any, out_sharding: Any = None) -> Any:
    """Draw a weight by JAX.

    Args:
        law: the distribution of its elements.
        layout: its shape, laid out.
        key: a JAX key.
        dtype: floating, or complex where JAX has a complex sampler.
        out_sharding: how the result lies on a mesh.

    Raises:
        FanwiseError: where JAX has no initializer of its own for the law.
    """
    shape = layout.shape
    # A JAX that is older than out_sharding is not handed it.
    options = {} if out_sharding is None else {"out_sharding": out_sharding}
    if isinstance(law, ConstantLaw):
        return initializers.constant(law.value)(key, shape, dtype, **options)
    if isinstance(law, StructuredLaw):
        return _structured(law, layout, key, dtype, out_sharding)
    if is_complex(dtype):
        return _complex(law, shape, key, dtype) + jnp.asarray(law.mean, dtype)
    match law:
        case UniformLaw() if law.middle == 0.0:
            drawn = jax.random.uniform(key, shape, dtype, -1, **options)
            return drawn * jnp.asarray(law.limit, dtype)
        case UniformLaw():
            return jax.random.uniform(key, shape, dtype, law.low, law.high, **options)
        case NormalLaw():
            drawn = jax.random.normal(key, shape, dtype, **options)
            return _moved(drawn * jnp.asarray(law.sigma, dtype), law.mean)
        case TruncatedNormalLaw():
            drawn = jax.random.truncated_normal(key, law.low, law.high, shape, dtype, **options)
            return _moved(drawn * jnp.asarray(law.sigma, dtype), law.centre)
    raise TypeError(law)


def _moved(drawn: Any, mean: float) -> Any:
    return drawn + jnp.asarray(mean, drawn.dtype) if mean != 0.0 else drawn


def _complex(law: Law, shape: tuple[int, ...], key: Any, dtype: Any) -> Any:
    """Draw JAX's complex weights, by its variance scaling with a fan of 1 (all axes batch)."""
    match law:
        case UniformLaw():
            distribution = "uniform"
        case NormalLaw():
            distribution = "normal"
        case TruncatedNormalLaw(low=-2.0, high=2.0):
            distribution = "truncated_normal"
        case _:
            context = "JAX cuts complex normals at two standard deviations only"
            raise FanwiseError("bounds of -2 and 2", law, "Use a real dtype.", context=context)
    scaling = initializers.variance_scaling(
        law.std**2, "fan_in", distribution, (), (), tuple(range(len(shape)))
    )
    return scaling(key, shape, dtype)


def check_has_sampler(law: Law) -> None:
    """Raise for a law that JAX has no initializer of its own for."""
    if isinstance(law, StructuredLaw) and law.generator not in _STRUCTURED:
        raise FanwiseError(
            "an initializer of JAX's own",
            Phrase(law.generator),
            "Use engine='portable'.",
            context=f"jax.nn.initializers has no {law.generator}",
        )


def _structured(law: StructuredLaw, layout: Layout, key: Any, dtype: Any, out_sharding: Any) -> Any:
    check(law)
    check_has_sampler(law)
    make = _STRUCTURED[law.generator](law.gain)
    if out_sharding is not None:
        hint = "Use engine='portable', or jax.jit with out_shardings."
        raise FanwiseError(f"no out_sharding for JAX's {law.generator}", out_sharding, hint)
    # JAX has no factorization in half precision.
    half = not is_complex(dtype) and np.dtype(dtype).itemsize < 4
    computed = jnp.float32 if half else dtype
    batches = layout.canonical_roles.count(BATCH)
    lead, shape = layout.canonical[:batches], layout.canonical[batches:]
    if batches:
        keys = jax.random.split(key, lead)
        for _ in lead:
            make = jax.vmap(make, in_axes=(0, None, None))
    else:
        keys = key
    if layout.size == 0:
        return jnp.zeros(layout.shape, dtype)
    return from_canonical(make(keys, shape, computed), layout).astype(dtype)
