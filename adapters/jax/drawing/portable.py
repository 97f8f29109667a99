"""The portable engine: the stream of the specification, on the host or compiled."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import Any, Final

import jax
import jax.numpy as jnp

from fanwise.adapters.jax.drawing.host_parts import can_be_parted
from fanwise.adapters.jax.drawing.keys import (
    check_key,
    counter_words,
    seed_of_key,
    seed_words,
    words_of_seed,
)
from fanwise.adapters.jax.drawing.sharding import from_host, home, laid, sharded
from fanwise.adapters.jax.drawing.stream import stream_key
from fanwise.adapters.jax.drawing.structured import generated, is_made_on_host
from fanwise.adapters.jax.drawing.traced_values import weights
from fanwise.adapters.jax.drawing.tracing import is_traced, is_tracing
from fanwise.core import sampler
from fanwise.core.dtypes import format_of
from fanwise.core.fast import gate
from fanwise.core.keys import checked_seed
from fanwise.spec.axes import Layout
from fanwise.spec.laws import ConstantLaw, Law, StructuredLaw
from fanwise.spec.resolved import Resolved

#: With NumPy alone on the host: compiling a new shape takes about 0.1 s, and then 2 ns for an
#: element; the core needs no compiling. It draws a weight until this many elements of its like have
#: been drawn: after that, or at once for a large weight, it is compiled. So it is on accelerators,
#: to which the core's weights must be copied. Same bits.
_WORTH_COMPILING: Final = 1 << 20
_drawn: Final[Counter[tuple[Law, Layout, Any]]] = Counter()


def draw(
    resolved: Resolved,
    *,
    key: Any,
    seed: int | None,
    path: str | None,
    dtype: Any,
    out_sharding: Any = None,
    place: Any = None,
) -> Any:
    """Draw a weight: eagerly, or as part of a computation that is being traced.

    Args:
        resolved: a scheme on a shape.
        key: a JAX key, traced or not; not looked at where a seed is given.
        seed: the seed itself, or None.
        path: the weight's path, which gives it a stream of its own.
        dtype: one of the four floating dtypes, as JAX can hold it.
        out_sharding: how the result lies on a mesh.
        place: a NamedSharding that the caller lays a traced result by, or None.

    Raises:
        FanwiseError: for a shape, key or path that does not fit.
    """
    layout, law = resolved.layout, resolved.law
    sampler.check_law(law, format_of(dtype).name, path)
    if seed is None:
        check_key(key)
    else:
        seed, key = checked_seed(seed), None
    if layout.size and _suits_host(key, law, layout, dtype, out_sharding):
        if seed is None:  # a constant takes none
            seed = 0 if isinstance(law, ConstantLaw) else seed_of_key(key)
        drawn = sampler.draw(resolved, seed=seed, path=path, dtype=dtype)
        return from_host(drawn, home(key), out_sharding)
    words = seed_words(key) if seed is None else words_of_seed(seed)
    if layout.size == 0:
        part = partial(_empty, layout=layout, dtype=dtype)
    elif isinstance(law, StructuredLaw):
        if is_made_on_host(law):
            asked = laid(layout.shape, out_sharding)
            where = place if asked is None else asked
            if can_be_parted(where):
                return _structured(words, resolved=resolved, path=path, dtype=dtype, place=where)
        part = partial(_structured, resolved=resolved, path=path, dtype=dtype)
    else:
        counter = counter_words(path)
        part = partial(_elementwise, counter=counter, law=law, layout=layout, dtype=dtype)
    return sharded(part, layout.shape, out_sharding)(words)


def _empty(_: Any, *, layout: Layout, dtype: Any) -> Any:
    return jnp.zeros(layout.shape, dtype)


@partial(jax.jit, static_argnames=("law", "layout", "dtype"))
def _elementwise(seed: Any, *, counter: Any, law: Law, layout: Layout, dtype: Any) -> Any:
    return weights(law, layout, stream_key(seed, counter), dtype)


_structured = jax.jit(generated, static_argnames=("resolved", "path", "dtype", "place"))


def _suits_host(key: Any, law: Law, layout: Layout, dtype: Any, out_sharding: Any) -> bool:
    """Tell whether nothing is being traced, and the core is the quicker way."""
    if is_traced(key) or is_tracing():
        return False
    if isinstance(law, StructuredLaw):
        return True
    if out_sharding is not None:
        return False
    if lies_on_host() and gate.kernels() is not None:
        return True
    like = (law, layout, dtype)
    _drawn[like] += layout.size
    return _drawn[like] < _WORTH_COMPILING


def lies_on_host() -> bool:
    """Tell whether new arrays do; to an accelerator, what the core draws must be copied."""
    device = jax.config.jax_default_device
    platform = jax.default_backend() if device is None else getattr(device, "platform", device)
    return bool(platform == "cpu")
