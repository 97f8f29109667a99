"""Functions of arrays, block by block, and number by number where a block leaves doubt."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike

from fanwise.core.elementary.pairs import Floats, Rounded

Use = Literal["readonly", "writeonly", "allocate"]

#: The numbers of a block: its arrays stay in the cache.
_BLOCK: Final = 4096
_HOW: Final = ("buffered", "external_loop")
#: So few numbers are quicker one by one.
_FEW: Final = 8


def of_arrays(
    kernel: Callable[..., Rounded], function: Callable[..., float]
) -> Callable[..., Floats]:
    """Make a function of arrays, which are broadcast.

    Args:
        kernel: the function of blocks.
        function: the same of numbers, for those that the kernel is in doubt about.
    """

    def of_number(*numbers: float) -> float:
        try:
            return function(*numbers)
        except OverflowError:
            return math.inf
        except (ValueError, ZeroDivisionError):
            return math.nan

    def of_given(*given: ArrayLike) -> Floats:
        arrays = [np.asarray(array, np.float64) for array in given]
        shape = np.broadcast_shapes(*(array.shape for array in arrays))
        if math.prod(shape) <= _FEW:
            numbers = (array.ravel().tolist() for array in np.broadcast_arrays(*arrays))
            return np.array([*map(of_number, *numbers)], np.float64).reshape(shape)
        operands: list[Floats | None] = [*arrays, None]
        uses: list[list[Use]] = [["readonly"] for _ in arrays]
        uses.append(["writeonly", "allocate"])
        blocks = np.nditer(operands, _HOW, uses, order="C", buffersize=_BLOCK)
        with blocks, np.errstate(all="ignore"):
            for *parts, out in blocks:
                values, doubtful = kernel(*parts)
                out[...] = values
                for place in np.flatnonzero(doubtful).tolist():
                    out[place] = of_number(*(float(part[place]) for part in parts))
            return np.asarray(blocks.operands[-1], np.float64)

    return of_given
