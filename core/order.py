"""Between storage order and canonical order."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

from fanwise.spec.axes import Layout, layout


def to_canonical(stored: NDArray[Any], axes: str) -> NDArray[Any]:
    """A view of a weight with its axes in canonical order (batch, receptive, in, out).

    Examples:
        >>> import numpy as np
        >>> to_canonical(np.zeros((4, 3, 5, 5)), "torch").shape
        (5, 5, 3, 4)
    """
    found = layout(stored.shape, axes)
    return stored.reshape(found.expanded).transpose(found.order)


def from_canonical(canonical: NDArray[Any], found: Layout) -> NDArray[Any]:
    """A weight in storage order."""
    back = sorted(range(len(found.order)), key=lambda axis: found.order[axis])
    return canonical.transpose(back).reshape(found.shape)
