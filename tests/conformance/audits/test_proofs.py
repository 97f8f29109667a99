"""Proofs of captured recipes: right ones hold, and every kind of wrong one is told."""

from collections.abc import Iterator

import numpy as np
import pytest

from fanwise.adapters.layer_weights import LayerWeight
from fanwise.adapters.stored_weights import StoredTensor, StoredWeight
from fanwise.conformance.audits.proofs import OF_BUILDS, proof
from fanwise.conformance.audits.results import AuditRow
from fanwise.spec import FanwiseError
from fanwise.spec.recipe import Recipe, recipe
from fanwise.spec.weights import Weight

RULES = {
    "fanwise": 1,
    "rule": [
        {"match": "table/scale", "init": "keep"},
        {"role": "kernel", "init": {"scheme": "normal", "std": 0.02}},
    ],
}
SHAPE = (64, 96)


def stored(path: str, role: str, values: np.ndarray) -> StoredWeight:
    axes = "out in" if role == "kernel" else "out"
    weight = Weight(path, values.shape, axes, role, "dense")
    description = LayerWeight("w", role, axes)
    return StoredWeight(weight, description, {"w": StoredTensor.of(path, values)})


def build(seed: int, *, std: float = 0.02, moves: bool = False) -> list[StoredWeight]:
    drawn = np.random.default_rng(seed)
    kernel = drawn.normal(0, std, SHAPE).astype(np.float32)
    table = np.sin(np.arange(50, dtype=np.float32)) + moves * seed
    return [stored("up/kernel", "kernel", kernel), stored("table/scale", "scale", table)]


def failures(chosen: Recipe, builds: Iterator[list[StoredWeight]], **options: object) -> set[str]:
    rows: list[AuditRow] = list(proof(chosen, builds, "torch", count=3, **options))
    assert rows
    return {f"{row.path} {row.claim}" for row in rows if row.outcome == "fail"}


def test_builds_of_the_recipe_prove_it() -> None:
    assert failures(recipe(RULES), (build(seed) for seed in range(3))) == set()


def test_another_deviation_in_one_build_is_told() -> None:
    found = failures(recipe(RULES), (build(n, std=0.02 + 0.01 * (n == 2)) for n in range(3)))
    assert "up/kernel deviation" in found


def test_a_formula_that_follows_the_seed_is_told_unless_it_is_open() -> None:
    moving = [build(seed, moves=True) for seed in range(3)]
    assert failures(recipe(RULES), iter(moving)) == {"table/scale formula"}
    assert failures(recipe(RULES), iter(moving), open_paths={"table/scale"}) == set()


def test_a_recipe_that_does_not_fit_is_an_error() -> None:
    with pytest.raises(FanwiseError, match="rule"):
        failures(recipe({"fanwise": 1, "rule": RULES["rule"][:1]}), iter([build(0)]))


def test_what_a_build_repeats_is_told_of_the_build_alone() -> None:
    def copied(seed: int) -> list[StoredWeight]:
        up, table = build(seed)
        return [up, stored("down/kernel", "kernel", up.values()), table]

    rows = list(proof(recipe(RULES), (copied(seed) for seed in range(2)), "torch", count=2))
    failing = {row.claim for row in rows if row.outcome == "fail"}
    assert "independent of other weights" in failing
    assert failing <= OF_BUILDS
