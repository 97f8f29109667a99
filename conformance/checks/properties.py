"""What is published of weights whose elements are fixed together: properties, by their names.

Each property tells how far a weight is from having it: 0 where it has it exactly. Weights are
seen in canonical order, as matrices of which the rows are receptive field × in, and the columns
are out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fanwise.core.order import to_canonical
from fanwise.spec.axes import BATCH, IN, OUT
from fanwise.spec.axes import layout as laid_out

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Seen:
    """A weight in canonical order.

    Attributes:
        matrices: (batches, receptive × in, out).
        fields: (batches, receptive, in, out).
    """

    matrices: Array
    fields: Array

    @classmethod
    def of(cls, stored: NDArray[Any], axes: str) -> Seen:
        """Bring a weight into canonical order."""
        layout = laid_out(stored.shape, axes)
        canonical = to_canonical(stored, axes).astype(np.float64)
        batches, inputs, outputs = (layout.extent(role) for role in (BATCH, IN, OUT))
        fields = canonical.reshape(batches, -1, inputs, outputs)
        return cls(fields.reshape(batches, -1, outputs), fields)


Property = Callable[[Seen, Any], float]


def _off(observed: Any, expected: Any) -> float:
    """Return the largest difference; infinity where there are more numbers than expected."""
    observed, expected = np.asarray(observed, np.float64), np.asarray(expected, np.float64)
    if expected.ndim and expected.shape != observed.shape[-expected.ndim :]:
        return float("inf")
    difference = np.abs(observed - expected)
    return float(difference.max(initial=0.0)) if np.isfinite(difference).all() else float("inf")


def _column_norms(seen: Seen, expected: Any) -> float:
    return _off(np.linalg.norm(seen.matrices, axis=1), expected)


def _row_norms(seen: Seen, expected: Any) -> float:
    return _off(np.linalg.norm(seen.matrices, axis=2), expected)


def _column_sums(seen: Seen, expected: Any) -> float:
    return _off(seen.matrices.sum(axis=1), expected)


def _row_sums(seen: Seen, expected: Any) -> float:
    return _off(seen.matrices.sum(axis=2), expected)


def _singular_values(seen: Seen, expected: Any) -> float:
    """The singular values, the largest first; or the one that all of them are."""
    return _off(np.linalg.svd(seen.matrices, compute_uv=False), expected)


def _spectral_norm(seen: Seen, expected: Any) -> float:
    return _off(np.linalg.norm(seen.matrices, 2, axis=(1, 2)), expected)


def _spectral_radius(seen: Seen, expected: Any) -> float:
    return _off(np.abs(np.linalg.eigvals(seen.matrices)).max(axis=1), expected)


def _eigenvalues(seen: Seen, expected: Any) -> float:
    """The eigenvalues of a matrix that has real ones, the largest first."""
    values = np.linalg.eigvals(seen.matrices)
    return max(_off(-np.sort(-values.real, axis=1), expected), _off(values.imag, 0.0))


def _rank(seen: Seen, expected: Any) -> float:
    return _off(np.linalg.matrix_rank(seen.matrices), expected)


def _determinant(seen: Seen, expected: Any) -> float:
    """The magnitude of the determinant."""
    return _off(np.abs(np.linalg.det(seen.matrices)), expected)


def _signed_determinant(seen: Seen, expected: Any) -> float:
    """The determinant: 1 of a rotation, -1 of one that is mirrored."""
    return _off(np.linalg.det(seen.matrices), expected)


def _zeros(seen: Seen, expected: Any) -> float:
    return _off((seen.matrices == 0).sum(), expected)


def _zeros_per_row(seen: Seen, expected: Any) -> float:
    return _off((seen.matrices == 0).sum(axis=2), expected)


def _zeros_per_column(seen: Seen, expected: Any) -> float:
    return _off((seen.matrices == 0).sum(axis=1), expected)


def _entries(seen: Seen, expected: Any) -> float:
    """Every element is one of these numbers, and each of these occurs."""
    numbers = np.asarray(expected, np.float64)
    return max(_between(np.abs(matrix.reshape(-1, 1) - numbers)) for matrix in seen.matrices)


def _between(distances: Array) -> float:
    """Return how far two sets of numbers are from being the same."""
    return max(_off(distances.min(axis=1), 0.0), _off(distances.min(axis=0), 0.0))


def _elements(seen: Seen, expected: Any) -> float:
    """Single elements: [[row, column], value], of every batch."""
    return max(_off(seen.matrices[:, row, column], value) for (row, column), value in expected)


def _magnitudes(seen: Seen, expected: Any) -> float:
    """The magnitude that all elements have."""
    return _off(np.abs(seen.matrices), expected)


def _within(seen: Seen, expected: Any) -> float:
    """No element lies beyond these two bounds."""
    low, high = expected
    return _off(np.clip(seen.matrices, low, high), seen.matrices)


def _symmetric(seen: Seen, expected: Any) -> float:
    """Equal to the transpose; with -1, to its negative."""
    return _off(seen.matrices, float(expected) * seen.matrices.swapaxes(1, 2))


def _consecutive_copies(seen: Seen, expected: Any) -> float:
    """Columns are equal in groups of so many that stand side by side."""
    groups = seen.matrices.reshape(*seen.matrices.shape[:2], -1, expected)
    return _off(groups - groups[..., :1], 0.0)


def _strided_copies(seen: Seen, expected: Any) -> float:
    """Columns are equal that stand as far apart as so many of these groups have columns."""
    groups = seen.matrices.reshape(*seen.matrices.shape[:2], expected, -1)
    return _off(groups - groups[..., :1, :], 0.0)


def _distinct_columns(seen: Seen, expected: Any) -> float:
    """So many columns differ."""
    counts = [np.unique(matrix, axis=1).shape[1] for matrix in seen.matrices]
    return _off(counts, expected)


def _zero_places(seen: Seen, expected: Any) -> float:
    """So many places of the receptive field hold anything."""
    held = (seen.fields != 0).any(axis=(2, 3)).sum(axis=1)
    return _off(held, expected)


def _equal_places(seen: Seen, expected: Any) -> float:
    """All places of the receptive field hold the same (true)."""
    return _off(seen.fields - seen.fields[:, :1], 0.0) if expected else float("inf")


def _block_diagonal(seen: Seen, expected: Any) -> float:
    """Nothing stands beside so many blocks on the diagonal."""
    rows, columns = seen.matrices.shape[1:]
    down, across = np.arange(rows) * expected // rows, np.arange(columns) * expected // columns
    return _off(seen.matrices[:, down[:, None] != across], 0.0)


def _mean(seen: Seen, expected: Any) -> float:
    return _off(seen.matrices.mean(axis=(1, 2)), expected)


def _mean_square(seen: Seen, expected: Any) -> float:
    return _off((seen.matrices**2).mean(axis=(1, 2)), expected)


#: What may be said of a weight, by its name.
PROPERTIES: Final[Mapping[str, Property]] = {
    "column_norms": _column_norms,
    "row_norms": _row_norms,
    "column_sums": _column_sums,
    "row_sums": _row_sums,
    "singular_values": _singular_values,
    "spectral_norm": _spectral_norm,
    "spectral_radius": _spectral_radius,
    "eigenvalues": _eigenvalues,
    "rank": _rank,
    "determinant": _determinant,
    "signed_determinant": _signed_determinant,
    "zeros": _zeros,
    "zeros_per_row": _zeros_per_row,
    "zeros_per_column": _zeros_per_column,
    "entries": _entries,
    "elements": _elements,
    "magnitudes": _magnitudes,
    "within": _within,
    "symmetric": _symmetric,
    "consecutive_copies": _consecutive_copies,
    "strided_copies": _strided_copies,
    "distinct_columns": _distinct_columns,
    "places": _zero_places,
    "equal_places": _equal_places,
    "block_diagonal": _block_diagonal,
    "mean": _mean,
    "mean_square": _mean_square,
}
#: What is said of a weight and another one that its layer multiplies it with.
PRODUCT: Final = "product"
