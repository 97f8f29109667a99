"""IDInit: identities that are repeated until every output has an input.

References:
    Pan et al. 2025, arXiv:2503.04626, section 3.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fanwise.core.generators.inputs import Draws, Reals
from fanwise.core.generators.shapes import check_in_and_out, matrices, places
from fanwise.spec.axes import Layout
from fanwise.spec.generator_options import GeneratorOptions


def check(law: GeneratorOptions) -> None:
    """Raise where a weight has no in or no out axis."""
    check_in_and_out(law.layout, "idinit")


def make(law: GeneratorOptions, _draws: Draws) -> Reals:
    """Give output o the input o mod inputs."""
    _, inputs, outputs = matrices(law.layout)
    weight = np.zeros((inputs, outputs))
    if inputs:
        weight[np.arange(outputs) % inputs, np.arange(outputs)] = law.option("gain")
    return in_patches(law.layout, weight)


def in_patches(layout: Layout, weight: NDArray[np.float64]) -> Reals:
    """Return a weight whose patches, (in × receptive) by out, are a matrix."""
    filled = np.broadcast_to(weight[places(layout)], matrices(layout))
    return filled.reshape(layout.canonical)
