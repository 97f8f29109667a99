"""The variables of Flax nnx, read and written, and the numbers that arrays hold."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import jax
import numpy as np
from numpy.typing import NDArray

from fanwise.adapters.layer_weights import Index
from fanwise.adapters.observed_values import sample_step
from fanwise.spec.errors import FanwiseError, Phrase

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


def check_writable(variables: Iterable[Any]) -> None:
    """Raise where Flax does not let a variable be written.

    Raises:
        FanwiseError: for one from outside of what is being traced.
    """
    if not all(getattr(variable, "_can_update", True) for variable in variables):
        hint = "Pass the model as an argument to the function that nnx.jit compiles."
        raise FanwiseError("a model that belongs to this trace", Phrase("another"), hint)


def is_quantized(dtype: Any) -> bool:
    """Tell whether numbers of a dtype are those of a quantized weight."""
    return str(dtype) in _QUANTIZED


def near_array(value: Any) -> Any:
    """Return an array as it is, or on the host if it lies on several devices.

    Under a mesh whose axes are explicit, JAX does not flatten or index what is sharded.

    Args:
        value: the array, all of which this process holds.
    """
    if isinstance(value, jax.Array) and len(value.devices()) > 1:
        return np.asarray(value)
    return value


def sampled(value: Any, at: Index) -> NDArray[Any]:
    """Return some values of a block of an array, from all over it.

    Args:
        value: the array, all of which this process holds.
        at: the block; empty for all of it.
    """
    near = near_array(value)
    flat = (near[at] if at else near).reshape(-1)
    return np.asarray(flat[:: sample_step(flat.size)])
