"""Recipes are read, checked and planned before anything is drawn."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanwise import FanwiseError, sample, scheme
from fanwise.spec.fans import Fans
from fanwise.spec.plan import plan
from fanwise.spec.recipe import Recipe, recipe, recipes
from fanwise.spec.rules import Rule
from fanwise.spec.weights import Weight

TOML = """
fanwise = 1

[vars]
layers = 2
deep = "0.02 / sqrt(2 * layers)"

[[rule]]
name = "residual"
match = "**/out/kernel"
init = { scheme = "normal", std = "deep" }

[[rule]]
role = "kernel"
init = { scheme = "variance_scaling", scale = 2, mode = "fan_out" }

[[rule]]
role = "bias"
init = "torch_default"

[[rule]]
layer = "norm"
init = "ones"

[names.torch]
"encoder/*/proj" = "blocks/*/out"
"""


def kernel(path, shape=(8, 4), **how):
    return Weight(path, shape, "in out", "kernel", "dense", **how)


def bias(path, fan_in=8):
    return Weight(path, (4,), "out", "bias", "dense", beside=Fans(fan_in, 4))


WEIGHTS = [
    kernel("encoder/0/proj/kernel"),
    kernel("head/kernel", groups=2),
    bias("head/bias"),
    Weight("norm/scale", (4,), "out", "scale", "norm"),
    Weight("norm/mean", (4,), "out", "mean", "norm"),
]


def test_a_plan_gives_each_weight_its_first_rule():
    planned = {
        one.weight.path: one for one in plan(recipe(TOML), WEIGHTS, framework="torch").planned
    }
    assert planned["blocks/0/out/kernel"].scheme == scheme("normal", std=0.01)
    assert planned["head/kernel"].rule == 2
    assert planned["head/kernel"].std == pytest.approx(math.sqrt(2 / 2))
    assert planned["head/bias"].std == pytest.approx(1 / math.sqrt(3 * 8))
    assert planned["norm/scale"].scheme == scheme("ones")
    assert planned["norm/mean"].rule == 4


def test_names_are_those_of_the_framework():
    paths = [
        one.weight.path for one in plan(recipe(TOML), [*WEIGHTS, kernel("a/out/kernel")]).planned
    ]
    assert paths[0] == "encoder/0/proj/kernel"


def test_variables_can_be_changed():
    changed = recipe(TOML, layers=8)
    first, *_ = plan(changed, WEIGHTS, framework="torch").planned
    assert first.scheme == scheme("normal", std=0.005)
    with pytest.raises(FanwiseError, match="Did you mean 'layers'"):
        recipe(TOML, layer=8)
    assert recipe(changed) == changed


def test_a_rule_may_use_the_fans_of_the_weight():
    data = {"fanwise": 1, "rule": [
        {"match": "**", "init": {"scheme": "normal", "std": "1 / sqrt(fan_in + 4 * fan_out)"}}
    ]}  # fmt: skip
    (one,) = plan(recipe(data), [kernel("a/kernel")]).planned
    assert one.scheme["std"] == pytest.approx(1 / math.sqrt(8 + 16))
    data["vars"] = {"fan_in": 3}
    with pytest.raises(FanwiseError, match="the weight's own"):
        recipe(data)


@pytest.mark.parametrize("start", ["own", "keep"])
@pytest.mark.parametrize(
    "more", [{"init": {"std": 2}}, {"init": {"fan": "fan_in"}}, {"batch": "in"}], ids=str
)
def test_what_would_change_own_or_keep_is_refused(start, more):
    rule = {"match": "**", **more, "init": {"scheme": start, **more.get("init", {})}}
    with pytest.raises(FanwiseError, match=f"no more than init = '{start}' in rule 1"):
        recipe({"fanwise": 1, "rule": [rule]})


GATES = Weight("lstm/kernel", (4, 3, 5), "batch in out", "kernel", "lstm")
PACKED = Weight("lstm/kernel", (20, 3), "(4 out) in", "kernel", "lstm")


def batched(init, batch=None, weight=GATES):
    rule = {"role": weight.role, "init": init} | ({"batch": batch} if batch else {})
    (one,) = plan(recipe({"fanwise": 1, "rule": [rule]}), [weight]).planned
    return one


@pytest.mark.parametrize("weight", [GATES, PACKED], ids=["apart", "packed"])
@pytest.mark.parametrize(
    ("batch", "fan_in", "fan_out"), [(None, 3, 5), ("in", 12, 5), ("out", 3, 20)]
)
def test_batches_count_as_the_rule_says(weight, batch, fan_in, fan_out):
    one = batched("glorot_uniform", batch, weight)
    assert one.weight.fans == (fan_in, fan_out)
    assert one.std == pytest.approx(math.sqrt(2 / (fan_in + fan_out)))
    told = batched({"scheme": "normal", "std": "fan_in + fan_out / 100"}, batch, weight)
    assert told.scheme["std"] == pytest.approx(fan_in + fan_out / 100)
    # Nothing else of the weight has changed, and the one that was planned has not.
    assert replace(one.weight, axes=weight.axes) == weight
    assert (one.weight is weight) == (batch is None)


@pytest.mark.parametrize("batch", ["in", "out"])
def test_a_scheme_draws_one_matrix_of_all_batches(batch):
    one = batched("orthogonal", batch)
    drawn = sample(one.scheme, (4, 3, 5), seed=1, path="a", axes=one.weight.axes)
    rows = drawn.reshape(12, 5) if batch == "in" else drawn.transpose(1, 0, 2).reshape(3, 20)
    small = rows.T if batch == "in" else rows
    np.testing.assert_allclose(small @ small.T, np.eye(len(small)), atol=1e-6)
    # Stored in another way it is the same; and each batch alone is no part of such a matrix.
    packed = batched("orthogonal", batch, PACKED)
    found = sample(packed.scheme, (20, 3), seed=1, path="a", axes=packed.weight.axes)
    np.testing.assert_array_equal(found.reshape(4, 5, 3), drawn.transpose(0, 2, 1))
    assert not np.allclose(drawn[0] @ drawn[0].T, np.eye(3), atol=0.1)


def test_what_has_no_batches_is_left_as_it_is():
    plain = kernel("a/kernel")
    assert batched("lecun_normal", "in", plain) == batched("lecun_normal", None, plain)
    # And a bias counts what the kernel beside it does by itself.
    beside = replace(bias("lstm/bias", 3), shape=(3, 5), axes="batch out")
    data = {"fanwise": 1, "rule": [{"match": "**", "init": "torch_default", "batch": "in"}]}
    assert plan(recipe(data), [beside]).planned[0].weight == beside


def test_a_weight_takes_the_role_that_its_new_name_says():
    names = {"torch": {"head/w": "head/kernel", "head/s": "head/scale", "head/x": "head/y"}}
    rules = [
        {"role": "kernel", "init": "he_normal"},
        {"role": "scale", "init": "ones"},
        {"match": "**", "init": {"scheme": "constant", "value": 3}},
    ]

    def role(path, shape=(8, 4), own="", kind="parameter"):
        weight = Weight(path, shape, "kernel", own, kind)
        data = {
            "fanwise": 1,
            "rule": rules,
            "names": names,
            "allow": {"unused": ["x", *names["torch"]]},
        }
        for rule in data["rule"]:
            rule["name"] = "x"
        (one,) = plan(recipe(data), [weight], framework="torch").planned
        return one

    one = role("head/w")
    assert (one.weight.role, one.scheme.name, one.weight.fans) == ("kernel", "he_normal", (8, 4))
    assert (role("head/s", (4,)).weight.role, role("head/s", (4,)).rule) == ("scale", 2)
    # With one axis it has no fans, so it is no kernel.
    assert (role("head/w", (4,)).weight.role, role("head/w", (4,)).rule) == ("", 3)
    # A name that is given tells more than one that was read, but for a layer that is known.
    assert (role("head/w", own="embedding").weight.role, role("head/x").weight.role) == (
        "kernel",
        "",
    )
    assert role("head/w", own="embedding", kind="embedding").weight.role == "embedding"
    # Only a new name says something: what was left without a role on purpose stays so.
    assert role("tail/kernel").weight.role == ""


def test_a_rule_about_a_kind_is_about_its_variants():
    joint = replace(GATES, kind="lstm/joint")

    def rule(layer, weight):
        data = {"match": "**", "layer": layer, "init": "zeros", "name": "x"}
        rest = {"match": "**", "init": "ones", "name": "rest"}
        made = recipe({"fanwise": 1, "rule": [data, rest], "allow": {"unused": ["x", "rest"]}})
        (one,) = plan(made, [weight]).planned
        return one.rule

    assert (rule("lstm", GATES), rule("lstm", joint), rule("lstm/joint", joint)) == (1, 1, 1)
    assert (rule("lstm/joint", GATES), rule("joint", joint), rule("lst", joint)) == (2, 2, 2)


def test_sources(tmp_path):
    file = tmp_path / "mine.toml"
    file.write_text(TOML)
    assert recipe(file) == recipe(str(file)) == recipe(TOML)
    with pytest.raises(FanwiseError, match="can be read"):
        recipe(tmp_path / "none.toml")
    with pytest.raises(FanwiseError, match="Did you mean 'gpt2'"):
        recipe("gpt")
    with pytest.raises(FanwiseError, match="TOML"):
        recipe("fanwise = \n")
    with pytest.raises(FanwiseError, match="a recipe"):
        recipe(3)


@pytest.mark.parametrize("name", recipes())
def test_those_that_come_with_fanwise_are_sound(name):
    made = recipe(name)
    assert made.summary.endswith(".")
    assert made.reference


RULE = {"match": "**", "init": "zeros"}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"fanwise": 2}, "version 1"),
        ({"rules": []}, "Did you mean 'rule'"),
        ({"rule": []}, "at least one"),
        ({"rule": [{"match": "**"}]}, "the key 'init' in rule 1. Received: 'match'"),
        ({"rule": [{"init": "zeros"}]}, "what rule 1 is about"),
        ({"rule": [{**RULE, "match": "a//b"}]}, "empty segments"),
        ({"rule": [{**RULE, "role": "kernal"}]}, "Did you mean 'kernel'"),
        ({"rule": [{**RULE, "batch": "outs"}]}, "'in' or 'out' as 'batch' of rule 1"),
        ({"rule": [{**RULE, "batch": True}]}, "'in' or 'out' as 'batch' of rule 1"),
        ({"rule": [{**RULE, "batch": ["in"]}]}, "'in' or 'out' as 'batch' of rule 1"),
        ({"rule": [{**RULE, "role": "bias", "batch": "out"}]}, "which is about bias"),
        ({"rule": [{**RULE, "init": "he_norml"}]}, "Did you mean 'he_normal'"),
        ({"rule": [{**RULE, "init": {"scheme": "normal", "sdt": 1}}]}, "Did you mean 'std'"),
        ({"rule": [{**RULE, "init": {"scheme": "normal", "std": "deep"}}]}, r"\[vars\]"),
        ({"rule": [{**RULE, "init": {"scheme": "normal", "std": "-1"}}]}, ">= 0"),
        ({"vars": {"a": "b", "b": "a"}}, "Break the circle"),
        ({"vars": {"a": True}}, "a number as 'a' of vars"),
        ({"allow": {"unused": ["x"]}}, "the name of a rule"),
        ({"allow": {"unmached": []}}, "Did you mean 'unmatched'"),
        ({"names": {"torch": {"a//b": "c"}}}, "empty segments"),
    ],
)
def test_bad_recipes(change, message):
    with pytest.raises(FanwiseError, match=message):
        recipe({"fanwise": 1, "rule": [RULE], **change})


def test_a_rule_that_fits_nothing():
    data = {"fanwise": 1, "rule": [RULE, {"name": "late", "match": "x", "init": "ones"}]}
    with pytest.raises(FanwiseError, match="Rule 2 fits no weight"):
        plan(recipe(data), WEIGHTS)
    allowed = recipe({**data, "allow": {"unused": ["late"]}})
    assert {one.rule for one in plan(allowed, WEIGHTS).planned} == {1}


def test_a_weight_that_no_rule_fits():
    data = {"fanwise": 1, "rule": [{"role": "kernel", "init": "he_normal"}]}
    with pytest.raises(FanwiseError, match=r"2 of the weights have no rule.*head/bias"):
        plan(recipe(data), WEIGHTS)
    allowed = recipe({**data, "allow": {"unmatched": ["head/bias", "norm/*"]}})
    paths = [one.weight.path for one in plan(allowed, WEIGHTS).planned]
    assert paths == ["encoder/0/proj/kernel", "head/kernel", "norm/mean"]


def test_two_weights_of_one_path():
    names = {"torch": {"a": "same", "b": "same"}}
    data = {"fanwise": 1, "rule": [RULE], "names": names}
    with pytest.raises(FanwiseError, match="Two weights have the same path"):
        plan(recipe(data), [kernel("a/kernel"), kernel("b/kernel")], framework="torch")


def test_a_scheme_that_does_not_go_with_its_weight():
    data = {"fanwise": 1, "rule": [{"match": "**", "init": "he_normal"}]}
    with pytest.raises(FanwiseError, match=r"norm/scale cannot start by rule 1.*without fans"):
        plan(recipe(data), WEIGHTS[3:4])


def test_part_of_a_model():
    made = recipe({"fanwise": 1, "rule": [RULE]})

    def paths(**how):
        return [one.weight.path for one in plan(made, WEIGHTS, **how).planned]

    assert paths(only="head/**") == ["head/kernel", "head/bias"]
    assert paths(only=["head/**", "norm/scale"], exclude="**/bias") == ["head/kernel", "norm/scale"]
    assert len(paths(exclude="head/*")) == 3
    assert len(paths(exclude=[])) == 5
    for odd in ([], ()):
        with pytest.raises(FanwiseError, match="some patterns as only"):
            paths(only=odd)
    for odd in (3, {"head/**": 1}, b"head/**", iter(["head/**"])):
        for what in ("only", "exclude"):
            with pytest.raises(FanwiseError, match=f"patterns of paths as {what}"):
                paths(**{what: odd})
    for what in ("only", "exclude"):
        with pytest.raises(FanwiseError, match=f"a pattern in {what}"):
            paths(**{what: "heads/**"})


def test_only_a_part_needs_rules():
    """A new head on a body that no rule is about."""
    data = {"fanwise": 1, "rule": [{"match": "head/**", "init": "zeros"}]}
    assert len(plan(recipe(data), WEIGHTS, only="head/**").planned) == 2


def test_a_forget_bias_is_a_bias_unless_a_rule_names_it():
    forget = replace(bias("lstm/forget_bias"), role="forget_bias", kind="lstm")
    plain = {"match": "**/bias", "init": "zeros"}
    (one,) = plan(recipe({"fanwise": 1, "rule": [plain]}), [forget]).planned
    assert one.scheme == scheme("zeros")
    named = {"role": "forget_bias", "init": "ones"}
    for rules in ([plain, named], [named, plain]):
        data = {"fanwise": 1, "rule": rules}
        (one, _) = plan(recipe(data), [forget, bias("lstm/bias")]).planned
        assert one.scheme == scheme("ones")


def test_a_rule_may_be_about_the_models_of_one_framework():
    rules = [
        {"framework": "keras", "match": "**", "init": "ones"},
        {"match": "**", "init": "zeros"},
    ]
    made = recipe({"fanwise": 1, "rule": rules})

    def chosen(framework):
        (planned,) = plan(made, [kernel("a/kernel")], framework=framework).planned
        return planned.scheme.name

    only = recipe(
        {"fanwise": 1, "rule": [*rules, {"framework": "flax", "role": "bias", "init": "ones"}]}
    )
    assert [chosen(name) for name in ("torch", "flax", "")] == ["zeros"] * 3
    with pytest.raises(FanwiseError, match="Rule 2 fits no weight"):
        chosen("keras")
    assert len(plan(only, [kernel("a/kernel")], framework="torch").planned) == 1
    with pytest.raises(FanwiseError, match="Did you mean 'flax'"):
        recipe({"fanwise": 1, "rule": [{"framework": "jax", "match": "**", "init": "ones"}]})
    assert recipe(made.to_toml()) == made


@pytest.mark.parametrize("start", ["own", "keep"])
@pytest.mark.parametrize(
    "rule", [{"init": {"std": 0.02}}, {"batch": "in"}, {"init": {"fan": None}, "batch": "out"}]
)
def test_what_is_declared_or_kept_has_neither_parameters_nor_a_batch(start, rule):
    rule = {"match": "**", **rule, "init": {"scheme": start, **rule.get("init", {})}}
    with pytest.raises(FanwiseError, match=f"no more than init = '{start}' in rule 1"):
        recipe({"fanwise": 1, "rule": [rule]})


def test_what_says_nothing_is_equal_to_what_is_written_of_it():
    init = {"scheme": "kaiming_normal", "fan": None, "nonlinearity": "relu"}
    data = {"fanwise": 1, "rule": [{"match": "**", "init": init}], "names": {"torch": {}}}
    assert recipe(recipe(data).to_toml()) == recipe(data)
    with pytest.raises(FanwiseError, match="std"):
        recipe({"fanwise": 1, "rule": [{"match": "**", "init": {"scheme": "normal", "std": None}}]})


def test_comments_of_rules_stand_above_them_and_are_no_part_of_a_recipe():
    rule = Rule({"scheme": "ones"}, role="scale")
    commented = replace(rule, comment="a line\nand \x1b[31m another\r\u2028 init = 'zeros'\x00")
    made = Recipe((replace(rule, role="bias"), commented))
    text = made.to_toml()
    assert recipe(text) == made == Recipe((replace(rule, role="bias"), rule))
    lines = text.splitlines()
    above = lines.index("# a line")
    assert lines[above + 1] == "# and ?[31m another?? init = 'zeros'?"
    assert lines[above + 2 : above + 4] == ["[[rule]]", 'role = "scale"']
    assert text.count("#") == 2


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_no_text_of_a_recipe_can_move_a_cursor(name):
    made = Recipe((Rule({"scheme": "ones"}, role="scale", name=name, comment=name),))
    text = made.to_toml()
    assert all(letter.isprintable() or letter == "\n" for letter in text)
    assert recipe(text) == made
