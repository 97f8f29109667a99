"""Elementary functions of arrays (to be replaced by correctly rounded ones)."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np

from fanwise.spec import elementary


def _array(function: Any, count: int | None) -> Any:
    def one(*numbers: float) -> float:
        try:
            return float(function(*numbers))
        except (ValueError, ArithmeticError):
            return math.nan

    def many(*arrays: Any) -> Any:
        return np.vectorize(one, otypes=[np.float64])(*arrays)

    return many


FUNCTIONS: Final = {n: (_array(f, c), c) for n, (f, c) in elementary.FUNCTIONS.items()}
power = _array(elementary.power, 2)
