"""Steps after a draw: norms of 1 for the columns, the rows, or the whole matrix."""

from __future__ import annotations

import math

import numpy as np

from fanwise.core.draws import Reals, StreamDraws
from fanwise.spec.formulas import sizes
from fanwise.spec.laws import StructuredLaw


def make_step(law: StructuredLaw, draws: StreamDraws) -> Reals:
    """Return the whole weight, in canonical order."""
    assert law.base is not None
    shape = sizes(law.layout)
    drawn = draws.elements(law.base, shape)
    step = law.option("step")
    if step == "unit_spectral_norm":
        norms = np.linalg.norm(drawn, 2, axis=(1, 2), keepdims=True) if drawn.size else np.ones(1)
    else:
        axis = 1 if step == "unit_columns" else 2
        squares = np.moveaxis(drawn * drawn, axis, -1)
        sums = [math.fsum(vector) for vector in squares.reshape(-1, squares.shape[-1]).tolist()]
        norms = np.expand_dims(np.sqrt(np.array(sums)).reshape(squares.shape[:-1]), axis)
    return (drawn / norms * law.gain).reshape(law.layout.canonical)
