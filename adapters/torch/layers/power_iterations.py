"""The vectors by which spectral normalization knows the largest singular value of a weight."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import torch
from torch import Tensor
from torch.nn.functional import normalize

#: Draws standard normals into a tensor, from the seed, the path of the weight and a name.
Draw = Callable[[Tensor, str], None]

#: How many steps torch's parametrization takes when it is made.
_STEPS: Final = 15
#: What the vector that the iteration begins with is called below the path of its weight.
_NAME: Final = "power_iteration"


def renew_vectors(matrix: Tensor, left: Tensor, right: Tensor, eps: float, draw: Draw) -> None:
    """Set two vectors to approximations of the first singular vectors of a matrix.

    Those of the weight that was there before say nothing of this one: divided by the size along
    them, it could start at any scale.

    Args:
        matrix: the weight, as a matrix.
        left, right: the vectors that are set.
        eps: by which no vector is divided that is shorter.
        draw: draws the vector that is begun with.
    """
    draw(right, _NAME)
    with torch.no_grad():
        for _ in range(_STEPS):
            left.copy_(normalize(torch.mv(matrix, right), dim=0, eps=eps))
            right.copy_(normalize(torch.mv(matrix.mH, left), dim=0, eps=eps))
