"""Between storage order and canonical order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from numpy.typing import NDArray

from fanwise.spec.axes import Layout
from fanwise.spec.axes import layout as laid_out

#: Bytes that memory is fetched by, and lines of them that a tile has.
_LINE: Final = 64
_LINES: Final = 256


def to_canonical(stored: NDArray[Any], axes: str) -> NDArray[Any]:
    """Return a view of a weight with its axes in canonical order (batch, receptive, in, out).

    Examples:
        >>> import numpy as np
        >>> to_canonical(np.zeros((4, 3, 5, 5)), "torch").shape
        (5, 5, 3, 4)
    """
    layout = laid_out(stored.shape, axes)
    return stored.reshape(layout.expanded).transpose(layout.order)


def from_canonical(canonical: NDArray[Any], layout: Layout) -> NDArray[Any]:
    """Bring a weight from canonical order into storage order."""
    return canonical.transpose(inverse_permutation(layout.order)).reshape(layout.shape)


def inverse_permutation(order: Sequence[int]) -> tuple[int, ...]:
    """Return the permutation that undoes one: what brings canonical axes into storage order.

    Examples:
        >>> inverse_permutation((2, 0, 1))
        (1, 2, 0)
    """
    return tuple(sorted(range(len(order)), key=order.__getitem__))


def store(values: NDArray[Any], out: NDArray[Any]) -> None:
    """Write values into an array of their shape, whatever the strides of the two.

    A matrix that lies crosswise is written tile by tile: row by row, every element would be
    fetched from memory again.
    """
    if out.ndim == 2 and _runs_down(out) != _runs_down(values):
        if _runs_down(out):
            values, out = values.T, out.T
        wide = max(1, _LINE // out.itemsize)
        for row in range(0, out.shape[0], _LINES):
            for column in range(0, out.shape[1], wide):
                tile = (slice(row, row + _LINES), slice(column, column + wide))
                out[tile] = values[tile]
    else:
        out[...] = values


def _runs_down(matrix: NDArray[Any]) -> bool:
    """Return whether neighbours in a column are nearer to each other than those in a row."""
    down, along = matrix.strides
    return bool(abs(down) < abs(along))
