"""Weights of several parts side by side, each of them orthogonal.

References:
    Saxe et al. 2014, arXiv:1312.6120, section 3; block by block as AllenNLP does.
"""

from __future__ import annotations

import numpy as np

from fanwise.core.generators.inputs import Draws, Reals
from fanwise.core.generators.orthonormal import orthonormal
from fanwise.core.generators.shapes import check_in_and_out, matrices
from fanwise.spec.axes import IN, OUT, RECEPTIVE
from fanwise.spec.errors import FanwiseError
from fanwise.spec.generator_options import GeneratorOptions


def check(law: GeneratorOptions) -> None:
    """Raise where the blocks do not divide the axes."""
    check_in_and_out(law.layout, "block_orthogonal")
    for role, key in ((IN, "in_blocks"), (OUT, "out_blocks")):
        size, blocks = law.layout.extent(role), law.option(key)
        if size % blocks:
            hint = "Count the equal parts that stand side by side, such as the gates of an LSTM."
            raise FanwiseError(f"{key} that divide {size}", blocks, hint)


def make(law: GeneratorOptions, draws: Draws) -> Reals:
    """Make each block of the normals of its own elements."""
    layout = law.layout
    if layout.size == 0:
        return np.zeros(layout.canonical)
    batches, rows, columns = matrices(layout)
    taps, inputs = layout.extent(RECEPTIVE), layout.extent(IN)
    across, along = law.option("in_blocks"), law.option("out_blocks")
    parted = (batches, taps, across, inputs // across, along, columns // along)
    order = (0, 2, 4, 1, 3, 5)
    blocks = draws.normal((batches, rows, columns)).reshape(parted).transpose(order)
    drawn = blocks.reshape(-1, rows // across, columns // along)
    made = orthonormal(drawn, law.option("gain")).reshape(blocks.shape)
    # Each axis of the blocks, at the place that it had.
    return made.transpose(0, 3, 1, 4, 2, 5).reshape(layout.canonical)
