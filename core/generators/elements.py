"""What several generators begin with: elements that are drawn each by itself."""

from __future__ import annotations

import math

from fanwise.core.generators.inputs import Draws, Reals
from fanwise.spec.laws import NormalLaw, UniformLaw


def draw_elements(base: str, std: float, shape: tuple[int, ...], draws: Draws) -> Reals:
    """Draw elements of mean 0.

    Args:
        base: ``"normal"`` or ``"uniform"``.
        std: their standard deviation.
        shape: how many, in canonical order.
        draws: from which stream.
    """
    if base == "normal":
        return draws.elements(NormalLaw(0.0, std), shape)
    limit = math.sqrt(3.0) * std
    return draws.elements(UniformLaw(-limit, limit), shape)
