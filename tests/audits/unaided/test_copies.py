"""Weights that share draws with others, however they were changed."""

import numpy as np
import pytest

import fanwise
from audits.unaided import checkpoints as c
from audits.unaided.checkpoints import LAYERS, checkpoint, faults, path_of
from fanwise.adapters.layer_weights import LayerWeight
from fanwise.adapters.stored_weights import StoredTensor, StoredWeight
from fanwise.conformance.audits.unaided import audit_unaided
from fanwise.spec.weights import Weight

NOISE = np.random.default_rng(3).normal(0, 1, (4 * c.WIDTH, c.WIDTH)).astype(np.float32)

COPIED = [
    ("equal weights", c.OTHER_UP, lambda x: x),
    ("negated copy", c.OTHER_UP, np.negative),
    ("scaled copy", c.OTHER_UP, lambda x: x * np.float32(0.3535)),
    ("noisy copy", c.OTHER_UP, lambda x: x + np.float32(0.01) * NOISE),
    ("correlated weights", c.OTHER_UP, lambda x: np.float32(0.2) * x + np.float32(0.0196) * NOISE),
    ("transposed copy", c.DOWN, lambda x: x.T),
    ("transposed copy", c.DOWN, lambda x: x.T * np.float32(0.3)),
    ("transposed copy", c.OTHER_UP, lambda x: np.random.default_rng(0).permuted(x.ravel())),
    ("shifted copy", c.OTHER_UP, lambda x: np.roll(x.reshape(-1), -64).reshape(x.shape)),
    ("shared draws", c.VALUE, lambda x: x.reshape(-1)[: c.WIDTH**2].reshape(c.WIDTH, c.WIDTH)),
]  # fmt: skip


@pytest.mark.parametrize(("fault", "name", "change"), COPIED)
def test_a_weight_that_shares_draws_with_another_is_found_beside_it(fault, name, change):
    tensors = checkpoint()
    tensors[name] = change(tensors[c.UP]).reshape(tensors[name].shape)
    found = faults(tensors)
    assert {path.rpartition("/")[0] for path in found[fault]} == {path_of(c.UP), path_of(name)}


def test_layers_that_were_all_seeded_alike_are_all_found():
    tensors = checkpoint()
    for layer in range(LAYERS):
        for weight in ("attn.query.weight", "mlp.up.weight", "mlp.down.weight"):
            shape = tensors[f"h.{layer}.{weight}"].shape
            drawn = np.random.default_rng(0).normal(0, 0.02, shape).astype(np.float32)
            tensors[f"h.{layer}.{weight}"] = drawn
    found = faults(tensors)
    paths = {path for fault in found.values() for path in fault}
    assert {path_of(f"h.{layer}.mlp.up.weight") + "/kernel" for layer in range(LAYERS)} <= paths


def test_tables_that_are_tied_may_be_equal():
    table = fanwise.sample(fanwise.scheme("normal", std=0.02), (1000, 64), seed=0)
    weights = [
        StoredWeight(
            Weight(f"{name}/embedding", (1000, 64), "in out", "embedding", "embedding"),
            LayerWeight(name, "embedding", "in out", "embedding"),
            {name: StoredTensor.of(name, table)},
        )
        for name in ("encoder/tokens", "decoder/tokens")
    ]
    rows = [row for row in audit_unaided(weights, c.ALPHA) if "tied" in row.note]
    assert [row.outcome for row in rows] == ["undecided", "undecided"]


def test_constants_that_are_equal_are_no_copies():
    tensors = {f"h.{layer}.mlp.up.bias": np.full(512, 0.1, np.float32) for layer in range(6)}
    assert faults(checkpoint() | tensors) == {}


def test_tables_of_positions_that_are_equal_are_no_copies():
    angles = np.arange(128)[:, None] / 10000 ** (np.arange(64) / 64)
    table = np.concatenate([np.sin(angles), np.cos(angles)], 1).astype(np.float32)
    tensors = {f"h.{layer}.attn.positions": table for layer in range(6)}
    assert faults(checkpoint() | tensors) == {}
