"""The audit of arrays by their names, of files, and of what it cannot read."""

import numpy as np
import pytest

import fanwise
from fanwise import FanwiseError
from fanwise.conformance.audits.audit import LAWS_RATE, UNAIDED_RATE

RECIPE = {
    "fanwise": 1,
    "vars": {"std": 0.02},
    "rule": [
        {"role": "kernel", "init": {"scheme": "normal", "std": "std"}},
        {"role": "bias", "init": "zeros"},
        {"role": "scale", "init": "ones"},
        {"role": "offset", "init": "zeros"},
    ],
    "names": {"torch": {"layers/<i>": "blocks/<i>"}},
}


def arrays(layers=3):
    held = {}
    for number in range(layers):
        generator = np.random.default_rng(number)
        kernel = generator.normal(0, 0.02, (128, 96)).astype("float32")
        held[f"layers.{number}.up.weight"] = kernel
        held[f"layers.{number}.up.bias"] = np.zeros(128, np.float32)
        held[f"layers.{number}.norm.weight"] = np.ones(96, np.float32)
        held[f"layers.{number}.norm.bias"] = np.zeros(96, np.float32)
    return held


def test_weights_of_a_recipe_pass_under_their_canonical_paths():
    verdict = fanwise.audit(arrays(), RECIPE)
    assert verdict.passed, verdict
    assert verdict.subject == "named tensors"
    assert verdict.false_alarm_rate == LAWS_RATE + UNAIDED_RATE < 1e-9
    assert {row.path for row in verdict.rows} == {
        f"blocks/{number}/{rest}"
        for number in range(3)
        for rest in ("up/kernel", "up/bias", "norm/scale", "norm/offset")
    }


def test_the_recipe_takes_variables_and_any_form():
    assert not fanwise.audit(arrays(), RECIPE, std=0.01).passed
    recipe = fanwise.recipe(RECIPE)
    assert fanwise.audit(arrays(), recipe).passed
    assert fanwise.audit(arrays(), recipe.to_toml(), std=0.02).passed


def test_a_fault_is_named_where_it_is():
    held = arrays()
    held["layers.1.up.weight"] = held["layers.1.up.weight"] * np.float32(np.sqrt(2))
    verdict = fanwise.audit(held, RECIPE)
    assert not verdict.passed
    assert {row.path for row in verdict.failures} == {"blocks/1/up/kernel"}
    assert verdict.failures[0].fault == "gain of relu too much"


def test_weights_that_are_equal_are_seen_beside_a_recipe():
    held = arrays()
    held["layers.2.up.weight"] = held["layers.0.up.weight"].copy()
    verdict = fanwise.audit(held, RECIPE)
    assert {row.claim for row in verdict.failures} == {"independent of other weights"}


def test_with_a_seed_bits_are_compared():
    held = arrays(1)
    recipe = fanwise.recipe(RECIPE)
    held["layers.0.up.weight"] = fanwise.sample(
        fanwise.scheme("normal", std=0.02), (128, 96), seed=7, path="blocks/0/up/kernel",
        axes="torch",
    )  # fmt: skip
    assert fanwise.audit(held, recipe, seed=7).passed
    failures = fanwise.audit(held, recipe, seed=8).failures
    assert {row.path for row in failures} == {"blocks/0/up/kernel"}
    assert all(row.claim == "bits" for row in failures)


def test_weights_without_a_rule_are_an_error_with_the_lines_that_mend_it():
    recipe = {**RECIPE, "rule": RECIPE["rule"][:1]}
    with pytest.raises(FanwiseError, match="have no rule") as caught:
        fanwise.audit(arrays(), recipe)
    assert "This recipe would fit" in str(caught.value)
    assert "all 1" in str(caught.value)


def test_a_rule_without_a_weight_is_told_and_no_fault_of_a_part():
    held = {name: value for name, value in arrays().items() if "norm" not in name}
    verdict = fanwise.audit(held, RECIPE)
    assert verdict.passed
    rows = [row for row in verdict.rows if row.claim == "rule"]
    assert [(row.path, row.outcome) for row in rows] == [
        ("rule 3", "undecided"),
        ("rule 4", "undecided"),
    ]
    assert "fits no weight" in rows[0].note


def test_what_is_kept_is_undecided():
    recipe = {
        **RECIPE,
        "rule": [{"role": "bias", "init": "keep"}, *RECIPE["rule"][:1], *RECIPE["rule"][2:]],
    }
    rows = fanwise.audit(arrays(1), recipe).rows
    (row,) = (row for row in rows if row.path == "blocks/0/up/bias")
    assert (row.outcome, row.claim) == ("undecided", "kept")


def test_tensors_that_are_no_weights_are_named():
    held = {**arrays(1), "layers.0.steps": np.arange(3), "layers.0.mask": np.ones(3, bool)}
    rows = {row.path: row for row in fanwise.audit(held, RECIPE).rows}
    for name in ("layers.0.steps", "layers.0.mask"):
        assert (rows[name].outcome, rows[name].claim) == ("undecided", "not a weight")


def test_without_a_recipe_weights_are_judged_by_themselves():
    verdict = fanwise.audit(arrays())
    assert verdict.passed, verdict
    assert verdict.false_alarm_rate == UNAIDED_RATE
    held = arrays()
    held["layers.1.up.weight"][3, 3] = np.nan
    assert not fanwise.audit(held).passed


@pytest.mark.parametrize("options", [{"seed": 3}, {"std": 0.02}])
def test_without_a_recipe_a_seed_or_a_variable_is_an_error(options):
    with pytest.raises(FanwiseError, match="a recipe"):
        fanwise.audit(arrays(), **options)


@pytest.mark.parametrize("weights", [None, 3, object(), {}, [], {"a": 3}])
def test_what_holds_no_weights_is_an_error(weights):
    with pytest.raises(FanwiseError):
        fanwise.audit(weights, RECIPE)


def test_a_file_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(FanwiseError):
        fanwise.audit(tmp_path / "none.safetensors", RECIPE)
    with pytest.raises(FanwiseError):
        fanwise.audit(str(tmp_path / "none.safetensors"), RECIPE)


@pytest.mark.parametrize("seed", ["7", 1.5, -1])
def test_a_seed_that_is_none_is_an_error(seed):
    with pytest.raises(FanwiseError):
        fanwise.audit(arrays(1), RECIPE, seed=seed)


def test_a_framework_that_is_none_is_an_error():
    with pytest.raises(FanwiseError, match="framework"):
        fanwise.audit(arrays(1), RECIPE, framework="theano")


def test_a_file_has_the_verdict_of_its_arrays(tmp_path):
    held = arrays()
    np.savez(tmp_path / "start.npz", **held)
    before = (tmp_path / "start.npz").read_bytes()
    verdict = fanwise.audit(tmp_path / "start.npz", RECIPE)
    assert verdict.rows == fanwise.audit(held, RECIPE).rows
    assert verdict.subject == "start.npz, npz"
    assert (tmp_path / "start.npz").read_bytes() == before


def test_nothing_is_written_and_no_random_state_is_touched():
    held = arrays()
    for value in held.values():
        value.flags.writeable = False
    copies = {name: value.copy() for name, value in held.items()}
    state = np.random.get_state()[1].copy()  # noqa: NPY002
    fanwise.audit(held, RECIPE, seed=0)
    fanwise.audit(held)
    assert (np.random.get_state()[1] == state).all()  # noqa: NPY002
    assert all((held[name] == copies[name]).all() for name in held)


def test_two_audits_of_the_same_say_the_same():
    assert fanwise.audit(arrays(), RECIPE) == fanwise.audit(arrays(), RECIPE)


def test_the_recipe_of_another_model_is_an_error():
    with pytest.raises(FanwiseError, match=r"names that \[names.torch\]"):
        fanwise.audit(arrays(), "bert")


def test_bits_of_no_known_fault_where_the_law_is_right_are_another_draw():
    verdict = fanwise.audit(arrays(1), RECIPE, seed=0)
    (row,) = verdict.failures
    assert (row.claim, row.fault) == ("bits", "drawn by another engine, or from another seed")


def test_weights_whose_names_say_nothing_ask_for_the_model_first():
    held = {**arrays(1), "layers.0.gamma_ls": np.random.default_rng(5).normal(size=96)}
    with pytest.raises(FanwiseError, match="Their names do not tell what blocks/0/gamma_ls are"):
        fanwise.audit(held, RECIPE)


def test_a_kept_verdict_says_what_it_was_held_to(tmp_path):
    weights = {"up.weight": fanwise.sample("normal", (256, 64), seed=0) * 0.024}
    rule = {"role": "kernel", "init": {"scheme": "normal", "std": "spread"}}
    recipe = {"fanwise": 1, "vars": {"spread": 0.5}, "rule": [rule]}
    file = tmp_path / "start.toml"
    file.write_text(fanwise.recipe(recipe).to_toml())
    verdict = fanwise.audit(weights, file, seed=7, spread=0.02)
    assert verdict.held_to == f"the recipe {file}, with spread = 0.02, seed 7"
    assert verdict.to_dict()["held_to"] == verdict.held_to
    assert str(file) in verdict.to_html()
    assert type(verdict).from_dict(verdict.to_dict()) == verdict
    # What has no name is told by how much it is apart.
    (row,) = (row for row in verdict.failures if row.claim == "deviation")
    assert row.note == f"{row.observed / 0.02:.3g} times what the recipe gives."
