"""What a picture of a weight shows: its values in canonical order, its spectrum, its density."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fanwise.core.order import to_canonical
from fanwise.spec.formulas import sizes
from fanwise.spec.laws import Law, NormalLaw, StructuredLaw, TruncatedNormalLaw, UniformLaw
from fanwise.spec.resolved import Resolved

Floats = NDArray[np.float64]


def matrices_of(resolved: Resolved, weight: NDArray[Any]) -> Floats:
    """Return a weight as matrices, (batches, rows, columns): rows are receptive × in, columns out.

    Args:
        resolved: the scheme on the weight's shape.
        weight: as it is stored.

    Examples:
        >>> from fanwise import sample, scheme
        >>> from fanwise.spec.resolved import resolve
        >>> dirac = resolve(scheme("dirac"), (3, 4, 8))
        >>> matrices_of(dirac, sample("dirac", (3, 4, 8), seed=0)).shape
        (1, 12, 8)
    """
    layout = resolved.layout
    words = " ".join("*" if role == "receptive" else role for role in layout.roles)
    stored = weight.reshape(layout.expanded).astype(np.float64)
    canonical = to_canonical(stored, words) if stored.ndim else stored
    return np.ascontiguousarray(canonical).reshape(sizes(layout))


def spectrum_of(matrix: Floats) -> Floats:
    """Return the singular values of a matrix, the largest first."""
    return np.asarray(np.linalg.svd(matrix, compute_uv=False), np.float64)


def has_spectrum(resolved: Resolved) -> bool:
    """Whether a spectrum says more of a weight than a histogram: it is made as a whole."""
    _, rows, columns = sizes(resolved.layout)
    return isinstance(resolved.law, StructuredLaw) and min(rows, columns) > 1


def density_of(law: Law, points: Floats) -> Floats | None:
    """Return the density of a law; None where its elements are no draws of one."""
    from fanwise.spec.truncation import truncated_mass

    match law:
        case UniformLaw(low, high):
            return np.where((points >= low) & (points <= high), 1 / (high - low), 0.0)
        case NormalLaw(mean, sigma):
            return _bell((points - mean) / sigma) / sigma
        case TruncatedNormalLaw(centre, sigma, low, high):
            z = (points - centre) / sigma
            inside = np.where((z >= low) & (z <= high), _bell(z), 0.0)
            return inside / (sigma * truncated_mass(low, high))
    return None


def _bell(z: Floats) -> Floats:
    return np.asarray(np.exp(-z * z / 2) / math.sqrt(2 * math.pi))
