"""Recipes that build on others: own rules first, and what is merged."""

import pytest

import fanwise
from fanwise.spec.errors import FanwiseError
from fanwise.spec.plan import plan
from fanwise.spec.weights import Weight

KERNEL = Weight("a/kernel", (4, 3), "torch", "kernel", "dense")
BIAS = Weight("a/bias", (4,), "out", "bias", "dense")
BASE = """
fanwise = 1
summary = "the base"
[vars]
std = 0.1
other = "2 * std"
[[rule]]
name = "kernels"
role = "kernel"
init = { scheme = "normal", std = "std" }
[[rule]]
name = "biases"
role = "bias"
init = "zeros"
[allow]
unmatched = ["x/**"]
[names.torch]
"q" = "a"
"""


def written(folder, name, text):
    (folder / name).write_text(text)
    return folder / name


def schemes_of(recipe, *weights):
    return [str(planned.scheme) for planned in plan(recipe, weights, framework="torch").planned]


def test_own_rules_go_first_and_the_rest_is_merged(tmp_path):
    written(tmp_path, "base.toml", BASE)
    text = 'fanwise = 1\nextends = "base.toml"\n[vars]\nstd = 0.5\n'
    text += '[[rule]]\nrole = "bias"\ninit = "ones"\n[allow]\nunmatched = ["y/**"]\n'
    merged = fanwise.recipe(written(tmp_path, "mine.toml", text))
    assert merged.variables == {"std": 0.5, "other": "2 * std"}
    assert merged.unmatched == ("y/**", "x/**")
    assert merged.names == {"torch": {"q": "a"}}
    assert schemes_of(merged, KERNEL, BIAS) == ["scheme('normal', std=0.5)", "scheme('ones')"]
    assert fanwise.recipe(merged.to_toml()) == merged


def test_a_rule_of_a_base_must_be_about_some_weight_which_another_rule_may_have_taken(tmp_path):
    written(tmp_path, "base.toml", BASE)
    source = {"fanwise": 1, "extends": str(tmp_path / "base.toml")}
    ruled = fanwise.recipe({**source, "rule": [{"match": "**", "init": "ones"}]})
    assert schemes_of(ruled, KERNEL, BIAS) == ["scheme('ones')", "scheme('ones')"]
    with pytest.raises(FanwiseError, match=r"Rule 2 fits no weight.*'biases'"):
        plan(fanwise.recipe(source), [KERNEL])


def test_a_recipe_may_have_no_rules_of_its_own_and_several_bases():
    both = fanwise.recipe({"fanwise": 1, "extends": ["torch_default", "keras_default"]})
    count = len(fanwise.recipe("torch_default").rules)
    assert both.rules[:count] == fanwise.recipe("torch_default").rules
    assert both.rules[count:] == fanwise.recipe("keras_default").rules


def test_recipes_that_extend_themselves_and_what_cannot_be_read_are_refused(tmp_path):
    written(tmp_path, "b.toml", 'fanwise = 1\nextends = "a.toml"\n')
    circle = written(tmp_path, "a.toml", 'fanwise = 1\nextends = "b.toml"\n')
    with pytest.raises(FanwiseError, match=r"do not extend themselves.*a.toml → .*b.toml → .*a.t"):
        fanwise.recipe(circle)
    with pytest.raises(FanwiseError, match=r"'torch_defalt' cannot be extended.*torch_default"):
        fanwise.recipe({"fanwise": 1, "extends": "torch_defalt"})
    with pytest.raises(FanwiseError, match=r"'none.toml' cannot be extended"):
        fanwise.recipe({"fanwise": 1, "extends": "none.toml"})
    with pytest.raises(FanwiseError, match="the name or the path"):
        fanwise.recipe({"fanwise": 1, "extends": "fanwise = 1\n"})
    with pytest.raises(FanwiseError, match="the name of a recipe, or a list of names as extends"):
        fanwise.recipe({"fanwise": 1, "extends": 3})
    with pytest.raises(FanwiseError, match=r"the key 'rule'.*extends"):
        fanwise.recipe({"fanwise": 1})


@pytest.mark.parametrize("name", fanwise.recipes())
def test_a_recipe_is_equal_to_what_its_toml_says(name):
    recipe = fanwise.recipe(name)
    assert fanwise.recipe(recipe.to_toml()) == recipe
    assert fanwise.recipe(recipe.to_dict()) == recipe


def test_text_of_any_letters_is_written_so_that_it_is_read_again():
    text = 'a "quoted" \\ tab\t line\n \x7f é 你 \x01'
    names = {"torch": {"h.x y/*": "a/*"}}
    rule = {"name": text, "match": "a b/*", "class": "x.*", "frozen": True, "init": "keep"}
    other = {"role": "kernel", "batch": "in", "init": {"scheme": "normal", "std": 1e-20}}
    data = {"fanwise": 1, "summary": text, "vars": {"a": 1, "b": "a / 3"}, "rule": [rule, other]}
    recipe = fanwise.recipe({**data, "names": names})
    assert fanwise.recipe(recipe.to_toml()) == recipe


def test_unused_takes_patterns():
    rules = [{"name": "the kernels", "role": "kernel", "init": "he_normal"}]
    rules += [{"role": "bias", "init": "zeros"}]
    names = {"torch": {"h/*": "blocks/*", "g": "a"}}
    data = {"fanwise": 1, "rule": rules, "names": names}
    allowed = fanwise.recipe({**data, "allow": {"unused": ["the *", "*/*", "g"]}})
    assert len(plan(allowed, [BIAS], framework="torch").planned) == 1
    with pytest.raises(FanwiseError, match="the name of a rule"):
        fanwise.recipe({**data, "allow": {"unused": ["their *"]}})


def test_a_base_that_is_reached_in_many_ways_counts_once(tmp_path):
    for number in range(40):
        for name in "bc":
            text = f'fanwise = 1\nextends = "a{number + 1}.toml"\n'
            written(tmp_path, f"{name}{number}.toml", text)
        bases = f'["b{number}.toml", "c{number}.toml"]'
        written(tmp_path, f"a{number}.toml", f"fanwise = 1\nextends = {bases}\n")
    written(tmp_path, "a40.toml", BASE)
    assert len(fanwise.recipe(tmp_path / "a0.toml").rules) == 2


def test_a_chain_of_bases_may_be_long(tmp_path):
    for number in range(1200):
        written(tmp_path, f"{number}.toml", f'fanwise = 1\nextends = "{number + 1}.toml"\n')
    written(tmp_path, "1200.toml", BASE)
    assert len(fanwise.recipe(tmp_path / "0.toml").rules) == 2


def test_what_is_no_path_of_a_file_is_refused_in_a_sentence(tmp_path):
    loop = tmp_path / "loop.toml"
    loop.symlink_to(loop)
    for name in (str(loop), "a\0b.toml", "a\ud800b.toml", "x" * 9000 + ".toml"):
        with pytest.raises(FanwiseError, match="extend") as caught:
            fanwise.recipe({"fanwise": 1, "extends": name})
        assert len(str(caught.value)) < 5000


def test_a_name_that_is_no_pattern_may_be_unused():
    rules = [{"name": "x", "match": "**", "init": "zeros"}]
    rules += [{"name": "a{ or a**", "match": "none", "init": "zeros"}]
    data = {"fanwise": 1, "rule": rules, "allow": {"unused": ["a{ or a**"]}}
    assert schemes_of(fanwise.recipe(data), KERNEL) == ["scheme('zeros')"]
    with pytest.raises(FanwiseError, match="the name of a rule"):
        fanwise.recipe({**data, "allow": {"unused": ["a{"]}})
