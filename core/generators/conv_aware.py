"""Convolutions whose kernels of one output are orthogonal to each other in the frequency domain.

References:
    Aghajanyan 2017, arXiv:1702.06295, section 3.
"""

from __future__ import annotations

import math

import numpy as np

from fanwise.core.generators.inputs import Draws, Reals
from fanwise.core.generators.orthonormal import orthonormal
from fanwise.core.generators.shapes import check_in_and_out, matrices
from fanwise.spec.axes import IN
from fanwise.spec.errors import FanwiseError
from fanwise.spec.generator_options import GeneratorOptions, field, rows
from fanwise.spec.limits import check_scale


def check(law: GeneratorOptions) -> None:
    """Raise where there is no kernel to transform."""
    check_in_and_out(law.layout, "conv_aware")
    taps = field(law.layout)
    if not 1 <= len(taps) <= 3 or max(taps) == 1:
        hint = "For a dense layer, or a kernel of one tap, use he_normal or orthogonal."
        raise FanwiseError("1 to 3 receptive axes for conv_aware", law.layout.shape, hint)
    check_scale(math.sqrt(law.option("scale") / max(rows(law.layout), 1)))


def make(law: GeneratorOptions, draws: Draws) -> Reals:
    """Transform orthogonal spectra back, add the noise, and scale the whole to its mean square."""
    layout = law.layout
    if layout.size == 0:
        return np.zeros(layout.canonical)
    batches, rows, outputs = matrices(layout)
    taps, inputs = field(layout), layout.extent(IN)
    half = (*taps[:-1], taps[-1] // 2 + 1)
    size = int(np.prod(half))
    bases = -(-inputs // size)
    gaussians = draws.normal((batches * outputs * bases, size, size), "basis")
    spectra = orthonormal(gaussians).reshape(batches, outputs, bases * size, size)[:, :, :inputs]
    axes = tuple(range(3, 3 + len(taps)))
    kernels = np.fft.irfftn(spectra.reshape(batches, outputs, inputs, *half), taps, axes)
    whole = kernels.reshape(batches, outputs, inputs, -1).transpose(0, 3, 2, 1)
    whole = whole + law.option("noise") * draws.normal(whole.shape)
    mean_square = np.mean(whole * whole, axis=(1, 2, 3), keepdims=True)
    scaled: Reals = whole * np.sqrt(law.option("scale") / rows / mean_square)
    return scaled.reshape(layout.canonical)
