"""Sub-pixel convolutions that start as an upsampling without a checkerboard: copies of one kernel.

References:
    Aitken et al. 2017, arXiv:1707.02937, section 2.
"""

from __future__ import annotations

import numpy as np

from fanwise.core.generators.inputs import Draws, Reals
from fanwise.core.generators.shapes import check_in_and_out, sizes
from fanwise.spec.axes import OUT
from fanwise.spec.copied_kernels import copies
from fanwise.spec.errors import FanwiseError
from fanwise.spec.generator_options import GeneratorOptions
from fanwise.spec.laws import StructuredLaw
from fanwise.spec.registry import scheme
from fanwise.spec.resolved import resolve


def check(law: GeneratorOptions) -> None:
    """Raise where the copies do not divide the outputs."""
    layout = law.layout
    check_in_and_out(layout, "icnr")
    outputs = sizes(layout, OUT)
    if len(outputs) > 1 or outputs[0] % copies(law):
        expected = f"one out axis that {copies(law)} divides, for icnr"
        hint = "A sub-pixel convolution has channels × upscale_factor² outputs: check both."
        raise FanwiseError(expected, layout.shape, hint)


def make(law: GeneratorOptions, draws: Draws) -> Reals:
    """Draw the small kernel, of a channel for each sub-pixels, and copy it."""
    layout, repeated = law.layout, copies(law)
    shape = (*layout.canonical[:-1], layout.canonical[-1] // repeated)
    keys = {"distribution": law.option("base"), "scale": law.option("scale")}
    base = scheme("variance_scaling", mode=law.option("mode"), **keys)
    law_of_base = resolve(base, shape, " ".join(layout.canonical_roles)).law
    assert not isinstance(law_of_base, StructuredLaw)
    small = draws.elements(law_of_base, shape)
    if law.option("subpixels") == "depth_to_space":
        return np.tile(small, repeated)
    return np.repeat(small, repeated, axis=-1)
