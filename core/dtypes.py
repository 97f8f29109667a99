"""The four floating dtypes of a weight, and the rounding into them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fanwise.core.scratch import scratch
from fanwise.spec.errors import FanwiseError, did_you_mean

Floats = NDArray[np.float32] | NDArray[np.float64]

_WORTH_ALIGNING: Final = 1 << 16
#: With what is skipped to align it, the most that NumPy makes an array of.
_MOST_BYTES: Final = (1 << 63) - 128

NAMES: Final = ("float16", "bfloat16", "float32", "float64")
_SYNONYMS: Final = {
    "half": "float16",
    "fp16": "float16",
    "f16": "float16",
    "bf16": "bfloat16",
    "float": "float32",
    "fp32": "float32",
    "f32": "float32",
    "double": "float64",
    "fp64": "float64",
    "f64": "float64",
}


@dataclass(frozen=True)
class Format:
    """A dtype of weights: its name, what NumPy stores it in, what it is computed in."""

    name: str
    storage: np.dtype[Any]
    compute: np.dtype[Any]


def format_of(dtype: object) -> Format:
    """Return the format that a dtype names.

    Args:
        dtype: a name, a NumPy dtype or scalar type; bfloat16 is that of ml_dtypes.

    Raises:
        FanwiseError: for anything but the four floating dtypes.
    """
    name = _name(dtype)
    if name not in NAMES:
        hint = f"Pass e.g. dtype='float32'. {did_you_mean(dtype, NAMES, _SYNONYMS)}"
        raise FanwiseError(f"a dtype of {', '.join(NAMES)}", dtype, hint)
    return _format(name)


@cache
def _format(name: str) -> Format:
    storage = np.dtype(np.uint16 if name == "bfloat16" else name)
    return Format(name, storage, np.dtype(np.float64 if name == "float64" else np.float32))


def _name(dtype: object) -> str:
    if isinstance(dtype, str):
        return dtype
    return _name_of(dtype) if isinstance(dtype, (np.dtype, type)) else _name_as_numpy(dtype)


def _name_as_numpy(dtype: object) -> str:
    """Return the name of what NumPy takes for a dtype; "" where it takes it for none."""
    try:
        return np.dtype(dtype).name  # type: ignore[call-overload,no-any-return]
    except TypeError:
        return ""


#: NumPy puts the name of a dtype together in 4 µs; there are few dtypes.
_name_of: Final = lru_cache(maxsize=64)(_name_as_numpy)


def bfloat16_dtype() -> np.dtype[Any]:
    """Return NumPy's bfloat16, which is that of ml_dtypes."""
    try:
        import ml_dtypes
    except ImportError:
        raise FanwiseError(
            "the package ml_dtypes, which holds NumPy's bfloat16",
            "no such package",
            "Install it with 'pip install ml_dtypes', or pass a uint16 array as out=.",
        ) from None
    dtype: np.dtype[Any] = np.dtype(ml_dtypes.bfloat16)
    return dtype


def check_bytes(shape: tuple[int, ...], itemsize: int) -> None:
    """Raise where an array of a framework would have 2**63 bytes: XLA ends the process of it."""
    if math.prod(shape) * itemsize > _MOST_BYTES:
        hint = "Check the shape: no weight is that large."
        raise FanwiseError("a shape of fewer than 2**63 bytes", shape, hint)


def empty(shape: tuple[int, ...], dtype: np.dtype[Any]) -> NDArray[Any]:
    """Make an array; a large one starts on a line of the cache, so that frameworks take it over.

    JAX and TensorFlow copy what is aligned to less than 64 bytes.
    """
    size = math.prod(shape) * dtype.itemsize
    if size < _WORTH_ALIGNING:
        return np.empty(shape, dtype)
    if size > _MOST_BYTES:
        raise FanwiseError("fewer than 2**63 bytes", shape, "Draw blocks of it, with index=.")
    memory = np.empty(size + 64, np.uint8)
    skipped = -memory.ctypes.data % 64
    return memory[skipped : skipped + size].view(dtype).reshape(shape)


def rounded(values: Floats, into: Format) -> NDArray[Any]:
    """Round values of the computing dtype to nearest even into storage."""
    if values.dtype == into.storage:
        return values
    stored: NDArray[Any] = np.empty(values.shape, into.storage)
    round_into(values, into, stored)
    return stored


def round_into(values: Floats, into: Format, out: NDArray[Any]) -> None:
    """Round values of the computing dtype to nearest even into storage of their shape."""
    if into.name == "bfloat16":
        bfloat16_bits(values.astype(np.float32, copy=False), out)
    else:
        with np.errstate(over="ignore", under="ignore"):
            out[...] = values


def bfloat16_bits(
    values: NDArray[np.float32], out: NDArray[np.uint16] | None = None
) -> NDArray[np.uint16]:
    """Round float32 values to nearest even into the bits of bfloat16.

    Args:
        values: of any shape.
        out: where to write; None for a new array.
    """
    bits = np.ascontiguousarray(values).view(np.uint32)
    even = np.right_shift(bits, np.uint32(16), out=scratch("even bits", bits.shape, np.uint32))
    even &= np.uint32(1)
    even += np.uint32(0x7FFF)
    even += bits
    even >>= np.uint32(16)
    if out is None:
        out = np.empty(values.shape, np.uint16)
    out[...] = even.reshape(values.shape)
    return out
