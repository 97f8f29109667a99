"""``engine="portable"``: the stream of the specification, on any backend."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any, Final

import keras
import numpy as np
from keras.src.backend import in_symbolic_scope
from numpy.typing import NDArray

from fanwise.adapters.keras.drawing import devices, graphs, transfer
from fanwise.core import sampler
from fanwise.core.sampler import check_law
from fanwise.spec.errors import FanwiseError
from fanwise.spec.laws import ConstantLaw, Law, StructuredLaw
from fanwise.spec.resolved import Resolved

#: Draws a block of a weight: that of the slices.
HostPart = Callable[[tuple[slice, ...]], NDArray[Any]]
#: A weight of more elements is drawn by the graph, rather than held in it as a constant:
#: the graph of a draw is about 30 kB, whatever the weight.
LARGEST_CONSTANT: Final = 1 << 16

_WORD: Final = 0xFFFFFFFF
#: What the backends raise when a traced value, or one of torch's meta device, is asked for
#: its number.
_TRACED: Final = (TypeError, NotImplementedError, ValueError, RuntimeError)


def draw(resolved: Resolved, dtype: str, *, seed: Any, path: str | None) -> Any:
    """Draw a weight from the portable stream, as a tensor of the backend.

    It is drawn on the host, or on the accelerator that it is for. Under a trace (tf.function,
    jax.jit) it is a constant of the compiled function; unless it is large, or its seed is traced:
    then it is drawn there.

    Args:
        resolved: what to draw, on which shape.
        dtype: float16, bfloat16, float32 or float64.
        seed: 0 ≤ seed < 2⁶⁴, or a ``keras.random.SeedGenerator``, which advances.
        path: the weight's path in its model.

    Raises:
        FanwiseError: for bad input; a generator has then not advanced.
    """
    check_law(resolved.law, dtype, path)
    if in_symbolic_scope():
        # Keras infers shapes and drops the values; it will call again for those.
        return keras.ops.zeros(resolved.shape, dtype=dtype)
    seed = needed_seed(resolved.law, seed)
    if _belongs_in_graph(resolved, seed):
        return graphs.draw(resolved, dtype, seed=seed, path=path)
    if devices.draws(resolved.law):
        return devices.draw(resolved, dtype, seed=number(seed), path=path)
    drawn = sampler.draw(resolved, seed=number(seed), path=path, dtype=available(dtype))
    return transfer.to_device(drawn, dtype)


def host_part(resolved: Resolved, dtype: str, *, seed: int, path: str | None) -> HostPart:
    """Return what draws any block of a weight on the host.

    Args:
        resolved: what to draw, on which shape.
        dtype: float16, bfloat16, float32 or float64.
        seed: of the weight.
        path: its path in its model.
    """
    draw = partial(sampler.draw, resolved, seed=seed, path=path, dtype=available(dtype))
    if isinstance(resolved.law, StructuredLaw):
        # No block is known without all of it, which is drawn once for all blocks.
        whole = lru_cache(maxsize=1)(draw)
        return lambda index: whole()[index]
    return lambda index: draw(index=index)


def needed_seed(law: Law, seed: Any) -> Any:
    """Return the seed, or 0 for a constant, which draws nothing: no generator advances for it."""
    return 0 if isinstance(law, ConstantLaw) else seed


def _belongs_in_graph(resolved: Resolved, seed: Any) -> bool:
    generator = isinstance(seed, keras.random.SeedGenerator)
    structured = isinstance(resolved.law, StructuredLaw)
    large = not structured and resolved.layout.size > LARGEST_CONSTANT
    return (generator or large) and graphs.tracing(seed)


def number(seed: Any) -> int:
    """Return the seed as an integer; a generator gives its next one, low word first."""
    if not isinstance(seed, keras.random.SeedGenerator):
        return int(seed)
    if not _is_known(seed):
        hint = "Draw outside of the compiled function, or pass an integer seed."
        raise FanwiseError("a SeedGenerator whose state is known", seed, hint)
    low, high = _words(seed.next())
    return low | high << 32


def _is_known(generator: Any) -> bool:
    """Tell whether a generator may go on: next() would leave a traced value in its state."""
    if graphs.tracing(generator):
        return False
    try:
        _words(generator.state.value)
    except _TRACED:
        return False
    return True


def _words(state: Any) -> tuple[int, int]:
    """Read the two words of a generator's state, at once: each would be an operation."""
    held = state.detach().cpu() if hasattr(state, "detach") else state
    low, high = (int(word) & _WORD for word in np.asarray(held).tolist())
    return low, high


def available(dtype: str) -> str:
    """Return the dtype that the backend will store: JAX has no float64 unless it is enabled.

    Keras's own initializers then give float32, with JAX's warning; so do these.
    """
    if dtype == "float64" and keras.config.backend() == "jax":
        import jax

        return "float64" if jax.config.jax_enable_x64 else "float32"
    return dtype
