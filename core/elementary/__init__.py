"""The functions of expressions on arrays of float64, with the bits of those of ``fanwise.spec``.

Where a function of numbers raises, the array has NaN, or an infinity if the value is too large.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fanwise.spec import elementary, powers

Floats = NDArray[np.float64]


def _mapped(function: Callable[..., float]) -> Callable[..., Floats]:
    def one(*numbers: float) -> float:
        try:
            return function(*map(float, numbers))
        except OverflowError:
            return math.inf
        except (ValueError, ZeroDivisionError):
            return math.nan

    vectorized = np.vectorize(one, otypes=[np.float64])

    def array(*arguments: ArrayLike) -> Floats:
        with np.errstate(all="ignore"):
            return np.asarray(vectorized(*arguments), np.float64)

    return array


power: Final = _mapped(powers.power)

#: The functions by their names in expressions, with the number of their arguments.
FUNCTIONS: Final[Mapping[str, tuple[Callable[..., Any], int | None]]] = MappingProxyType(
    {name: (_mapped(f), count) for name, (f, count) in elementary.FUNCTIONS.items()}
)
