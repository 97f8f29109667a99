"""The recurrent weights of echo-state networks: sparse, of a given spectral radius."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from fanwise.core.generators.elements import draw_elements
from fanwise.core.generators.inputs import Draws, Reals
from fanwise.core.generators.shapes import check_matrix, matrices
from fanwise.core.generators.smallest import mark_smallest
from fanwise.spec.errors import FanwiseError, Phrase
from fanwise.spec.generator_options import GeneratorOptions
from fanwise.spec.sparsities import LARGEST_RATIO, unconnected_units

#: Significant bits of the spectral radius that a matrix is divided by.
_BITS: Final = 32


def check(law: GeneratorOptions) -> None:
    """Raise where it is no square matrix, or one without connections."""
    layout = law.layout
    check_matrix(layout, "reservoir")
    _, inputs, outputs = matrices(layout)
    if inputs != outputs:
        hint = "A reservoir feeds its units back to themselves; for its inputs use sparse."
        raise FanwiseError("as many inputs as outputs for reservoir", layout.shape, hint)
    if layout.size and unconnected_units(law) >= outputs:
        hint = "Lower sparsity: no unit has a connection left."
        raise FanwiseError("a connection for each unit", layout.shape, hint)


def make(law: GeneratorOptions, draws: Draws) -> Reals:
    """Draw sparse matrices, and scale each to the spectral radius."""
    layout, radius = law.layout, float(law.option("radius"))
    made = draw_elements(law.option("elements"), 1.0, layout.canonical, draws)
    if not layout.size:
        return made
    batches = made.reshape(matrices(layout))
    batches[mark_smallest(draws.words(batches.shape, "mask"), unconnected_units(law))] = 0.0
    for batch, matrix in enumerate(batches):
        own = float(np.abs(np.linalg.eigvals(matrix)).max())
        # What solvers differ by, with the number of their threads too, is nearly always below that.
        fraction, exponent = math.frexp(own)
        own = math.ldexp(round(math.ldexp(fraction, _BITS)), exponent - _BITS)
        if own * LARGEST_RATIO < float(np.abs(matrix).max()):
            hint = "Lower sparsity, make it larger, or choose another seed or path."
            what = Phrase("one of which hardly anything leads back to where it began")
            raise FanwiseError("a reservoir with a spectral radius", what, hint)
        batches[batch] *= radius / own
    return made
