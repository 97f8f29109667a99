"""What is the same under every seed: constants, steps over the layers, identities, formulas."""

from __future__ import annotations

import numpy as np
import pytest
from common.drawn_builds import Drawn, build, builds_of, dense

from fanwise.adapters.captures import captured
from fanwise.adapters.recipes import planned_weights


def scale(path: str, value) -> Drawn:
    def start(random, weight):
        return np.full(weight.shape, value)

    return Drawn(path, start, (16,), "out", "", "parameter")


def starts(weights):
    found = captured(builds_of(weights, 3), "torch")
    assert not found.unresolved
    stored = build(weights, 7)
    plans = planned_weights(found.recipe, stored, framework="torch").plans
    for weight, planned in plans:
        assert np.float32(planned.resolved.law.mean) == weight.values().flat[0]
    return {rule.match: rule.init for rule in found.recipe.rules}


@pytest.mark.parametrize(
    ("values", "written"),
    [
        ([1e-5] * 4, 1e-5),
        ([1.0] * 3, None),
        ([0.1, 0.2, 0.3, 0.4, 0.5], "0.1 * (i + 1)"),
        ([0.1 * (i + 1) for i in range(6)], "0.1 * (i + 1)"),
        ([0.0, 0.1, 0.2, 0.3, 0.4], "0.1 * i"),
        ([0.3, 0.25, 0.2, 0.15], "0.3 - 0.05 * i"),
        ([0.3 * i / 7 for i in range(8)], "0.3 * i / (i_count - 1)"),
        ([0.1 + 0.3 * i / 7 for i in range(8)], "0.1 + 0.3 * i / (i_count - 1)"),
        ([0.9, 0.81, 0.729, 0.6561], "0.9 * 0.9 ^ i"),
        ([1.0, 1 / 2**0.5, 1 / 3**0.5, 0.5], "1 / sqrt(i + 1)"),
    ],
)
def test_constants_of_layers_are_a_number_or_a_formula_of_the_layer(values, written) -> None:
    weights = [scale(f"h/{i}/gamma", value) for i, value in enumerate(values)]
    (init,) = starts(weights).values()
    constant = {"scheme": "constant", "value": written}
    assert init == ({"scheme": "ones"} if written is None else constant)


def test_constants_of_no_formula_get_rules_of_their_own() -> None:
    weights = [scale(f"h/{i}/gamma", value) for i, value in enumerate((0.3, 0.1, 0.3, 0.3, 0.3))]
    rules = starts(weights)
    assert {init["value"] for init in rules.values()} == {0.1, 0.3}
    assert len(rules) == 2
    assert next(iter(rules)) == "h/1/gamma"  # before the rule that fits it too


def test_many_constants_of_no_formula_stay_and_are_named() -> None:
    random = np.random.default_rng(0)
    weights = [scale(f"h/{i}/gamma", random.random()) for i in range(20)]
    found = captured(builds_of(weights), "torch")
    assert {left.reason for left in found.unresolved} == {"constants of no formula"}


def test_identities_are_told_and_other_formulas_stay() -> None:
    def waves(random, weight):
        return np.sin(np.arange(96))

    weights = [
        dense("identity", lambda random, weight: np.eye(*weight.shape), 12, 12),
        dense("twice", lambda random, weight: 2 * np.eye(*weight.shape), 9, 12),
        Drawn("positions", waves, (96,), "out", "", "parameter"),
    ]
    found = captured(builds_of(weights), "torch")
    assert not found.unresolved
    inits = {rule.match: dict(rule.init) for rule in found.recipe.rules}
    assert {"scheme": "identity", "gain": 2.0} in inits.values()
    assert {"scheme": "identity"} in inits.values()
    assert inits["**/positions"] == {"scheme": "keep"}
    (rule,) = (rule for rule in found.recipe.rules if rule.keeps)
    assert "the same under every seed" in rule.comment


def test_a_difference_that_a_sample_misses_is_seen() -> None:
    """A large weight of zeros, of which one value is drawn."""

    def almost_zeros(random, weight):
        values = np.zeros(weight.shape, np.float32)
        values[1, 1] = random.random()
        return values

    found = captured(builds_of([dense("w", almost_zeros, 300, 301)]), "torch")
    assert len(found.unresolved) == 1
