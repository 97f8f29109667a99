"""The variables of Flax nnx, read and written."""

from __future__ import annotations

from typing import Any

import jax


def read(variable: Any) -> Any:
    """Return the value of a variable."""
    # Flax before 0.12 has the attribute alone.
    return variable.get_value() if hasattr(variable, "get_value") else variable.value


def write(variable: Any, value: Any) -> None:
    """Give a variable a value; it stays the same object."""
    if hasattr(variable, "set_value"):
        variable.set_value(value)
    else:
        variable.value = value


def sharding(value: Any) -> Any:
    """Return how a value lies on a mesh; None where it does not, or is being traced."""
    where = None if isinstance(value, jax.core.Tracer) else getattr(value, "sharding", None)
    return where if isinstance(where, jax.sharding.NamedSharding) else None
