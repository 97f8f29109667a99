"""Steps after a draw: norms of 1 for the columns, the rows, or the whole matrix, times a gain.

The norms of vectors are exactly rounded sums of rounded squares, the same everywhere; spectral
norms are of the class of ``orthogonal``.
"""

from __future__ import annotations

import math

import numpy as np

from fanwise.core.draws import Reals, StreamDraws
from fanwise.core.spectral_norm import spectral_norm
from fanwise.spec.formulas import sizes
from fanwise.spec.laws import StructuredLaw


def make_step(law: StructuredLaw, draws: StreamDraws) -> Reals:
    """Return the whole weight, in canonical order."""
    assert law.base is not None
    drawn = draws.elements(law.base, sizes(law.layout))
    return take_step(law.option("step"), drawn, law.gain).reshape(law.layout.canonical)


def take_step(step: str, drawn: Reals, gain: float) -> Reals:
    """Divide by norms, then multiply by the gain: two roundings of float64.

    Args:
        step: ``unit_columns``, ``unit_rows`` or ``unit_spectral_norm``.
        drawn: the elements, (batches, rows, columns), each matrix by itself.
        gain: the norm that comes out; where a norm is 0, the zeros stay.

    Returns:
        A new array of that shape.

    Examples:
        >>> take_step("unit_columns", np.array([[[3.0, 0.0], [4.0, 0.0]]]), 10.0)
        array([[[6., 0.],
                [8., 0.]]])
    """
    if step == "unit_spectral_norm":
        norms = np.array([spectral_norm(matrix) for matrix in drawn]).reshape(-1, 1, 1)
    elif step == "unit_rows":
        norms = _lengths(drawn)[:, :, None]
    else:
        norms = _lengths(drawn.swapaxes(1, 2))[:, None]
    made: Reals = drawn / np.where(norms == 0.0, 1.0, norms)
    made *= gain
    return made


def _lengths(vectors: Reals) -> Reals:
    """Return the length of each vector along the last axis."""
    sums = [[math.fsum(squares) for squares in (matrix * matrix).tolist()] for matrix in vectors]
    lengths: Reals = np.sqrt(np.array(sums).reshape(vectors.shape[:-1]))
    return lengths
