"""Whether a dtype can hold what a law gives: torch raises where a value would become infinite."""

from __future__ import annotations

import math
from typing import Any

import torch

from fanwise.core.values import Numbers
from fanwise.spec.errors import FanwiseError, Phrase
from fanwise.spec.laws import (
    ConstantLaw,
    Generator,
    Law,
    NormalLaw,
    StructuredLaw,
    TruncatedNormalLaw,
)


def check_held(law: Law, dtype: Any) -> None:
    """Raise for a law whose values a dtype cannot all hold.

    Raises:
        FanwiseError: only for constants in the wider dtypes; other laws have scales that
            float32 and bfloat16 hold.
    """
    if dtype is not torch.float16 and not isinstance(law, ConstantLaw):
        return
    largest, limit = _largest(law), torch.finfo(dtype).max
    if largest > limit and largest >= _rounds_to_infinity(dtype):
        expected = f"values that {dtype} can hold, up to {limit:g}"
        hint = "Use smaller values, or a wider dtype."
        raise FanwiseError(expected, Phrase(f"values up to {largest:g}"), hint)


def _rounds_to_infinity(dtype: Any) -> float:
    """Return the least number that rounds to infinity: half a step above the largest finite."""
    limits = torch.finfo(dtype)
    step = math.ldexp(limits.eps, math.frexp(limits.max)[1] - 1)
    return float(limits.max + step / 2)


def _largest(law: Law) -> float:
    """Return a magnitude that no value passes."""
    match law:
        case ConstantLaw():
            return abs(law.value)
        case StructuredLaw(generator=Generator.SPARSE):
            return _largest(NormalLaw(0.0, law.gain))
        case StructuredLaw():
            return abs(law.gain)
        case _:
            numbers = Numbers.of(law)
            reach = numbers.largest * numbers.unit
            if isinstance(law, TruncatedNormalLaw):
                reach = min(reach, max(abs(law.low), abs(law.high)) * law.sigma)
            return abs(numbers.centre) + reach
