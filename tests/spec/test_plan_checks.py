"""What must hold of weights and rules before anything is planned; and what rules say of both."""

import re
from dataclasses import replace

import pytest

import fanwise
from fanwise.spec.errors import FanwiseError, Phrase
from fanwise.spec.plan import plan
from fanwise.spec.roles import ADAPTER, PARAMETER
from fanwise.spec.weights import Start, Weight

KERNEL = Weight("a/kernel", (4, 3), "torch", "kernel", "dense")
FROZEN = Weight("b/kernel", (4, 3), "torch", "kernel", "dense", trains=False)
MEAN = Weight("b/mean", (4,), "out", "mean", "norm", trains=False)
RULE = {"role": "kernel", "init": "he_normal"}


def planned(*weights, rules=(RULE,), **how):
    allow = {"allow": how.pop("allow", {})}
    made = fanwise.recipe({"fanwise": 1, "rule": list(rules), **allow})
    return {one.weight.path: one.rule for one in plan(made, weights, **how).planned}


def refused(match, *weights, **how):
    with pytest.raises(FanwiseError, match=match):
        planned(*weights, **how)


def test_a_rule_is_about_what_trains_or_about_what_does_not():
    refused(
        r"1 of the weights.*Weights that do not train \(b/kernel\).*frozen = true", KERNEL, FROZEN
    )
    both = [{**RULE, "frozen": True}, RULE]
    assert planned(KERNEL, FROZEN, rules=both) == {"a/kernel": 2, "b/kernel": 1}
    refused("Rule 1 fits no weight", KERNEL, rules=both)


def test_an_unused_rule_is_told_by_all_its_conditions():
    rules = [RULE, {"match": "b/**", "frozen": True, "init": "keep"}]
    refused(r"Received: rule 2 \(match = 'b/\*\*', frozen = true\)\. ", KERNEL, rules=rules)
    rules = [RULE, {"guessed": True, "name": "guesses", "init": "keep"}]
    refused(r"Received: rule 2 'guesses' \(guessed = true\)\. ", KERNEL, rules=rules)


def test_an_unused_rule_of_a_recipe_that_maps_names_may_be_about_another_framework():
    whose = re.escape('If it is about another framework alone, say so: framework = "…".')
    rules = [RULE, {"match": "b/**", "init": "zeros"}]
    names = {"names": {"torch": {"first": "a"}}}
    recipe = fanwise.recipe({"fanwise": 1, "rule": rules, **names})
    with pytest.raises(FanwiseError, match=whose):
        plan(recipe, [KERNEL], framework="keras")
    with pytest.raises(FanwiseError, match="fits no weight") as unnamed:
        planned(KERNEL, rules=rules)
    assert re.search(whose, str(unnamed.value)) is None


def test_a_rule_is_used_if_it_is_about_what_is_only_frozen():
    """The error is about the weights, which is what is wrong, rather than about the rule."""
    refused("Weights that do not train", FROZEN)
    assert planned(FROZEN, exclude="b/*") == {}
    assert planned(FROZEN, allow={"unmatched": ["b/*"]}) == {}


def test_a_rule_is_used_if_it_is_about_what_another_one_keeps_since_it_is_frozen():
    keep = {"match": "**", "frozen": True, "init": "keep"}
    assert planned(FROZEN, rules=[keep, RULE]) == {}
    draw = {**keep, "init": "zeros"}
    refused("Rule 2 fits no weight", FROZEN, rules=[draw, RULE])


def test_statistics_that_do_not_change_are_not_reset_without_a_rule():
    refused(r"Weights that do not train \(b/mean\)", KERNEL, MEAN)
    rules = [RULE, {"role": "mean", "frozen": True, "init": "zeros"}]
    assert planned(KERNEL, MEAN, rules=rules) == {"a/kernel": 1, "b/mean": 2}


def with_obstacle(path, received):
    obstacle = FanwiseError("a dtype", Phrase(received), "Convert it.")
    return Weight(path, (4, 3), "torch", "kernel", "dense", obstacle=obstacle)


def test_what_cannot_be_set_is_named_at_once_and_may_be_left_out():
    first, second = with_obstacle("x/kernel", "int8"), with_obstacle("y/kernel", "int4")
    refused(r"^x/kernel cannot be set. Expected a dtype. Received: int8", KERNEL, first)
    told = (
        r"2 of the weights cannot be set. Expected a dtype. .*x/kernel \(int8\), y/kernel \(int4\)"
    )
    refused(told, KERNEL, first, second)
    assert planned(KERNEL, first, second, only="a/*") == {"a/kernel": 1}
    bias = [{"match": "a/*", "init": "ones"}]
    allowed = planned(KERNEL, first, second, rules=bias, allow={"unmatched": ["{x,y}/*"]})
    assert allowed == {"a/kernel": 1}
    refused(told, KERNEL, first, second, rules=bias)


def test_rules_must_speak_of_what_lora_adds():
    low_rank = Weight("a/lora_b/kernel", (4, 3), "torch", "kernel", "dense")
    refused(r'a/lora_b/kernel.*match = "\*\*/lora_b/\*\*"', KERNEL, low_rank)
    other = Weight("b/lora_a/kernel", (3, 2), "torch", "kernel", "dense")
    refused(r'a/lora_b/kernel, b/lora_a/kernel.*match = "\*\*/lora_b/\*\*"', low_rank, other)
    rules = [{"match": "**/lora_b/*", "init": "zeros"}, RULE]
    assert planned(KERNEL, low_rank, rules=rules) == {"a/kernel": 2, "a/lora_b/kernel": 1}
    adapter = replace(low_rank, kind=ADAPTER)
    rules = [{"layer": "adapter", "init": "zeros"}, RULE]
    assert planned(KERNEL, adapter, rules=rules) == {"a/kernel": 2, "a/lora_b/kernel": 1}


def test_axes_are_told_of_parameters_of_no_known_layer():
    bare = Weight("w", (4, 3), "torch", "", PARAMETER)
    rule = {"match": "w", "init": "he_normal"}
    refused("axes = 'out in'", bare, rules=[rule])
    for axes, fan in (("in out", 4), ("out in", 3)):
        made = fanwise.recipe({"fanwise": 1, "rule": [{**rule, "axes": axes}]})
        (one,) = plan(made, [bare]).planned
        assert one.std == pytest.approx((2 / fan) ** 0.5)
    vector = Weight("w", (4,), "torch", "", PARAMETER)
    refused("without fans", vector, rules=[{**rule, "axes": "out"}])


@pytest.mark.parametrize(
    ("condition", "meant"),
    [
        ({"class": "LINEAR"}, "class = 'Linear'"),
        ({"class": "*rmsnorm"}, "class = 'LlamaRMSNorm'"),
        ({"layer": "Dense"}, "layer = 'dense'"),
        ({"layer": "densee"}, "layer = 'dense'"),
    ],
)
def test_a_slip_in_a_class_or_a_kind_is_told_with_what_the_model_has(condition, meant):
    norm = Weight("n/scale", (3,), "torch", "scale", "norm", class_name="llama.LlamaRMSNorm")
    dense = replace(KERNEL, class_name="torch.nn.Linear")
    rules = [{**condition, "init": "ones"}, {"match": "**", "init": "zeros"}]
    refused(f"Did you mean {re.escape(meant)}", dense, norm, rules=rules)


def test_no_other_name_is_told_where_a_model_has_the_class():
    dense = replace(KERNEL, class_name="torch.nn.Linear")
    rules = [{"class": "Linear", "role": "bias", "init": "zeros"}, RULE]
    with pytest.raises(FanwiseError) as told:
        planned(dense, rules=rules)
    assert "Did you mean" not in str(told.value)


def test_a_rule_for_the_second_name_of_a_shared_tensor_is_told_the_first():
    table = Weight(
        "tok/embedding", (9, 4), "in out", "embedding", "embedding", ties=("head/kernel",)
    )
    rules = [{"match": "head/kernel", "init": "zeros"}, RULE]
    refused("head/kernel shares its tensor with tok/embedding", table, rules=rules)
    with pytest.raises(FanwiseError) as other:
        planned(table, rules=[{"match": "heat/kernel", "init": "zeros"}, RULE])
    assert "shares" not in str(other.value)


OWN = {"match": "**", "init": "own"}
SILENT = r"Rule 1 starts weights as they declare, and {} nothing\."


def test_a_rule_of_own_starts_is_told_of_weights_that_declare_none():
    bias = replace(KERNEL, path="a/bias", axes="out", shape=(4,), role="bias")
    told = SILENT.format("a/kernel, a/bias declare")
    refused(told + ".*build the model, or give these weights a scheme", KERNEL, bias, rules=[OWN])
    # Whoever takes them later.
    refused(SILENT.format("a/kernel declares"), KERNEL, rules=[OWN, RULE])


def test_a_rule_of_own_starts_that_is_about_no_weight_is_told_as_any_other():
    elsewhere = {"match": "b/**", "init": "own"}
    refused("Rule 2 fits no weight", KERNEL, rules=[RULE, OWN])
    refused("Rule 1 fits no weight", KERNEL, rules=[elsewhere, RULE])
    declared = replace(KERNEL, own=Start(fanwise.scheme("he_normal")))
    assert planned(declared, rules=[OWN]) == {"a/kernel": 1}
