"""What a law does not say is judged beside it."""

import numpy as np

import fanwise
from fanwise.conformance.audits.beside_laws import BESIDE

RECIPE = {"fanwise": 1, "rule": [{"match": "**", "init": {"scheme": "normal", "std": 0.02}}]}


def test_copies_fail_beside_laws_that_hold():
    drawn = np.random.default_rng(0).normal(0, 0.02, (128, 128)).astype(np.float32)
    weights = {"layers.0.up.weight": drawn, "layers.1.up.weight": drawn.copy()}
    failures = fanwise.audit(weights, RECIPE, framework="torch").failures
    assert {row.claim for row in failures} == {"independent of other weights"} <= BESIDE


ATTENTION = {
    "fanwise": 1,
    "rule": [
        {"match": "**/query/kernel", "init": {"scheme": "mimetic_query", "heads": 4}},
        {"match": "**/key/kernel", "init": {"scheme": "mimetic_key", "heads": 4}},
        {"match": "**/value/kernel", "init": "mimetic_value"},
        {"match": "**/out/kernel", "init": "mimetic_out"},
    ],
}


def attention():
    weights = {}
    for layer in range(2):
        for member in ("query", "key", "value", "out"):
            params = {"heads": 4} if member in ("query", "key") else {}
            weights[f"blocks.{layer}.{member}.weight"] = fanwise.sample(
                fanwise.scheme(f"mimetic_{member}", **params),
                (32, 32),
                seed=0,
                path=f"blocks/{layer}/{member}/kernel",
                axes="torch",
            )
    return weights


def test_weights_of_a_joint_scheme_may_depend_on_each_other():
    assert fanwise.audit(attention(), ATTENTION, framework="torch").failures == ()


def test_those_of_two_layers_may_not():
    for member in ("query", "key", "out"):
        weights = attention()
        weights[f"blocks.1.{member}.weight"] = weights[f"blocks.0.{member}.weight"].copy()
        failures = fanwise.audit(weights, ATTENTION, framework="torch").failures
        assert {row.path for row in failures} == {f"blocks/{n}/{member}/kernel" for n in (0, 1)}
        assert {row.claim for row in failures} == {"independent of other weights"}
