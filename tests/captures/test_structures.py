"""Matrices whose singular values are the same under every seed are of no law of single values."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from common.drawn_builds import Drawn, build, builds_of, dense

from fanwise.adapters.captures import captured
from fanwise.adapters.recipes import planned_weights
from fanwise.spec.registry import scheme

RIGID = "its singular values are the same under every seed, by no scheme of the catalogue"


def critic(*widths: int) -> list[Drawn]:
    """Return the kernels of a critic: gain sqrt(2), and 1 for its head."""
    last = len(widths) - 2
    return [
        dense(f"{2 * n}", scheme("orthogonal", gain=1.0 if n == last else math.sqrt(2)), a, b)
        for n, (a, b) in enumerate(pairwise(widths))
    ]


@pytest.mark.parametrize("widths", [(8, 64, 64, 1), (3, 32, 32, 1), (8, 64, 512, 1), (64, 64, 64)])
def test_orthogonal_layers_are_told_from_a_head_of_another_gain(widths) -> None:
    weights = critic(*widths)
    found = captured(builds_of(weights), "torch")
    assert not found.unresolved
    plans = planned_weights(found.recipe, build(weights, 9), framework="torch").plans
    laws = {stored.weight.path: planned.resolved.law for stored, planned in plans}
    for drawn in weights:
        expected = drawn.start.law(drawn.shape, drawn.axes)
        assert type(laws[drawn.path]) is type(expected)
        assert laws[drawn.path].std == pytest.approx(expected.std, rel=1e-6)


def orthogonal_as(rows: int):
    """Return what draws a tensor that is orthogonal as a matrix of so many rows."""

    def start(random, weight):
        columns = math.prod(weight.shape) // rows
        matrix, _ = np.linalg.qr(random.normal(size=(max(rows, columns), min(rows, columns))))
        return matrix if rows >= columns else matrix.T

    return start


@pytest.mark.parametrize(
    ("start", "shape", "axes"),
    [
        (orthogonal_as(96 * 4), (96, 64), "in out"),
        (orthogonal_as(9 * 24), (3, 3, 24, 32), "* out in"),
        (lambda random, w: _normed(random.normal(size=w.shape)), (40, 64), "in out"),
    ],
    ids=["heads", "transposed convolution", "rows of length 1"],
)
def test_what_the_catalogue_cannot_say_stays_and_the_rest_is_captured(start, shape, axes) -> None:
    odd = Drawn("odd/kernel", start, shape, axes)
    found = captured(builds_of([odd, dense("w", scheme("he_normal"), 64, 96)]), "keras")
    assert [(left.path, left.reason) for left in found.unresolved] == [("odd/kernel", RIGID)]
    assert "he_normal" in {rule.init["scheme"] for rule in found.recipe.rules}


def _normed(values):
    return values / np.linalg.norm(values, axis=1, keepdims=True)


@pytest.mark.parametrize("count", [2, 3, 4])
def test_normal_rows_are_not_called_orthogonal(count: int) -> None:
    heads = [dense(f"head_{n}x", scheme("normal", std=0.02), 256, 1) for n in range(100)]
    found = captured(builds_of(heads, count), "torch")
    assert not found.unresolved
    assert {rule.init["scheme"] for rule in found.recipe.rules} == {"normal"}
