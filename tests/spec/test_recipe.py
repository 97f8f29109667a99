"""Recipes are read, checked and planned before anything is drawn."""

import math
from dataclasses import replace

import pytest

from fanwise import FanwiseError, scheme
from fanwise.spec.fans import Fans
from fanwise.spec.plan import Weight, plan
from fanwise.spec.recipe import recipe, recipes

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
    planned = {one.weight.path: one for one in plan(recipe(TOML), WEIGHTS, framework="torch")}
    assert planned["blocks/0/out/kernel"].scheme == scheme("normal", std=0.01)
    assert planned["head/kernel"].rule == 2
    assert planned["head/kernel"].std == pytest.approx(math.sqrt(2 / 2))
    assert planned["head/bias"].std == pytest.approx(1 / math.sqrt(3 * 8))
    assert planned["norm/scale"].scheme == scheme("ones")
    assert planned["norm/mean"].rule == 4


def test_names_are_those_of_the_framework():
    paths = [one.weight.path for one in plan(recipe(TOML), [*WEIGHTS, kernel("a/out/kernel")])]
    assert paths[0] == "encoder/0/proj/kernel"


def test_variables_can_be_changed():
    changed = recipe(TOML, layers=8)
    first, *_ = plan(changed, WEIGHTS, framework="torch")
    assert first.scheme == scheme("normal", std=0.005)
    with pytest.raises(FanwiseError, match="Did you mean 'layers'"):
        recipe(TOML, layer=8)
    assert recipe(changed) == changed


def test_a_rule_may_use_the_fans_of_the_weight():
    data = {"fanwise": 1, "rule": [
        {"match": "**", "init": {"scheme": "normal", "std": "1 / sqrt(fan_in + 4 * fan_out)"}}
    ]}  # fmt: skip
    (one,) = plan(recipe(data), [kernel("a/kernel")])
    assert one.scheme["std"] == pytest.approx(1 / math.sqrt(8 + 16))
    data["vars"] = {"fan_in": 3}
    with pytest.raises(FanwiseError, match="the weight's own"):
        recipe(data)


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
        ({"rule": [{"match": "**"}]}, "a scheme as init of rule 1"),
        ({"rule": [{"init": "zeros"}]}, "what rule 1 is about"),
        ({"rule": [{**RULE, "match": "a//b"}]}, "empty segments"),
        ({"rule": [{**RULE, "role": "kernal"}]}, "Did you mean 'kernel'"),
        ({"rule": [{**RULE, "init": "he_norml"}]}, "Did you mean 'he_normal'"),
        ({"rule": [{**RULE, "init": {"scheme": "normal", "sdt": 1}}]}, "Did you mean 'std'"),
        ({"rule": [{**RULE, "init": {"scheme": "normal", "std": "deep"}}]}, r"\[vars\]"),
        ({"rule": [{**RULE, "init": {"scheme": "normal", "std": "-1"}}]}, ">= 0"),
        ({"vars": {"a": "b", "b": "a"}}, "Break the circle"),
        ({"vars": {"a": True}}, "a number as the variable a"),
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
    assert {one.rule for one in plan(allowed, WEIGHTS)} == {1}


def test_a_weight_that_no_rule_fits():
    data = {"fanwise": 1, "rule": [{"role": "kernel", "init": "he_normal"}]}
    with pytest.raises(FanwiseError, match=r"2 of the weights have no rule.*head/bias"):
        plan(recipe(data), WEIGHTS)
    allowed = recipe({**data, "allow": {"unmatched": ["head/bias", "norm/*"]}})
    paths = [one.weight.path for one in plan(allowed, WEIGHTS)]
    assert paths == ["encoder/0/proj/kernel", "head/kernel", "norm/mean"]


def test_two_weights_of_one_path():
    names = {"torch": {"a": "same", "b": "same"}}
    data = {"fanwise": 1, "rule": [RULE], "names": names}
    with pytest.raises(FanwiseError, match="Two weights meet"):
        plan(recipe(data), [kernel("a/kernel"), kernel("b/kernel")], framework="torch")


def test_a_scheme_that_does_not_go_with_its_weight():
    data = {"fanwise": 1, "rule": [{"match": "**", "init": "he_normal"}]}
    with pytest.raises(FanwiseError, match=r"norm/scale cannot start by rule 1.*without fans"):
        plan(recipe(data), WEIGHTS[3:4])


def test_part_of_a_model():
    made = recipe({"fanwise": 1, "rule": [RULE]})

    def paths(**how):
        return [one.weight.path for one in plan(made, WEIGHTS, **how)]

    assert paths(only="head/**") == ["head/kernel", "head/bias"]
    assert paths(only=["head/**", "norm/scale"], exclude="**/bias") == ["head/kernel", "norm/scale"]
    assert len(paths(exclude="head/*")) == 3
    for what in ("only", "exclude"):
        with pytest.raises(FanwiseError, match=f"a pattern in {what}"):
            paths(**{what: "heads/**"})


def test_only_a_part_needs_rules():
    """A new head on a body that no rule is about."""
    data = {"fanwise": 1, "rule": [{"match": "head/**", "init": "zeros"}]}
    assert len(plan(recipe(data), WEIGHTS, only="head/**")) == 2


def test_a_forget_bias_is_a_bias_unless_a_rule_names_it():
    forget = replace(bias("lstm/forget_bias"), role="forget_bias", layer="lstm")
    plain = {"match": "**/bias", "init": "zeros"}
    (one,) = plan(recipe({"fanwise": 1, "rule": [plain]}), [forget])
    assert one.scheme == scheme("zeros")
    named = {"role": "forget_bias", "init": "ones"}
    for rules in ([plain, named], [named, plain]):
        data = {"fanwise": 1, "rule": rules}
        (one, _) = plan(recipe(data), [forget, bias("lstm/bias")])
        assert one.scheme == scheme("ones")
