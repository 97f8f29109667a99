"""From words to weights: one conversion and one multiplication, then the mean."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fanwise.core.dtypes import Floats, Format, round_into
from fanwise.core.order import store
from fanwise.core.philox import Words
from fanwise.core.quantile import ALL_WORDS, into_window, normal_integer, window
from fanwise.core.scratch import scratch
from fanwise.spec.laws import Law, NormalLaw, TruncatedNormalLaw, UniformLaw

#: One step of the uniform's odd grid, and of the normal's integer quantile.
UNIFORM_UNIT: Final = 2.0**-24
NORMAL_UNIT: Final = 2.0**-28
#: Of the odd integers: from a word to 25 bits, the last bit, and the middle.
_TO_BITS: Final = np.array(7, np.uint32)
_ONE: Final = np.array(1, np.int32)
_MIDDLE: Final = np.array(1 << 24, np.int32)
#: Words that are worked on at once: here the arrays are of 64 bits.
AT_ONCE: Final = 1 << 17
#: The window that lets every word through.
EVERY: Final = (0, ALL_WORDS)


@dataclass(frozen=True, slots=True)
class Numbers:
    """What a law comes to in the stream.

    Attributes:
        unit: what one step of the integers is worth.
        centre: what is added last.
        normal: whether the integers are quantiles, or uniform.
        window: the first word that is let through, and how many are.
        largest: no integer is larger in magnitude.
    """

    unit: float
    centre: float
    normal: bool
    window: tuple[int, int]
    largest: int

    @staticmethod
    def of(law: Law) -> Numbers:
        """Work a law out."""
        match law:
            case UniformLaw():
                largest = (1 << 24) - 1
                return Numbers(law.limit * UNIFORM_UNIT, law.middle, False, EVERY, largest)  # noqa: FBT003
            case NormalLaw():
                kept, centre = EVERY, law.mean
            case TruncatedNormalLaw():
                kept, centre = window(law.low, law.high), law.centre
            case _:
                raise TypeError(law)
        return Numbers(law.sigma * NORMAL_UNIT, centre, True, kept, _last_quantile())  # noqa: FBT003


@cache
def _last_quantile() -> int:
    return -int(normal_integer(np.zeros(1, np.uint32))[0])


def write_values(words: Words, law: Law, into: Format, out: NDArray[Any]) -> None:
    """Turn words into weights in storage.

    Args:
        words: uniform 32-bit words.
        law: uniform, normal or truncated normal.
        into: the dtype of the weights.
        out: storage of the shape of the words, any strides.
    """
    numbers = Numbers.of(law)
    direct = out.flags.c_contiguous
    stored = out if direct else scratch("stored", out.shape, into.storage)
    flat, flat_stored = words.reshape(-1), stored.reshape(-1)
    for start in range(0, flat.size, AT_ONCE):
        part = slice(start, start + AT_ONCE)
        if into.storage == into.compute:
            _values(flat[part], numbers, flat_stored[part])
        else:
            computed = scratch("computed", flat[part].shape, into.compute)
            _values(flat[part], numbers, computed)
            round_into(computed, into, flat_stored[part])
    if not direct:
        store(stored, out)


def _values(words: Words, numbers: Numbers, out: Floats) -> None:
    memory = scratch("integers", words.shape, np.int32)
    if numbers.normal:
        kept = into_window(words, *numbers.window, memory.view(np.uint32))
        integers = normal_integer(kept, memory)
    else:
        integers = uniform_integer(words, memory)
    _scale(integers, numbers.unit, numbers.centre, out)


def uniform_integer(words: Words, out: NDArray[np.int32] | None = None) -> NDArray[np.int32]:
    """Turn words into odd integers in ±(2²⁴ − 1), exact in float32: symmetric, never 0.

    Args:
        words: uniform 32-bit words, any shape.
        out: where to write; None for a new array.
    """
    if out is None:
        out = np.empty(words.shape, np.int32)
    # The last bit of the 25 is no bit of the word's, but what makes them odd.
    np.right_shift(words, _TO_BITS, out.view(np.uint32))
    out |= _ONE
    out -= _MIDDLE
    return out


def _scale(integers: NDArray[Any], unit: float, mean: float, out: Floats) -> None:
    """Multiply by the unit and add the mean: two roundings, which no machine may make one."""
    out[...] = integers
    out *= out.dtype.type(unit)
    if mean != 0.0:
        out += out.dtype.type(mean)
