"""The numbers that tensors of files are stored as, and how NumPy reads them.

bfloat16 and the floats of 8 bits are decoded here, exactly, so that no file needs ml_dtypes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Number:
    """A kind of number.

    Attributes:
        name: as NumPy or ml_dtypes calls it.
        storage: what its bits are read as.
        values: turns these bits into values; none where they are values already.
    """

    name: str
    storage: np.dtype[Any]
    values: Callable[[NDArray[Any]], NDArray[Any]] | None = None

    @property
    def decoded(self) -> np.dtype[Any]:
        """The dtype of the values that are read."""
        return self.decode(np.zeros((), self.storage)).dtype

    def decode(self, bits: NDArray[Any]) -> NDArray[Any]:
        """Return the values of bits."""
        if self.values is not None:
            return self.values(bits)
        return bits.astype(bits.dtype.newbyteorder("="), copy=False)


def _bfloat16(bits: NDArray[Any]) -> NDArray[Any]:
    return np.asarray(bits.astype(np.uint32) << np.uint32(16)).view(np.float32)


def _truths(bits: NDArray[Any]) -> NDArray[Any]:
    return np.asarray(bits != 0)


@cache
def _eight_bits(exponent: int, bias: int, special: str) -> NDArray[np.float32]:
    """Tabulate the 256 floats of 8 bits.

    Args:
        exponent: the number of its bits.
        bias: of the exponent.
        special: ``"ieee"`` where the last exponent holds infinity and NaN, ``"fn"`` where its last
            mantissa alone is NaN, ``"fnuz"`` where the negative zero is NaN and nothing else.
    """
    mantissa = 7 - exponent
    bits = np.arange(256)
    e, m = (bits >> mantissa) & ((1 << exponent) - 1), bits & ((1 << mantissa) - 1)
    fraction = m / (1 << mantissa) + (e > 0)
    values = np.ldexp(fraction, np.maximum(e, 1) - bias) * np.where(bits < 128, 1.0, -1.0)
    last = e == (1 << exponent) - 1
    if special == "ieee":
        values[last] = np.where(m[last] == 0, np.copysign(np.inf, values[last]), np.nan)
    elif special == "fn":
        values[last & (m == (1 << mantissa) - 1)] = np.nan
    else:
        values[128] = np.nan
    table: NDArray[np.float32] = values.astype(np.float32)
    return table


def _float8(name: str, exponent: int, bias: int, special: str) -> Number:
    def values(bits: NDArray[Any]) -> NDArray[Any]:
        return np.asarray(_eight_bits(exponent, bias, special)[bits])

    return Number(name, np.dtype(np.uint8), values)


def _powers_of_two(bits: NDArray[Any]) -> NDArray[Any]:
    powers = np.ldexp(np.float32(1), np.arange(256, dtype=np.int32) - 127).astype(np.float32)
    powers[255] = np.nan
    return np.asarray(powers[bits])


_PLAIN: Final = (
    *("float64", "float32", "float16"),
    *("int64", "int32", "int16", "int8", "uint64", "uint32", "uint16", "uint8"),
)
#: Every kind of number that is read, by its name.
NUMBERS: Final = {
    number.name: number
    for number in (
        *(Number(name, np.dtype(name).newbyteorder("<")) for name in _PLAIN),
        Number("bool", np.dtype(np.uint8), _truths),
        Number("bfloat16", np.dtype("<u2"), _bfloat16),
        _float8("float8_e4m3fn", 4, 7, "fn"),
        _float8("float8_e5m2", 5, 15, "ieee"),
        _float8("float8_e4m3fnuz", 4, 8, "fnuz"),
        _float8("float8_e5m2fnuz", 5, 16, "fnuz"),
        Number("float8_e8m0fnu", np.dtype(np.uint8), _powers_of_two),
    )
}
