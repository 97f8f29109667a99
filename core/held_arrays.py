"""Weights that someone holds, of NumPy or of a framework, as arrays of NumPy."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fanwise.core.dtypes import NAMES, Format, bfloat16_dtype, format_of, rounded
from fanwise.spec.errors import FanwiseError, Phrase


class HeldArray(NamedTuple):
    """A weight that is not to be written into.

    Attributes:
        values: in float16, float32 or float64; those of bfloat16 are float32.
        dtype: that of the weight.
    """

    values: NDArray[Any]
    dtype: Format


def read_array(weight: Any) -> HeldArray:
    """Read a weight: an array of NumPy or JAX, a tensor of torch, a variable of Keras or Flax.

    Raises:
        FanwiseError: for what is no array, is not of one of the four floating dtypes, or holds
            what is not finite.
    """
    name, array = _array(weight)
    if name not in NAMES:
        hint = f"Pass an array of {', '.join(NAMES)}."
        raise FanwiseError("a weight of floats", Phrase(f"one of {name}"), hint)
    values = array.astype(np.float32) if name == "bfloat16" else array
    if not np.isfinite(values).all():
        hint = "Pass a weight without NaN and infinity."
        raise FanwiseError("a weight of finite numbers", Phrase("some that are not"), hint)
    return HeldArray(values, format_of(name))


def as_dtype(values: NDArray[Any], dtype: Format) -> NDArray[Any]:
    """Round float64 values once into an array of a dtype.

    Raises:
        FanwiseError: for values that it cannot hold; and for bfloat16, where ml_dtypes is missing.
    """
    with np.errstate(over="ignore"):
        if dtype.name == "bfloat16":
            # By way of float32, as everywhere in Fanwise.
            stored = rounded(values.astype(np.float32), dtype).view(bfloat16_dtype())
        else:
            stored = values.astype(dtype.storage)
    if not np.isfinite(stored).all():
        received = Phrase(f"numbers up to {np.abs(values).max():.4g}")
        raise FanwiseError(f"what {dtype.name} can hold", received, "Pass smaller numbers.")
    return stored


def _array(weight: Any) -> tuple[str, NDArray[Any]]:
    """Return the name of a weight's dtype, and its array; torch's bfloat16 as float32."""
    hint = "Pass an array of NumPy or JAX, a tensor of torch, or a variable."
    if not (hasattr(weight, "__array__") and hasattr(weight, "dtype")):
        raise FanwiseError("a weight as an array", weight, hint)
    name = ""
    try:
        if hasattr(weight, "detach"):
            weight = weight.detach().cpu()
            # NumPy has no bfloat16 that torch knows.
            if str(weight.dtype) == "torch.bfloat16":
                name, weight = "bfloat16", weight.float()
        array = np.asarray(weight)
    except Exception as error:
        received = Phrase(f"a {type(weight).__name__}, which raises {type(error).__name__}")
        raise FanwiseError("a weight that holds numbers", received, hint) from error
    return name or array.dtype.name, array
