"""The variables of Flax nnx, read and written, and the numbers that arrays hold."""

from __future__ import annotations

from typing import Any, Final

#: Numbers that are stored in a few bits are those of quantized weights.
_QUANTIZED: Final = frozenset({"int8", "int4", "uint4", "int2", "uint2"})


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


def is_quantized(dtype: Any) -> bool:
    """Tell whether numbers of a dtype are those of a quantized weight."""
    return str(dtype) in _QUANTIZED
