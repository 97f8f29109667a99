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
