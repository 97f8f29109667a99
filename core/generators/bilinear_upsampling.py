"""Transposed convolutions that start as bilinear interpolation.

References:
    Long, Shelhamer & Darrell 2015, arXiv:1411.4038, section 3.3.
"""

from __future__ import annotations

from functools import reduce

import numpy as np

from fanwise.core.generators.inputs import Draws, Reals
from fanwise.core.generators.shapes import check_in_and_out, sizes
from fanwise.spec.axes import BATCH, IN, OUT
from fanwise.spec.errors import FanwiseError
from fanwise.spec.generator_options import GeneratorOptions, field
from fanwise.spec.tents import tent


def check(law: GeneratorOptions) -> None:
    """Raise where there is no receptive field, or no input for an output."""
    layout = law.layout
    check_in_and_out(layout, "bilinear_upsampling")
    if not 1 <= len(field(layout)) <= 3:
        context = "Only tensors with 3, 4, or 5 dimensions are supported"
        hint = "It is a start of transposed convolutions."
        expected = "1 to 3 receptive axes for bilinear_upsampling"
        raise FanwiseError(expected, layout.shape, hint, context=context)
    inputs, outputs = layout.group_extents(law.option("groups"))
    if inputs != outputs:
        expected = "as many inputs as outputs, in each group, for bilinear_upsampling"
        hint = "Pass the layer's groups, and the axes of a transposed convolution."
        raise FanwiseError(expected, layout.shape, hint)


def make(law: GeneratorOptions, _draws: Draws) -> Reals:
    """Give each channel of a group the kernel to its like, and zeros to the others."""
    layout, groups = law.layout, law.option("groups")
    inputs, outputs = layout.extent(IN), layout.extent(OUT)
    channels = np.arange(max(inputs, outputs))
    pairs = np.zeros((inputs, outputs))
    if pairs.size:
        pairs[channels % inputs, channels % outputs] = 1.0
    assert max(inputs, outputs) == groups * min(layout.group_extents(groups))
    kernel = reduce(np.multiply.outer, map(tent, field(layout)), np.ones(()))
    batches = np.ones(sizes(layout, BATCH))
    whole = np.multiply.outer(batches, np.multiply.outer(kernel, pairs))
    return whole.reshape(layout.canonical)
