"""Elementary functions of one number (to be replaced by correctly rounded ones)."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Final

power = math.pow


def _logit(p: float) -> float:
    return math.log(p / (1 - p))


def _softplus_inverse(x: float) -> float:
    return x + math.log(-math.expm1(-x))


FUNCTIONS: Final[dict[str, tuple[Callable[..., Any], int | None]]] = {
    "sqrt": (math.sqrt, 1),
    "exp": (math.exp, 1),
    "log": (math.log, 1),
    "log2": (math.log2, 1),
    "expm1": (math.expm1, 1),
    "log1p": (math.log1p, 1),
    "sin": (math.sin, 1),
    "cos": (math.cos, 1),
    "tanh": (math.tanh, 1),
    "abs": (abs, 1),
    "floor": (lambda x: float(math.floor(x)), 1),
    "ceil": (lambda x: float(math.ceil(x)), 1),
    "mod": (lambda x, m: x % m, 2),
    "logit": (_logit, 1),
    "softplus_inverse": (_softplus_inverse, 1),
    "min": (lambda *numbers: min(numbers), None),
    "max": (lambda *numbers: max(numbers), None),
}
