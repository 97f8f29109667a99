"""Whole numbers in paths: what patterns capture, what expressions and new names make of them."""

import pytest

import fanwise
from fanwise.spec.captures import captured_numbers
from fanwise.spec.errors import FanwiseError
from fanwise.spec.globs import captured, check
from fanwise.spec.plan import plan
from fanwise.spec.renaming import check_name, renamed
from fanwise.spec.weights import Weight


def kernel(path):
    return Weight(path, (4, 3), "torch", "kernel", "dense")


def stds(rule, *paths, **more):
    recipe = fanwise.recipe({"fanwise": 1, "rule": [rule], **more})
    chosen = plan(recipe, [kernel(path) for path in paths], framework="torch").planned
    return {planned.weight.path: planned.std for planned in chosen}


@pytest.mark.parametrize(
    ("pattern", "path", "numbers"),
    [
        ("blocks/<i>/**", "blocks/12/mlp/kernel", {"i": 12}),
        ("**/block_<i>/*", "a/b/block_7/kernel", {"i": 7}),
        ("s<s>/b<b>x/*", "s1/b22x/kernel", {"s": 1, "b": 22}),
        ("<i>/*", "007/kernel", {"i": 7}),
        ("{a,b}/<i>", "b/3", {"i": 3}),
        ("blocks/<i>", "blocks/", None),
        ("blocks/<i>", "blocks/x", None),
        ("blocks/<i>", "blocks/1x", None),
        ("blocks/<i>", "blocks/١", None),
    ],
)
def test_a_capture_is_a_whole_number(pattern, path, numbers):
    assert captured(pattern, path) == numbers


@pytest.mark.parametrize(
    "pattern", ["a<i", "a>i", "<>", "<1>", "<a b>", "<*>", "<i>/<i>", "{a,<i>}", "<i><j>", "<a/b>"]
)
def test_what_is_no_capture_is_refused(pattern):
    with pytest.raises(FanwiseError, match="a pattern of segments"):
        check(pattern)


def test_expressions_know_the_number_and_how_many_there_are():
    rule = {"match": "h/<i>/*", "init": {"scheme": "normal", "std": "(i + 1) / i_count"}}
    assert stds(rule, "h/0/kernel", "h/1/kernel", "h/3/kernel") == {
        "h/0/kernel": pytest.approx(1 / 3),
        "h/1/kernel": pytest.approx(2 / 3),
        "h/3/kernel": pytest.approx(4 / 3),
    }


def test_how_many_there_are_is_counted_below_the_captures_before_it():
    paths = ["s/0/b/0/x", "s/0/b/0/y", "s/0/b/1/x", "s/1/b/0/x", "other"]
    numbers = captured_numbers("s/<s>/b/<b>/*", paths)
    assert numbers["s/0/b/1/x"] == {"s": 0, "b": 1, "s_count": 2, "b_count": 2}
    assert numbers["s/1/b/0/x"] == {"s": 1, "b": 0, "s_count": 2, "b_count": 1}
    assert "other" not in numbers


def test_all_weights_of_a_model_count_even_where_another_rule_takes_some():
    rules = [
        {"match": "h/1/*", "init": "ones"},
        {"match": "h/<i>/*", "init": {"scheme": "constant", "value": "i_count"}},
    ]
    recipe = fanwise.recipe({"fanwise": 1, "rule": rules})
    first, _ = plan(recipe, [kernel("h/0/kernel"), kernel("h/1/kernel")]).planned
    assert first.scheme["value"] == 2


def test_a_forget_bias_counts_under_the_path_of_the_bias_that_stands_for_it():
    rule = {
        "match": "h/<i>/bias",
        "init": {"scheme": "constant", "value": "10 * i + i_count"},
    }
    biases = [
        Weight(f"h/{i}/{role}", (4,), "out", role, "lstm")
        for i in (0, 4)
        for role in ("bias", "forget_bias")
    ]
    chosen = plan(fanwise.recipe({"fanwise": 1, "rule": [rule]}), biases).planned
    assert [planned.scheme["value"] for planned in chosen] == [2, 2, 42, 42]


@pytest.mark.parametrize("name", ["fan_in", "groups", "depth"])
def test_a_capture_has_a_name_that_nothing_else_has(name):
    rule = {"match": f"h/<{name}>/*", "init": "ones"}
    with pytest.raises(FanwiseError, match="a name for a capture that is free"):
        fanwise.recipe({"fanwise": 1, "vars": {"depth": 3}, "rule": [rule]})
    with pytest.raises(FanwiseError, match="Received: 'i_count'"):
        fanwise.recipe(
            {
                "fanwise": 1,
                "vars": {"i_count": 3},
                "rule": [{"match": "h/<i>/*", "init": "ones"}],
            }
        )


def test_a_name_that_is_not_captured_is_unknown():
    rule = {"match": "h/<i>/*", "init": {"scheme": "normal", "std": "1 / (j + 1)"}}
    with pytest.raises(FanwiseError, match=r"known names in .*Received: 'j'"):
        fanwise.recipe({"fanwise": 1, "rule": [rule]})


@pytest.mark.parametrize(
    ("names", "path", "target"),
    [
        ({"stack<i>": "layer<i + 1>"}, "stack0/kernel", "layer1/kernel"),
        ({"stack": "layer0", "stack_<i>": "layer<i>"}, "stack_2/kernel", "layer2/kernel"),
        ({"s<s>/b<b>": "blocks/<4 * s + b>"}, "s1/b2/kernel", "blocks/6/kernel"),
        ({"**/h/<i>/attn": "**/blocks/<i>/a"}, "x/y/h/3/attn/kernel", "x/y/blocks/3/a/kernel"),
        ({"**/h/<i>/attn": "**/blocks/<i>/a"}, "h/3/attn/kernel", "blocks/3/a/kernel"),
        ({"a/**/h": "b/**/c"}, "a/h/kernel", "b/c/kernel"),
        ({"a/h/**": "b/**"}, "a/h/kernel", "b/kernel"),
        ({"*_<i>": "<i>/*"}, "conv_3/kernel", "3/conv/kernel"),
    ],
)
def test_new_names_may_shift_indices(names, path, target):
    for pattern, new in names.items():
        check_name(pattern, new)
    assert renamed(path, names) == target


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("x<j>", "numbers that 'a<i>' captures"),
        ("x<i +>", "cannot be read"),
        ("x<i", "one new name"),
        ("x<>", "cannot be read"),
        ("x<sqrt(i)>/*", "no more stars"),
    ],
)
def test_a_new_name_that_cannot_be_made_is_refused(target, message):
    with pytest.raises(FanwiseError, match=message):
        check_name("a<i>", target)


@pytest.mark.parametrize(("target", "value"), [("x<i - 1>", "-1.0"), ("x<(i + 1) / 2>", "0.5")])
def test_an_index_is_a_whole_number(target, value):
    with pytest.raises(FanwiseError, match=f"a0/kernel cannot be renamed.*Received: {value}"):
        renamed("a0/kernel", {"a<i>": target})


def test_numbers_of_any_length_are_read_or_refused_in_a_sentence():
    rule = {"match": "b/<i>/kernel", "init": {"scheme": "normal", "std": "i"}}
    assert stds(rule, f"b/{'0' * 5000}7/kernel") == {f"b/{'0' * 5000}7/kernel": 7.0}
    for digits in (309, 5000):
        with pytest.raises(FanwiseError, match="a whole number of at most 308 digits"):
            stds(rule, f"b/{'1' * digits}/kernel")
        with pytest.raises(FanwiseError, match="a whole number of at most 308 digits"):
            renamed(f"h/{'1' * digits}/kernel", {"h/<i>": "g/<i + 1>"})
    with pytest.raises(FanwiseError, match="It fails"):
        stds(rule | {"init": {"scheme": "normal", "std": "i ^ 2"}}, f"b/{'1' * 308}/kernel")


def test_a_number_of_a_new_name_is_never_rounded():
    large = 2**53 + 1
    assert renamed(f"h/{large}/kernel", {"h/<i>": "g/< i >"}) == f"g/{large}/kernel"
    with pytest.raises(FanwiseError, match=r"h/\d+/kernel cannot be renamed.*below 2\^53"):
        renamed(f"h/{large}/kernel", {"h/<i>": "g/<i + 1>"})
    with pytest.raises(FanwiseError, match=r"h/0/kernel cannot be renamed.*It fails"):
        renamed("h/0/kernel", {"h/<i>": "g/<6 / i>"})


def test_an_expression_may_fail_for_small_numbers_that_a_model_does_not_have():
    rule = {"match": "h/<i>/kernel", "init": {"scheme": "normal", "std": "1 / sqrt(i - 3)"}}
    assert stds(rule, "h/7/kernel") == {"h/7/kernel": 0.5}
    names = {"torch": {"h/<i>": "g/<sqrt(i - 3)>"}}
    everything = {"match": "**", "init": "ones"}
    assert list(stds(everything, "h/4/kernel", names=names)) == ["g/1/kernel"]
    with pytest.raises(FanwiseError, match=r"cannot start by rule 1.*It fails"):
        stds(rule, "h/2/kernel")
    with pytest.raises(FanwiseError, match="It fails"):
        stds(rule | {"init": {"scheme": "normal", "std": "i / 0"}}, "h/7/kernel")
