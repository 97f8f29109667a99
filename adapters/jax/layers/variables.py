"""The variables of Flax nnx, read and written."""

from __future__ import annotations

from typing import Any


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
