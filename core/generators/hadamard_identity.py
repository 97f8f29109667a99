"""ZerO: identities where a layer keeps or narrows its width, Hadamard matrices where it widens.

References:
    Zhao, Schäfer & Anandkumar 2022, arXiv:2110.12661, algorithm 1.
"""

from __future__ import annotations

import numpy as np

from fanwise.core.generators.hadamard import signs
from fanwise.core.generators.inputs import Draws, Reals
from fanwise.core.generators.shapes import at_centre, check_in_and_out
from fanwise.spec.axes import IN, OUT
from fanwise.spec.generator_options import GeneratorOptions
from fanwise.spec.hadamards import is_widening, zero_entry


def check(law: GeneratorOptions) -> None:
    """Raise where a weight has no in or no out axis."""
    check_in_and_out(law.layout, "hadamard_identity")


def make(law: GeneratorOptions, _draws: Draws) -> Reals:
    """Put the matrix at the centre of the receptive field."""
    inputs, outputs = law.layout.extent(IN), law.layout.extent(OUT)
    if is_widening(law):
        return at_centre(law.layout, signs(inputs, outputs) * zero_entry(law))
    return at_centre(law.layout, np.eye(inputs, outputs))
