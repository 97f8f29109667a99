"""IDInit's start of the last layer of a branch: what each output adds up cancels nearly, not quite.

References:
    Pan et al. 2025, arXiv:2503.04626, section 3.
"""

from __future__ import annotations

import numpy as np

from fanwise.core.generators.idinit import in_patches
from fanwise.core.generators.inputs import Draws, Reals
from fanwise.core.generators.shapes import check_in_and_out, matrices
from fanwise.spec.errors import FanwiseError
from fanwise.spec.generator_options import GeneratorOptions, rows


def check(law: GeneratorOptions) -> None:
    """Raise where an output has no two inputs."""
    check_in_and_out(law.layout, "idinit_zero")
    if rows(law.layout) == 1:
        hint = "With a single input use constant, or zeros."
        raise FanwiseError("two inputs or more for idinit_zero", law.layout.shape, hint)


def make(law: GeneratorOptions, _draws: Draws) -> Reals:
    """Give every output one input with the gain, and one with its negative."""
    _, inputs, outputs = matrices(law.layout)
    output, weight = np.arange(outputs), np.zeros((inputs, outputs))
    if inputs:
        left = inputs - outputs
        weight[output % inputs, output] = law.option("gain")
        minus = outputs + output % left if left > 0 else (output + 1) % inputs
        weight[minus, output] = -law.option("gain")
    return in_patches(law.layout, weight)
