"""The offsets at which deformable attention samples first: a bias.

References:
    Zhu et al. 2021, arXiv:2010.04159, appendix A.4.
"""

from __future__ import annotations

import numpy as np

from fanwise.core.generators.inputs import Draws, Reals
from fanwise.spec.axes import OUT
from fanwise.spec.errors import FanwiseError
from fanwise.spec.generator_options import GeneratorOptions
from fanwise.spec.sampling_grid import directions


def check(law: GeneratorOptions) -> None:
    """Raise for another size than two offsets a point make."""
    layout = law.layout
    size = 2 * law.option("heads") * law.option("levels") * law.option("points")
    others = [role for role in layout.roles if role != OUT]
    if layout.size not in (0, size) or others:
        expected = f"a bias of {size} = heads · levels · points · 2, for deformable_attention_grid"
        hint = "Pass the layer's heads, levels and points."
        raise FanwiseError(expected, layout.shape, hint)


def make(law: GeneratorOptions, _draws: Draws) -> Reals:
    """Send point p of a head, on every level, p + 1 steps into its direction."""
    if law.layout.size == 0:
        return np.zeros(law.layout.canonical)
    heads, levels, points = (law.option(key) for key in ("heads", "levels", "points"))
    steps = np.arange(1.0, points + 1)[:, None]
    offsets = np.array(directions(heads))[:, None, None, :] * steps
    whole = np.broadcast_to(offsets, (heads, levels, points, 2))
    return whole.reshape(law.layout.canonical)
