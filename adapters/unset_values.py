"""Whether numbers look like what lay in memory before, rather than like what someone set."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

#: Magnitudes from which on a number is wild, by its dtype: far beyond what models count or measure.
_HUGE: Final = {"float32": 1e20, "float64": 1e150, "int32": 2**30, "int64": 2**40}
#: Below this a number is not of a size with a huge one, whatever is counted or measured.
_SMALL: Final = 1e-10
_BFLOAT16_END: Final = (2 - 2**-7) * 2.0**127
#: The ends of the dtypes, which masks hold in the place of infinity.
_ENDS: Final = frozenset(
    [_BFLOAT16_END, *(float(np.finfo(name).max) for name in ("float16", "float32", "float64"))]
)
#: What stands for no index.
_NO_INDEX: Final = (-1, -100)


def find_float_fault(values: NDArray[Any]) -> str:
    """Say what is wrong with floats that nobody has set; ``""`` where they may well have been.

    An infinity is none: masks are made of it. Neither is a round number, as -1e30, or the end of
    a dtype. A number is wild that is huge or denormal. Such numbers are garbage where they are half
    of those that are not zero, and huge ones also beside some that are negative or small.

    Args:
        values: float32 or float64.

    Examples:
        >>> find_float_fault(np.array([0.0, -np.inf, -np.inf], np.float32))
        ''
        >>> find_float_fault(np.array([4.6e-41, 0.0, 1.9e28], np.float32))
        'holds 4.6e-41'
    """
    if np.isnan(values).any():
        return "holds NaN"
    numbers = values[np.isfinite(values) & (values != 0)]
    sizes = np.abs(numbers)
    denormal = sizes < np.finfo(values.dtype).tiny
    huge = sizes > _HUGE[values.dtype.name]
    if huge.any():
        huge[huge] = [not _is_meant(size) for size in sizes[huge]]
    wild = denormal | huge
    # A table of factorials has huge numbers too, and begins with 1.
    scattered = huge.any() and bool((numbers < _SMALL).any())
    if wild.any() and (scattered or 2 * int(wild.sum()) >= len(numbers)):
        return f"holds {numbers[wild][0]:.2g}"
    return ""


def find_integer_fault(values: NDArray[Any]) -> str:
    """Say what is wrong with integers: whether they are of a size that nothing has.

    Args:
        values: of any integer dtype; those of few bits can be anything.

    Examples:
        >>> find_integer_fault(np.array([3, 94_512_345_678_901]))
        'holds 94512345678901'
    """
    limit = _HUGE.get(values.dtype.name)
    if limit is None:
        return ""
    ends = np.iinfo(values.dtype)
    wild = values[(np.abs(values) >= limit) & (values != ends.min) & (values != ends.max)]
    return f"holds {wild[0]}" if wild.size else ""


def find_index_fault(values: NDArray[Any], limit: int) -> str:
    """Say what is wrong with indices: whether one points at nothing.

    Args:
        values: integers.
        limit: the number of what they can point at.

    Examples:
        >>> find_index_fault(np.array([0, 1, 2, -7]), 3)
        'holds -7 as an index into 3'
    """
    wrong = values[((values < 0) & ~np.isin(values, _NO_INDEX)) | (values >= limit)]
    return f"holds {wrong[0]} as an index into {limit}" if wrong.size else ""


def _is_meant(size: Any) -> bool:
    """Tell whether a huge number is one that people write."""
    return float(size) in _ENDS or bool(size == size.dtype.type(f"{size:.0e}"))
