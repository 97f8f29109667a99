"""Weights that lie side by side in one: how axes say so, and what each then is."""

from dataclasses import replace

import pytest

import fanwise
from fanwise.spec.errors import FanwiseError
from fanwise.spec.fans import Fans
from fanwise.spec.plan import plan
from fanwise.spec.splits import split_of
from fanwise.spec.weights import Start, Weight

AXES = "(query=32 key=4 value=4 out) in"
KERNEL = Weight("attention/kernel", (80, 16), "torch", "kernel", "dense")
BIAS = Weight("attention/bias", (80,), "out", "bias", "dense", beside=Fans(16, 80))


def planned(*rules, weights=(KERNEL,), **more):
    recipe = fanwise.recipe({"fanwise": 1, "rule": list(rules), **more})
    chosen = plan(recipe, weights, framework="torch").planned
    return {entry.weight.path: entry for entry in chosen}


def test_every_part_is_a_weight_with_a_path_and_fans_of_its_own():
    parts = planned({"role": "kernel", "axes": AXES, "init": "glorot_uniform"})
    assert {path: entry.weight.shape for path, entry in parts.items()} == {
        "attention/query/kernel": (64, 16),
        "attention/key/kernel": (8, 16),
        "attention/value/kernel": (8, 16),
    }
    whole = fanwise.scheme("glorot_uniform")
    assert parts["attention/key/kernel"].std == whole.std((16, 8))
    assert parts["attention/query/kernel"].std == whole.std((16, 64))


def test_a_bias_counts_the_fans_of_the_kernel_beside_its_part():
    rule = {
        "role": "bias",
        "axes": "(query=32 key=4 value=4 out)",
        "init": {"scheme": "normal", "std": "1 / fan_out"},
    }
    parts = planned(rule, weights=[BIAS])
    assert [entry.std for entry in parts.values()] == [1 / 64, 1 / 8, 1 / 8]


def test_an_earlier_rule_may_take_a_part_by_its_own_path():
    rules = [
        {"match": "**/key/kernel", "init": "ones"},
        {"role": "kernel", "axes": AXES, "init": "he_normal"},
    ]
    parts = planned(*rules)
    assert {path: entry.rule for path, entry in parts.items()} == {
        "attention/query/kernel": 2,
        "attention/key/kernel": 1,
        "attention/value/kernel": 2,
    }


def test_the_axes_of_a_known_layer_are_named_in_any_order():
    other = Weight("attention/kernel", (16, 80), "in out", "kernel", "dense")
    rule = {"role": "kernel", "axes": AXES, "init": "he_normal"}
    shapes = [entry.weight.shape for entry in planned(rule, weights=[other]).values()]
    assert shapes == [(16, 64), (16, 8), (16, 8)]


def test_parts_know_what_the_rule_captures_in_the_path_of_the_whole():
    weights = [Weight(f"h/{i}/qkv/kernel", (12, 4), "torch", "kernel", "dense") for i in range(3)]
    rule = {
        "match": "h/<i>/qkv/kernel",
        "axes": "(q=1 kv=2 out) in",
        "init": {"scheme": "constant", "value": "10 * i + i_count"},
    }
    values = [entry.scheme["value"] for entry in planned(rule, weights=weights).values()]
    assert values == [3, 3, 13, 13, 23, 23]


def test_a_parameter_of_no_known_layer_is_read_as_the_axes_say():
    bare = Weight("w", (6, 9), "torch", "", "parameter")
    rule = {"match": "w", "axes": "in (a=1 b=2 out)", "init": "lecun_normal"}
    parts = planned(rule, weights=[bare])
    assert {path: entry.weight.shape for path, entry in parts.items()} == {
        "a/w": (6, 3),
        "b/w": (6, 6),
    }
    assert parts["b/w"].std == pytest.approx(6**-0.5)


@pytest.mark.parametrize(
    ("axes", "message"),
    [
        ("(query=32 key=4 value=5 out) in", "a size of axis 0 of attention/kernel that 41 divides"),
        ("(a=1 b=1 in) in", "the axes of its layer"),
        ("(a=1 b=1 out) in in", "word by word"),
        ("(a=1 b=1 *) in", "the axes of its layer"),
    ],
)
def test_what_cannot_be_divided_so_is_refused(axes, message):
    with pytest.raises(FanwiseError, match=message) as caught:
        planned({"role": "kernel", "axes": axes, "init": "he_normal"})
    assert [problem.kind for problem in caught.value.problems] == ["scheme"]


@pytest.mark.parametrize(
    ("axes", "message"),
    [
        ("(a=1 a=2 out) in", "different names"),
        ("(a=0 out) in", "a size from 1 on"),
        ("(a/b=1 c=1 out) in", "different names"),
        ("(a=1 out) (b=1 in)", "one split"),
        ("a=1", "one split"),
        ("(a=1 b=1 heads) in", "Unknown word 'heads'"),
        ("(a=x out) in", "one split"),
    ],
)
def test_what_is_no_split_is_refused_when_the_recipe_is_read(axes, message):
    with pytest.raises(FanwiseError, match=message):
        fanwise.recipe({"fanwise": 1, "rule": [{"match": "**", "axes": axes, "init": "ones"}]})


def test_other_axes_have_no_split():
    assert [split_of(axes) for axes in (None, "out in", "(3 out) in", "* in out")] == [None] * 4


def test_own_parts_have_the_law_that_the_layer_declares_for_the_whole():
    own = Start(fanwise.scheme("glorot_uniform"), "out", "GlorotUniform()")
    kernel, bias = replace(KERNEL, own=own), replace(BIAS, own=own)
    parts = planned(
        {"role": "kernel", "axes": AXES, "init": "own"},
        {"role": "bias", "axes": "(query=32 key=4 value=4 out)", "init": "own"},
        weights=(kernel, bias),
    )
    assert len(parts) == 6
    assert {entry.std for entry in parts.values()} == {own.scheme.std((80, 16))}
    given = replace(own, scheme=fanwise.scheme("he_normal", fan=7))
    rule = {"role": "kernel", "axes": AXES, "init": "own"}
    parts = planned(rule, weights=(replace(KERNEL, own=given),))
    assert {entry.scheme["fan"] for entry in parts.values()} == {7}


def test_a_part_of_a_declared_matrix_is_no_matrix_of_its_own():
    own = Start(fanwise.scheme("orthogonal"), text="Orthogonal()")
    rule = {"role": "kernel", "axes": AXES, "init": "own"}
    with pytest.raises(FanwiseError, match=r"Orthogonal\(\), of the whole"):
        planned(rule, weights=(replace(KERNEL, own=own),))


def test_the_sizes_of_a_split_are_digits_and_no_more_than_a_size_can_have():
    for size in ("9" * 5000, "\u0663"):
        with pytest.raises(FanwiseError, match="axes with one split"):
            split_of(f"(a={size} b=1 out) in")


def test_a_part_cannot_be_divided_again():
    rules = [
        {"match": "**/q/kernel", "axes": "(a=1 b=1 out) in", "init": "zeros"},
        {"match": "qkv/kernel", "axes": "(q=1 k=1 out) in", "init": "ones"},
    ]
    weight = Weight("qkv/kernel", (8, 4), "out in", "kernel", "dense")
    with pytest.raises(FanwiseError, match=r"qkv/q/kernel cannot start by rule 1.*no part"):
        plan(fanwise.recipe({"fanwise": 1, "rule": rules}), [weight])
