"""The mean and the standard deviation of many elements: each read once, in pieces, on all cores."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial, reduce
from itertools import chain
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fanwise.core import threads
from fanwise.core.blocks import Block
from fanwise.core.scratch import scratch

#: Elements read at a time: more than are drawn at a time, as each takes two operations only,
#: and threads exchange Python's lock at each.
_PIECE: Final = 1 << 19
#: What float32 holds, by NumPy's letters: float32, float16, and uint16 for the bits of bfloat16.
_SINGLE: Final = frozenset("feH")
_BITS: Final = "H"
#: Float32 numbers that are added up in float32; their sums are added up in float64.
_ROW: Final = 1 << 10
_ONES: Final = np.ones((_ROW, 1), np.float32)
#: Up to so many elements it costs nothing that counts to compute in float64 throughout.
_SMALL: Final = 1 << 14
#: What a sum of squares is left with once the mean is taken off it, at least, for the rest to be
#: as exact as the sum was.
_LEFT: Final = 0.25
#: Below this a square may have lost digits in float32, or all of them.
_SMALLEST_SQUARE: Final = 1e-30


@dataclass(frozen=True, slots=True)
class Moments:
    """What is known of some elements once they are read.

    Attributes:
        count: how many they are.
        mean: of them; 0 if there are none.
        deviation: the sum of the squares of their distances from the mean.
    """

    count: int = 0
    mean: float = 0.0
    deviation: float = 0.0

    @property
    def std(self) -> float:
        """Their standard deviation; NaN if there are none."""
        return math.sqrt(self.deviation / self.count) if self.count else math.nan

    def __add__(self, other: Moments) -> Moments:
        """Join them with other elements.

        References:
            Chan, Golub and LeVeque, "Updating Formulae and a Pairwise Algorithm for Computing
            Sample Variances" (1979), equation 2.1.
        """
        count = self.count + other.count
        if not (self.count and other.count):
            return self if self.count else other
        between = other.mean - self.mean
        share = other.count / count
        deviation = between * between * share * self.count
        return Moments(
            count, self.mean + between * share, self.deviation + other.deviation + deviation
        )


def moments(arrays: Iterable[NDArray[Any]]) -> Moments:
    """Compute the moments of the elements of arrays together; no array is copied as a whole.

    The same elements in the same arrangement give the same numbers, whatever the threads.

    Args:
        arrays: of real numbers, any strides; bfloat16 is that of ml_dtypes, or its bits as uint16.

    Examples:
        >>> found = moments([np.array([1.0, 2.0]), np.array([[3.0], [6.0]])])
        >>> found.count, found.mean, round(found.std, 3)
        (4, 3.0, 1.871)
    """
    pieces = list(chain.from_iterable(map(_pieces, arrays)))
    if len(pieces) == 1:
        return _moments_of(pieces[0])
    size = sum([piece.size for piece in pieces])
    found = [Moments()] * len(pieces)

    def measure(number: int) -> None:
        found[number] = _moments_of(pieces[number])

    tasks = (partial(measure, number) for number in range(len(pieces)))
    threads.run(tasks, threads.choose_count(size, compiled=False))
    return reduce(Moments.__add__, found, Moments())


def moments_of_rows(shape: Sequence[int], rows: Callable[[slice], NDArray[Any]]) -> Moments | None:
    """Compute the moments of an array of which so many rows at a time are made when asked for.

    Args:
        shape: of the whole array, which is contiguous.
        rows: makes a block of it, given where it lies along the first axis.

    Returns:
        The very numbers that :func:`moments` gives for the whole; None for an array of which a row
        is too large to be one piece.

    Examples:
        >>> whole = np.arange(1 << 20, dtype=np.float32).reshape(1 << 10, -1)
        >>> moments_of_rows(whole.shape, whole.__getitem__) == moments([whole])
        True
    """
    trailing = math.prod(shape[1:])
    if not trailing or trailing > _PIECE or trailing * shape[0] <= _SMALL:
        return None
    step = max(1, _PIECE // trailing)
    found = Moments()
    for start in range(0, shape[0], step):
        found += _moments_of(rows(slice(start, min(start + step, shape[0]))))
    return found


def _pieces(array: NDArray[Any]) -> Iterable[NDArray[Any]]:
    """Cut an array into pieces, in the order of its memory."""
    if array.dtype.kind != "f" and array.dtype.name == "bfloat16":
        array = array.view(np.uint16)
    if array.size <= _SMALL:
        return (array,) if array.size else ()
    return (block.out for block in Block(array, 0, array.strides).pieces(_PIECE))


def _moments_of(piece: NDArray[Any]) -> Moments:
    with np.errstate(all="ignore"):  # values that are not finite have moments that are not
        if piece.size <= _SMALL or piece.dtype.char not in _SINGLE:
            return _exact_moments(piece.reshape(-1))
        return _quick_moments(_single(piece.reshape(-1)))


def _quick_moments(values: NDArray[np.float32]) -> Moments:
    """Compute moments in float32 and float64, or where that is not enough in float64."""
    whole = values.size // _ROW * _ROW
    # A row at a time: the product of two long vectors would start threads of BLAS.
    rows = values[:whole].reshape(-1, 1, _ROW)
    total = float(np.matmul(rows, _ONES).sum(dtype=np.float64))
    squares = float(np.matmul(rows, rows.reshape(-1, _ROW, 1)).sum(dtype=np.float64))
    if not squares and not values.any():
        return Moments(values.size)
    deviation = squares - total * total / whole
    # Not so far from 0, measured by their deviation, that float32 cannot tell them apart.
    if deviation > _LEFT * squares and whole * _SMALLEST_SQUARE < deviation < math.inf:
        return Moments(whole, total / whole, deviation) + _exact_moments(values[whole:])
    return _exact_moments(values)


def _exact_moments(piece: NDArray[Any]) -> Moments:
    """Compute moments in float64, of the distances from the first element."""
    if not piece.size:
        return Moments()
    values = (_single(piece) if piece.dtype.char == _BITS else piece).astype(np.float64)
    first = float(values[0])
    values -= first
    shift = float(values.sum()) / values.size
    values -= shift
    np.square(values, out=values)
    return Moments(values.size, first + shift, float(values.sum()))


def _single(piece: NDArray[Any]) -> NDArray[np.float32]:
    """Return values as float32; those of a narrower dtype in memory that is used again."""
    if piece.dtype == np.float32:
        return piece
    values: NDArray[np.float32] = scratch("moments", piece.shape, np.float32)
    if piece.dtype.char == _BITS:
        np.left_shift(piece, np.uint32(16), out=values.view(np.uint32), dtype=np.uint32)
    else:
        values[:] = piece
    return values
