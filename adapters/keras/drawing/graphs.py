"""The portable engine as part of a function that the backend compiles.

There the seed may be a tensor, the state of a SeedGenerator: TensorFlow then draws by
its own operations, and JAX by the adapter of JAX. The other backends trace no seeds.
"""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from keras.src.backend.common.stateless_scope import in_stateless_scope

from fanwise.core.keys import path_counter
from fanwise.spec.errors import FanwiseError, Phrase
from fanwise.spec.laws import Law, StructuredLaw
from fanwise.spec.resolved import Resolved


def tracing(seed: Any) -> bool:
    """Tell whether a draw from a seed would be part of a graph, on a backend that has graphs."""
    backend = keras.config.backend()
    if backend == "tensorflow":
        import tensorflow as tf

        return not tf.executing_eagerly()
    if backend == "jax":
        from fanwise.adapters.jax.drawing.tracing import is_traced, is_tracing

        # Under vmap a seed is traced, and nothing else.
        state = seed.state.value if isinstance(seed, keras.random.SeedGenerator) else None
        return is_traced(state) or is_tracing()
    return False


def draw(resolved: Resolved, dtype: str, *, seed: Any, path: str | None) -> Any:
    """Draw a weight in the graph; the arguments are those of the portable engine.

    Raises:
        FanwiseError: where the backend cannot; a generator has then not advanced.
    """
    by_backend = {"tensorflow": _draw_by_tensorflow, "jax": _draw_by_jax}
    return by_backend[keras.config.backend()](resolved, dtype, seed=seed, path=path)


def _draw_by_tensorflow(resolved: Resolved, dtype: str, *, seed: Any, path: str | None) -> Any:
    import tensorflow as tf

    from fanwise.adapters.keras.drawing import graph_values, stream

    counter = path_counter(path)
    _check_elementwise(resolved.law)
    if isinstance(seed, keras.random.SeedGenerator):
        words = stream.seed_of(seed.next())
    else:
        words = tf.constant(np.uint64(seed))
    key = stream.stream_key(words, counter)
    return graph_values.weights(resolved.law, resolved.layout, key, dtype)


def _check_elementwise(law: Law) -> None:
    if isinstance(law, StructuredLaw):
        raise FanwiseError(
            "a seed that is known",
            Phrase("the traced state of a SeedGenerator"),
            "Draw outside of the compiled function, or pass an integer seed.",
            context=f"{law.generator} is built on the host",
        )


def _draw_by_jax(resolved: Resolved, dtype: str, *, seed: Any, path: str | None) -> Any:
    from fanwise.adapters.jax.drawing.dtypes import resolved_dtype
    from fanwise.adapters.jax.drawing.portable import draw

    key = None
    if isinstance(seed, keras.random.SeedGenerator):
        path_counter(path)
        key, seed = _jax_key(seed), None
    into = resolved_dtype(dtype)
    return draw(resolved, key=key, seed=seed, path=path, dtype=into)


def _jax_key(seed: Any) -> Any:
    """Return the raw key (high, low) whose seed is the generator's next one."""
    import jax
    import jax.numpy as jnp

    if not in_stateless_scope() and not isinstance(seed.state.value, jax.core.Tracer):
        # Keras would leave a traced value in the generator, and any later use of it fail.
        raise FanwiseError(
            "a SeedGenerator whose state is known, or held by a keras.StatelessScope",
            seed,
            "Draw outside of the compiled function, pass an integer seed, or hand the state "
            "in by keras.StatelessScope(state_mapping=…).",
        )
    return seed.next()[::-1].astype(jnp.uint32)
