"""The spline weights of Kolmogorov-Arnold networks: splines through noise at the grid points."""

from __future__ import annotations

import numpy as np

from fanwise.core.generators.inputs import Draws, Reals
from fanwise.core.generators.shapes import check_in_and_out
from fanwise.spec.axes import BATCH, IN, OUT, RECEPTIVE
from fanwise.spec.errors import FanwiseError
from fanwise.spec.generator_options import GeneratorOptions
from fanwise.spec.splines import grid_size, spline_fit


def check(law: GeneratorOptions) -> None:
    """Raise where there is no axis of coefficients, or too few of them."""
    check_in_and_out(law.layout, "kan_spline")
    order, coefficients = int(law.option("order")), law.layout.extent(RECEPTIVE)
    if law.layout.size and grid_size(coefficients, order) < 1:
        hint = f"Splines of order {order} have {order} coefficients more than intervals."
        hint += " Name that axis *, e.g. axes='out in *'."
        raise FanwiseError(f"more than {order} coefficients", law.layout.shape, hint)


def make(law: GeneratorOptions, draws: Draws) -> Reals:
    """Fit splines to noise at the grid points, one for each input and output."""
    layout, order = law.layout, int(law.option("order"))
    coefficients = layout.extent(RECEPTIVE)
    pairs = layout.extent(IN) * layout.extent(OUT)
    if not layout.size:
        return np.zeros(layout.canonical)
    grid = grid_size(coefficients, order)
    noise = draws.uniform((layout.extent(BATCH), grid + 1, pairs)) - 0.5
    noise *= law.option("noise")
    noise /= grid
    fit = np.array(spline_fit(grid, order))
    made = np.zeros((layout.extent(BATCH), coefficients, pairs))
    # One point after the other, so that the order of the sums is the same everywhere.
    for point in range(grid + 1):
        made += fit[:, point, None] * noise[:, None, point]
    made *= law.option("gain")
    return made.reshape(layout.canonical)
