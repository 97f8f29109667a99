"""Dtypes, as Keras and as NumPy name them."""

from __future__ import annotations

import re
from typing import Any

import keras
import numpy as np

from fanwise.core.dtypes import NAMES, bfloat16_dtype, format_of
from fanwise.spec.errors import FanwiseError


def dtype_name(dtype: Any) -> str:
    """Return the name of a dtype, whichever framework's it is."""
    try:
        return str(keras.backend.standardize_dtype(dtype))
    except (TypeError, ValueError):
        hint = f"Pass one of {', '.join(NAMES)}."
        raise FanwiseError("a dtype that Keras knows", dtype, hint) from None


def itemsize(name: str) -> int:
    """Return the bytes of a number of a dtype, by its name; 1 where that says nothing."""
    bits = re.search(r"(?<=int|oat)\d+|(?<=complex)\d+", name)
    return max(1, int(bits[0]) // 8) if bits else 1


def host_dtype(name: str) -> np.dtype[Any]:
    """Return the dtype that an array on the host has for one of the four floating dtypes."""
    return bfloat16_dtype() if name == "bfloat16" else format_of(name).storage
