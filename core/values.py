"""From words to weights: one conversion and one multiplication, then the mean."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fanwise.core.dtypes import Floats
from fanwise.core.philox import Words
from fanwise.core.quantile import ALL_WORDS, into_window, normal_integer, window
from fanwise.spec.laws import Law, NormalLaw, TruncatedNormalLaw, UniformLaw

#: One step of the uniform's odd grid, and of the normal's integer quantile.
UNIFORM_UNIT: Final = 2.0**-24
NORMAL_UNIT: Final = 2.0**-28
#: Words that are worked on at once: here the arrays are of 64 bits.
AT_ONCE: Final = 1 << 16
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


def values(words: Words, law: Law, compute: np.dtype[Any]) -> Floats:
    """Turn words into weights.

    Args:
        words: uniform 32-bit words, any shape.
        law: uniform, normal or truncated normal.
        compute: float32, or float64.

    Returns:
        Values of that shape and dtype.
    """
    numbers = Numbers.of(law)
    flat = words.reshape(-1)
    result = np.empty(flat.shape, compute)
    for start in range(0, flat.size, AT_ONCE):
        part = slice(start, start + AT_ONCE)
        result[part] = _values(flat[part], numbers, compute)
    return result.reshape(words.shape)


def _values(words: Words, numbers: Numbers, compute: np.dtype[Any]) -> Floats:
    if numbers.normal:
        integers = normal_integer(into_window(words, *numbers.window))
    else:
        integers = uniform_integer(words)
    return _scaled(integers, numbers.unit, numbers.centre, compute)


def uniform_integer(words: Words) -> NDArray[np.int32]:
    """Turn words into odd integers in ±(2²⁴ − 1), exact in float32: symmetric, never 0."""
    odd = (words >> np.uint32(8)).view(np.int32)
    odd *= np.int32(2)
    odd += np.int32(1 - (1 << 24))
    return odd


def _scaled(integers: NDArray[Any], unit: float, mean: float, compute: np.dtype[Any]) -> Floats:
    scaled: Floats = integers.astype(compute)
    scaled *= compute.type(unit)
    if mean != 0.0:
        scaled += compute.type(mean)
    return scaled
