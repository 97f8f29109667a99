"""Random rotations: Haar-distributed orthogonal matrices of determinant 1.

References:
    Kingma & Dhariwal 2018, arXiv:1807.03039, section 3.2.
"""

from __future__ import annotations

import numpy as np

from fanwise.core.generators.inputs import Draws, Reals
from fanwise.core.generators.orthonormal import orthonormal
from fanwise.core.generators.shapes import check_in_and_out, matrices
from fanwise.spec.errors import FanwiseError
from fanwise.spec.generator_options import GeneratorOptions


def check(law: GeneratorOptions) -> None:
    """Raise for what is not square."""
    check_in_and_out(law.layout, "glow_rotation")
    _, inputs, outputs = matrices(law.layout)
    if inputs != outputs:
        hint = "A rotation needs as many outputs as inputs, and a kernel of one tap."
        raise FanwiseError("a square matrix for glow_rotation", law.layout.shape, hint)


def make(law: GeneratorOptions, draws: Draws) -> Reals:
    """Turn the last column of orthogonal matrices of determinant -1 around."""
    gaussians = draws.normal(matrices(law.layout))
    rotations = orthonormal(gaussians)
    # Column j is that of a positive R times the sign of element (j, j): a reflection each, but for
    # the signs, so that the determinant is the product of the signs, exactly.
    diagonal = np.diagonal(gaussians, axis1=1, axis2=2)
    mirrored = np.count_nonzero(diagonal < 0, axis=1) % 2 == 1
    rotations[mirrored, :, -1:] *= -1.0
    return rotations.reshape(law.layout.canonical)
