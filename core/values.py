"""From words to weights: one conversion and one multiplication, then the mean."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fanwise.core.dtypes import Floats
from fanwise.core.philox import Words
from fanwise.core.quantile import into_window, normal_integer, window
from fanwise.spec.laws import Law, Normal, TruncatedNormal, Uniform

#: One step of the uniform's odd grid, and of the normal's integer quantile.
UNIFORM_UNIT: Final = 2.0**-24
NORMAL_UNIT: Final = 2.0**-28


def values(words: Words, law: Law, compute: np.dtype[Any]) -> Floats:
    """The weights that words stand for.

    Args:
        words: uniform 32-bit words, any shape.
        law: uniform, normal or truncated normal.
        compute: float32, or float64.

    Returns:
        Values of that shape and dtype.
    """
    match law:
        case Uniform():
            return _scaled(uniform_integer(words), law.limit * UNIFORM_UNIT, law.middle, compute)
        case Normal():
            return _scaled(normal_integer(words), law.sigma * NORMAL_UNIT, law.mean, compute)
        case TruncatedNormal():
            kept = into_window(words, *window(law.low, law.high))
            return _scaled(normal_integer(kept), law.sigma * NORMAL_UNIT, law.centre, compute)
    raise TypeError(law)


def uniform_integer(words: Words) -> NDArray[np.int32]:
    """An odd integer in ±(2²⁴ − 1), exact in float32: symmetric, never 0."""
    odd = (words >> np.uint32(8)).view(np.int32)
    odd *= np.int32(2)
    odd += np.int32(1 - (1 << 24))
    return odd


def _scaled(integers: NDArray[Any], unit: float, mean: float, compute: np.dtype[Any]) -> Floats:
    made: Floats = integers.astype(compute)
    made *= compute.type(unit)
    if mean != 0.0:
        made += compute.type(mean)
    return made
