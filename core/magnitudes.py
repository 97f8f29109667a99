"""Whether a dtype can hold what a law gives."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from fanwise.core.values import Numbers
from fanwise.core.whole import is_whole, largest_of_whole
from fanwise.spec.errors import FanwiseError
from fanwise.spec.laws import (
    ConstantLaw,
    Generator,
    Law,
    NormalLaw,
    StructuredLaw,
    TruncatedNormalLaw,
    UniformLaw,
)

#: The largest finite number of the dtypes that hold less than float32. What float32 cannot hold
#: is no law: ``spec/limits.py``.
LARGEST: Final = {"float16": 65504.0, "bfloat16": (2.0 - 2.0**-7) * 2.0**127}


def check_fits(law: Law, dtype: str) -> None:
    """Raise for a law of which an element could be too large for a dtype, and so infinite.

    Args:
        law: of the weight.
        dtype: float16, bfloat16, float32 or float64.

    Raises:
        FanwiseError: whether or not such an element would come out this time.
    """
    if dtype in LARGEST:
        _check_fits(law, dtype)


@lru_cache(maxsize=1024)
def _check_fits(law: Law, dtype: str) -> None:
    largest = largest_magnitude(law)
    if largest > LARGEST[dtype]:
        context = f"value cannot be converted to {dtype} without overflow"
        expected = f"values of at most {LARGEST[dtype]:g} in magnitude for {dtype}"
        hint = "Choose a smaller scale, or a dtype that holds more, e.g. float32."
        raise FanwiseError(expected, largest, hint, context=context)


def largest_magnitude(law: Law) -> float:
    """Return a magnitude that no element passes, and that one may have."""
    match law:
        case ConstantLaw():
            return abs(law.value)
        case UniformLaw():
            return max(abs(law.low), abs(law.high))
        case NormalLaw():
            return abs(law.mean) + _largest_quantile(law) * law.sigma
        case TruncatedNormalLaw():
            most = _largest_quantile(law)
            bounds = (max(law.low, -most), min(law.high, most))
            return max(abs(law.centre + bound * law.sigma) for bound in bounds)
        case StructuredLaw(generator=Generator.SPARSE) if law.gain:
            return largest_magnitude(NormalLaw(0.0, law.gain))
        case StructuredLaw():
            return largest_of_whole(law) if is_whole(law) else abs(law.gain)


def _largest_quantile(law: NormalLaw | TruncatedNormalLaw) -> float:
    """Return how many standard deviations the stream goes from the mean."""
    numbers = Numbers.of(law)
    return numbers.largest * numbers.unit / law.sigma
