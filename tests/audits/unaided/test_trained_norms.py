"""Normalizations that training has moved, a little and all alike, and those that are drawn."""

import numpy as np
import pytest

import fanwise

WIDTH, LAYERS = 128, 4


def audit(gains, offsets):
    generator = np.random.default_rng(0)
    weights = {}
    for i in range(LAYERS):
        drawn = generator.normal(0, 1, (2, WIDTH)).astype(np.float32)
        weights[f"layers.{i}.norm.weight"] = 1 + gains * drawn[0]
        weights[f"layers.{i}.norm.bias"] = offsets * drawn[1]
        matrix = generator.normal(0, 0.02, (4 * WIDTH, WIDTH))
        weights[f"layers.{i}.up.weight"] = matrix.astype(np.float32)
        weights[f"layers.{i}.up.bias"] = np.zeros(4 * WIDTH, np.float32)
    return fanwise.audit(weights, framework="torch")


def test_a_short_training_shows_in_scales_and_offsets():
    (row,) = audit(np.float32(0.0065), np.float32(0.0078)).failures
    assert (row.path, row.fault) == ("**", "no longer a start")
    assert "scales and offsets of 4 normalizations" in row.observed


@pytest.mark.parametrize(("gains", "offsets"), [(0.02, 0.0), (0.02, 0.01), (0.0, 0.0)])
def test_scales_and_offsets_that_are_drawn_are_a_start(gains, offsets):
    assert audit(np.float32(gains), np.float32(offsets)).passed
