"""Whether what JAX does becomes part of a computation that it compiles."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp

try:
    # A private name, as there is no other; without it the longer way is always gone.
    from jax._src.core import trace_state_clean as _is_clean
except ImportError:  # pragma: no cover - of some other JAX

    def _is_clean() -> bool:
        return False


def is_traced(value: Any) -> bool:
    """Tell whether a value is not known before a computation runs."""
    return isinstance(value, jax.core.Tracer)


def is_tracing() -> bool:
    """Tell whether values that are made here and now are traced.

    Under ``jax.vmap`` and ``jax.grad`` only those are that depend on the arguments.
    """
    # An array takes 15 µs to make, which is as long as to draw a small weight.
    return not _is_clean() and is_traced(jnp.zeros(()))
