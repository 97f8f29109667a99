"""``engine="portable"``: the stream of the specification, on any backend."""

from __future__ import annotations

import math
from typing import Any, Final

import keras
from keras.src.backend import in_symbolic_scope

from fanwise.adapters.keras.drawing import graphs
from fanwise.adapters.keras.drawing import transfer as handing
from fanwise.core import sampler
from fanwise.core.structured import check
from fanwise.spec.errors import FanwiseError
from fanwise.spec.laws import Constant, Law, Structured
from fanwise.spec.resolved import resolve
from fanwise.spec.scheme import Scheme

#: A weight of more elements is drawn by the graph, rather than held in it as a constant:
#: the graph of a draw is about 30 kB, whatever the weight.
LARGEST_CONSTANT: Final = 1 << 16

_WORD: Final = 0xFFFFFFFF
#: What the backends raise when a traced value, or one of torch's meta device, is asked for
#: its number.
_TRACED: Final = (TypeError, NotImplementedError, ValueError, RuntimeError)


def draw(
    scheme: Scheme, shape: tuple[int, ...], dtype: str, *, seed: Any, path: str | None, axes: str
) -> Any:
    """Draw a weight from the portable stream, as a tensor of the backend.

    It is drawn on the host, and under a trace (tf.function, jax.jit) it is a constant of
    the compiled function; unless it is large, or its seed is traced: then it is drawn there.

    Args:
        scheme: what to draw.
        shape: the weight's shape.
        dtype: float16, bfloat16, float32 or float64.
        seed: 0 ≤ seed < 2⁶⁴, or a ``keras.random.SeedGenerator``, which advances.
        path: the weight's path in its model.
        axes: the role of each axis.

    Raises:
        FanwiseError: for bad input; a generator has then not advanced.
    """
    resolved = resolve(scheme, shape, axes)
    law = resolved.law
    if isinstance(law, Structured):
        check(law)
    if in_symbolic_scope():
        # Keras infers shapes and drops the values; it will call again for those.
        return keras.ops.zeros(shape, dtype=dtype)
    # A constant draws nothing, so a generator does not advance for it.
    own = 0 if isinstance(law, Constant) else seed
    if _belongs_in_graph(law, shape, own):
        return graphs.draw(scheme, shape, dtype, seed=own, path=path, axes=axes)
    drawn = sampler.draw(resolved, seed=number(own), path=path, dtype=available(dtype))
    return handing.over(drawn, dtype)


def _belongs_in_graph(law: Law, shape: tuple[int, ...], seed: Any) -> bool:
    generator = isinstance(seed, keras.random.SeedGenerator)
    large = not isinstance(law, Structured) and math.prod(shape) > LARGEST_CONSTANT
    return (generator or large) and graphs.tracing(seed)


def number(seed: Any) -> int:
    """The seed as an integer; a generator gives its next one, the first word being the low."""
    if not isinstance(seed, keras.random.SeedGenerator):
        return int(seed)
    try:
        # Before next(), which would leave a traced value in the generator's state.
        _words(seed.state.value * 1)
    except _TRACED:
        hint = "Draw outside of the compiled function, or pass an integer seed."
        raise FanwiseError("a SeedGenerator whose state is known", seed, hint) from None
    low, high = _words(seed.next())
    return low | high << 32


def _words(state: Any) -> tuple[int, int]:
    low, high = (int(word) & _WORD for word in state)
    return low, high


def available(dtype: str) -> str:
    """The dtype that the backend will store: JAX has no float64 unless it is enabled.

    Keras's own initializers then give float32, with JAX's warning; so do these.
    """
    if dtype == "float64" and keras.config.backend() == "jax":
        import jax

        return "float64" if jax.config.jax_enable_x64 else "float32"
    return dtype
