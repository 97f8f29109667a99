"""The portable engine: the stream of the specification, on the host or compiled."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import Any, Final

import jax
import jax.numpy as jnp

from fanwise.adapters.jax.drawing.keys import counter_words, seed_of, seed_words, words_of_seed
from fanwise.adapters.jax.drawing.sharding import home, placed, sharded
from fanwise.adapters.jax.drawing.stream import stream_key
from fanwise.adapters.jax.drawing.structured import generated
from fanwise.adapters.jax.drawing.traced_values import weights
from fanwise.core import sampler
from fanwise.core.fast import gate
from fanwise.core.structured import check
from fanwise.spec.axes import Layout
from fanwise.spec.laws import Law, Structured
from fanwise.spec.resolved import Resolved, resolve
from fanwise.spec.scheme import Scheme

#: With NumPy alone on the host: compiling a new shape takes about 0.1 s, and then 2 ns for an
#: element; the core needs no compiling. It draws a weight until this many elements of its like have
#: been drawn: after that, or at once for a large weight, it is compiled. Same bits.
_WORTH_COMPILING: Final = 1 << 20
_drawn: Final[Counter[tuple[Law, Layout, Any]]] = Counter()


def draw(
    scheme: Scheme,
    shape: Any,
    *,
    key: Any,
    seed: int | None,
    path: str | None,
    axes: str,
    dtype: Any,
    out_sharding: Any = None,
) -> Any:
    """Draw a weight: eagerly, or as part of a computation that is being traced.

    Args:
        scheme: what to draw.
        shape: the weight's shape.
        key: a JAX key, traced or not; not looked at where a seed is given.
        seed: the seed itself, or None.
        path: the weight's path, which gives it a stream of its own.
        axes: the role of each axis.
        dtype: one of the four floating dtypes, as JAX can hold it.
        out_sharding: how the result lies on a mesh.

    Raises:
        FanwiseError: for a shape, key or path that does not fit.
    """
    resolved = resolve(scheme, shape, axes)
    return draw_resolved(
        resolved, key=key, seed=seed, path=path, dtype=dtype, out_sharding=out_sharding
    )


def draw_resolved(
    resolved: Resolved,
    *,
    key: Any,
    seed: int | None,
    path: str | None,
    dtype: Any,
    out_sharding: Any = None,
) -> Any:
    """Draw a scheme that is worked out for its shape; the arguments are those of :func:`draw`."""
    found, law = resolved.layout, resolved.law
    if isinstance(law, Structured):
        check(law)
    words = seed_words(key) if seed is None else words_of_seed(seed)
    if found.size and _suits_host(words, law, found, dtype, out_sharding):
        made = sampler.draw(resolved, seed=seed_of(words), path=path, dtype=dtype)
        # Not jnp.asarray, which would compile a copy for each new shape; this takes over an
        # array that is aligned, as the core's are, and no one else holds it.
        where = home(key) if seed is None else None
        return placed(jax.device_put(made, where), out_sharding)
    if found.size == 0:
        part = partial(_empty, found=found, dtype=dtype)
    elif isinstance(law, Structured):
        part = partial(_structured, resolved=resolved, path=path, dtype=dtype)
    else:
        counter = counter_words(path)
        part = partial(_elementwise, counter=counter, law=law, found=found, dtype=dtype)
    return sharded(part, found.shape, out_sharding)(words)


def _empty(_: Any, *, found: Layout, dtype: Any) -> Any:
    return jnp.zeros(found.shape, dtype)


@partial(jax.jit, static_argnames=("law", "found", "dtype"))
def _elementwise(seed: Any, *, counter: Any, law: Law, found: Layout, dtype: Any) -> Any:
    return weights(law, found, stream_key(seed, counter), dtype)


_structured = jax.jit(generated, static_argnames=("resolved", "path", "dtype"))


def _suits_host(words: Any, law: Law, found: Layout, dtype: Any, out_sharding: Any) -> bool:
    """Whether nothing is being traced, and the core is the quicker way."""
    if isinstance(words, jax.core.Tracer) or isinstance(jnp.zeros(()), jax.core.Tracer):
        return False
    if isinstance(law, Structured):
        return True
    if out_sharding is not None:
        return False
    if gate.taken(dtype, found.size):
        return True
    like = (law, found, dtype)
    _drawn[like] += found.size
    return _drawn[like] < _WORTH_COMPILING
