"""The table of the functions of arrays, which has the names of that of the functions of numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from fanwise.core.elementary import circular, exponentials, logarithms, powers
from fanwise.core.elementary.blocks import of_arrays
from fanwise.core.elementary.pairs import Floats
from fanwise.spec.elementary import FUNCTIONS as OF_NUMBERS
from fanwise.spec.powers import power as power_of_numbers

power: Final = of_arrays(powers.power, power_of_numbers)


def _exact(function: Callable[..., Floats]) -> Callable[..., Floats]:
    """Make a function of arrays of one that NumPy has, and that IEEE 754 leaves no choice."""

    def of_given(*given: ArrayLike) -> Floats:
        with np.errstate(all="ignore"):
            return np.asarray(function(*(np.asarray(array, np.float64) for array in given)))

    return of_given


def _least(first: Floats, *others: Floats) -> Floats:
    # As Python's min: the first of equal ones, which the sign of a zero shows. NaN spreads.
    for other in others:
        first = np.where((other < first) | np.isnan(other), other, first)
    return first


def _greatest(first: Floats, *others: Floats) -> Floats:
    for other in others:
        first = np.where((other > first) | np.isnan(other), other, first)
    return first


_KERNELS: Final = {
    "exp": exponentials.exp,
    "expm1": exponentials.expm1,
    "tanh": exponentials.tanh,
    "log": logarithms.log,
    "log2": logarithms.log2,
    "log1p": logarithms.log1p,
    "logit": logarithms.logit,
    "softplus_inverse": logarithms.softplus_inverse,
    "sin": circular.sin,
    "cos": circular.cos,
}
_EXACT: Final[dict[str, Callable[..., Floats]]] = {
    "sqrt": np.sqrt,
    "abs": np.abs,
    "floor": np.floor,
    "ceil": np.ceil,
    "mod": np.remainder,
    "min": _least,
    "max": _greatest,
}


def _of_arrays(name: str) -> Callable[..., Floats]:
    if name in _EXACT:
        return _exact(_EXACT[name])
    return of_arrays(_KERNELS[name], OF_NUMBERS[name][0])


#: The functions by their names in expressions, with the number of their arguments.
FUNCTIONS: Final[Mapping[str, tuple[Callable[..., Floats], int | None]]] = MappingProxyType(
    {name: (_of_arrays(name), count) for name, (_, count) in OF_NUMBERS.items()}
)
