"""Attention that begins like a trained one: products of two of its weights near the identity."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from fanwise.core.generators.inputs import Draws, Reals
from fanwise.core.generators.shapes import check_matrix, matrices
from fanwise.spec.errors import FanwiseError
from fanwise.spec.generator_options import GeneratorOptions


def check(law: GeneratorOptions) -> None:
    """Raise where heads do not divide, or have more outputs than the weight has inputs."""
    layout, member, heads = law.layout, law.option("member"), int(law.option("heads"))
    check_matrix(layout, f"mimetic_{member}")
    _, width, inner = _widths(law)
    if inner % heads:
        hint = "Pass the number of heads of the layer."
        raise FanwiseError(f"a number of heads that divides {inner}", heads, hint)
    if inner // heads > width:
        expected = f"at most {width} dimensions for each head"
        hint = "It takes as many singular vectors as a head has dimensions: pass the layer's heads."
        if member in ("value", "out"):
            hint = "Value and output are square, or lead through fewer dimensions."
        raise FanwiseError(expected, inner // heads, hint)


def make(law: GeneratorOptions, draws: Draws) -> Reals:
    """Split noise plus the identity by its singular values, once for each head."""
    layout, member, heads = law.layout, law.option("member"), int(law.option("heads"))
    if not layout.size:
        return np.zeros(layout.canonical)
    batches, width, inner = _widths(law)
    paired = member in ("query", "key")
    purpose, sign = ("query_key", 1.0) if paired else ("value_out", -1.0)
    noise = draws.shared.normal((batches * heads, width, width), purpose)
    # A pair of singular vectors has no sign of its own: one that is drawn, as elements of mean 0.
    flips = draws.shared.words((batches * heads, inner // heads), f"{purpose}_signs") >> 31 == 0
    products = law.option("alpha") * (noise / math.sqrt(width))
    products += sign * law.option("beta") * np.eye(width)
    each = inner // heads
    parts = np.empty((batches, heads, width, each))
    left = member in ("query", "value")
    for product, flip, part in zip(products, flips, parts.reshape(-1, width, each), strict=True):
        part[:] = _half(product, flip, left=left)
    made = parts.transpose(0, 2, 1, 3).reshape(batches, width, inner)
    if member == "out":
        made = made.swapaxes(1, 2)
    return made.reshape(layout.canonical)


def _half(product: Reals, flips: NDArray[np.bool_], *, left: bool) -> Reals:
    """Return the first singular vectors of one side, times the roots of their singular values.

    Where a pair is flipped its left vector begins below 0, else from 0 on.
    """
    count = flips.size
    lefts, values, rights = np.linalg.svd(product)
    signs = np.where((lefts[0, :count] < 0.0) == flips, 1.0, -1.0)
    vectors = lefts[:, :count] if left else rights[:count].T
    halved: Reals = vectors * (signs * np.sqrt(values[:count]))
    return halved


def _widths(law: GeneratorOptions) -> tuple[int, int, int]:
    """Return how many batches, and the widths of the layer and of its heads together."""
    batches, rows, columns = matrices(law.layout)
    return (batches, columns, rows) if law.option("member") == "out" else (batches, rows, columns)
