"""Low-rank pairs whose product is zero though neither is: by the halves of one rotation."""

from __future__ import annotations

import numpy as np

from fanwise.core.dtypes import empty
from fanwise.core.generators.inputs import Draws, Reals
from fanwise.core.generators.shapes import check_in_and_out, matrices
from fanwise.core.householder import write_orthonormal
from fanwise.spec.axes import RECEPTIVE
from fanwise.spec.errors import FanwiseError
from fanwise.spec.generator_options import GeneratorOptions


def check(law: GeneratorOptions) -> None:
    """Raise where the rank is odd, or where B has a receptive field."""
    layout, member = law.layout, law.option("member")
    check_in_and_out(layout, f"lora_orthogonal_{member}")
    if member == "b" and layout.extent(RECEPTIVE) != 1:
        hint = "A takes the field of a convolution, B is 1 by 1."
        raise FanwiseError("a matrix for lora_orthogonal_b", layout.shape, hint)
    if _rank(law) % 2:
        axis = "out" if member == "a" else "in"
        hint = f"Choose an even rank, and check axes=: it is the {axis} axis."
        raise FanwiseError("an even rank", _rank(law), hint)


def make(law: GeneratorOptions, draws: Draws) -> Reals:
    """Multiply Gaussians by the even rows of a rotation for A, by the odd ones for B."""
    batches, rows, columns = matrices(law.layout)
    member, rank = law.option("member"), _rank(law)
    if not law.layout.size:
        return np.zeros(law.layout.canonical)
    half = _rotations(batches, rank, draws.shared)[:, 0 if member == "a" else 1 :: 2]
    # Sums of few terms: no library that shares them out over threads takes part.
    made: Reals
    if member == "a":
        gaussians = draws.normal((batches, rows, rank // 2), "a")
        made = np.einsum("bim,bmr->bir", gaussians, half)
    else:
        gaussians = draws.normal((batches, rank // 2, columns), "b")
        made = np.einsum("bmr,bmo->bro", half, gaussians)
    made *= law.option("gain")
    return made.reshape(law.layout.canonical)


def _rank(law: GeneratorOptions) -> int:
    _, rows, columns = matrices(law.layout)
    return columns if law.option("member") == "a" else rows


def _rotations(batches: int, rank: int, draws: Draws) -> Reals:
    """Return Haar-distributed matrices, as ``orthogonal`` makes them."""
    gaussians = draws.normal((batches, rank, rank), "rotation")
    made: Reals = empty((batches, rank, rank), np.dtype(np.float64))
    write_orthonormal(lambda index: gaussians[index], made, 1.0)
    return made
