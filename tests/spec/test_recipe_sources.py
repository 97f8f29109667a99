"""Where recipes come from, and what is refused there."""

import json
import math
import os
import time
from pathlib import Path

import pytest

from fanwise import FanwiseError, scheme
from fanwise.spec.axes import CANONICAL_ROLES
from fanwise.spec.fans import fans
from fanwise.spec.plan import plan
from fanwise.spec.recipe import Recipe, recipe
from fanwise.spec.recipe_sources import FORM, LARGEST
from fanwise.spec.roles import BATCHES, ROLES
from fanwise.spec.rules import Rule
from fanwise.spec.weights import Weight

RULE = {"match": "**", "init": "zeros"}
SOUND = {"fanwise": 1, "rule": [RULE]}


def normal(**params):
    return {"fanwise": 1, "rule": [{**RULE, "init": {"scheme": "normal", **params}}]}


KERNEL = Weight("head/kernel", (8, 4), "in out", "kernel", "dense")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({**SOUND, "fanwise": 2}, "upgrade with pip install -U fanwise"),
        ({**SOUND, "fanwise": 2, "groups": {}}, "upgrade with pip install -U fanwise"),
        ({**SOUND, "fanwise": 0}, "Write fanwise = 1"),
        ({**SOUND, "fanwise": True}, "Write fanwise = 1"),
        ({**SOUND, "fanwise": 1.0}, "Write fanwise = 1"),
        ({**SOUND, "fanwise": "1"}, "Write fanwise = 1"),
        ({"rule": [RULE]}, "Write fanwise = 1"),
        ({"fanwise": 1}, r"at least one \[\[rule\]\]"),
        ([SOUND], "a recipe"),
        ({**SOUND, "rule": RULE}, "a list of rules"),
        ({**SOUND, "rule": "**"}, "a list of rules"),
        ({**SOUND, "rule": ["**"]}, "a table as rule 1"),
        ({**SOUND, "rule": [RULE, {**RULE, 3: 4}]}, "text as every key of rule 2"),
        ({**SOUND, "rule": [{**RULE, "layer": ""}]}, 'Write e.g. layer = "dense"'),
        ({**SOUND, "rule": [{**RULE, "layer": ["dense"]}]}, "'layer' of rule 1"),
        ({**SOUND, "rule": [{**RULE, "layers": "dense"}]}, "Did you mean 'layer'"),
        ({**SOUND, "rule": [{**RULE, "name": 3}]}, "'name' of rule 1"),
        ({**SOUND, "rule": [{**RULE, "match": ["**"]}]}, "'match' of rule 1"),
        ({**SOUND, "rule": [{**RULE, "role": None}]}, "a role as 'role' of rule 1"),
        ({**SOUND, "rule": [{**RULE, "role": "Kernel"}]}, "Did you mean 'kernel'"),
        ({**SOUND, "rule": [{**RULE, "init": ["zeros"]}]}, "a scheme as 'init' of rule 1"),
        ({**SOUND, "rule": [{**RULE, "init": {"scheme": 3}}]}, "'scheme' of 'init' of rule 1"),
        ({**SOUND, "rule": [{**RULE, "init": {"std": 3}}]}, "the key 'scheme'"),
        (normal(std={"a": 1}), "'std' of 'init' of rule 1"),
        (normal(std=[1]), "a finite number >= 0 for std"),
        (normal(std=math.nan), "a number"),
        (normal(std=True), "a finite number"),
        ({**SOUND, "rule": [{**RULE, "init": {"scheme": "HeNormal"}}]}, "Did you mean 'he_normal'"),
        ({**SOUND, "vars": {"a": math.inf}}, "a number as 'a' of vars"),
        ({**SOUND, "vars": {"a": 10**400}}, "a number as 'a' of vars"),
        ({**SOUND, "vars": {"a": None}}, "a number as 'a' of vars"),
        ({**SOUND, "vars": [1]}, "a table of variables"),
        ({**SOUND, "vars": {1: 2}}, "text as every key of vars"),
        ({**SOUND, "allow": {"unmatched": "**"}}, "a list of texts as 'unmatched' of allow"),
        ({**SOUND, "allow": {"unused": "x"}}, "a list of texts as 'unused' of allow"),
        ({**SOUND, "allow": {"unmatched": [3]}}, "entry 1 of 'unmatched' of allow"),
        ({**SOUND, "allow": {"unmatched": ["a//b"]}}, "empty segments"),
        ({**SOUND, "allow": {"unmached": ["a"]}}, "Did you mean 'unmatched'"),
        ({**SOUND, "allow": ["a"]}, "a table as allow"),
        ({**SOUND, "names": {"pytorch": {"a": "b"}}}, "Did you mean 'torch'"),
        ({**SOUND, "names": {"jax": {"a": "b"}}}, "Did you mean 'flax'"),
        ({**SOUND, "names": {"Torch": {"a": "b"}}}, "Did you mean 'torch'"),
        ({**SOUND, "names": {"a": "b"}}, "a table of new names as 'a' of names"),
        ({**SOUND, "names": {"torch": {"a": 3}}}, "'a' of 'torch' of names"),
        ({**SOUND, "names": {"torch": {"a": "b/*"}}}, "no more stars"),
        ({**SOUND, "names": {"torch": {"a/*": "{b,c}/*"}}}, "one new name"),
        ({**SOUND, "summary": 3}, "text as summary"),
    ],
)  # fmt: skip
def test_what_does_not_follow_the_form(data, message):
    with pytest.raises(FanwiseError, match=message):
        recipe(data)


@pytest.mark.parametrize("variables", [{"a": True}, {"a": math.nan}, {"a": [1]}, {"a": 10**400}])
def test_a_variable_that_is_changed_is_a_number_too(variables):
    with pytest.raises(FanwiseError, match="a number as a"):
        recipe({**SOUND, "vars": {"a": 1}}, **variables)


def test_a_recipe_without_variables_has_none_to_change():
    with pytest.raises(FanwiseError, match="There is none to choose from"):
        recipe(SOUND, layers=3)


@pytest.mark.parametrize("source", ["he_normal", "HeNormal", scheme("he_normal")])
def test_a_scheme_is_no_recipe_and_what_is_advised_works(source):
    with pytest.raises(FanwiseError, match=r"It is a scheme.*set_initializer") as caught:
        recipe(source)
    advised = caught.value.hint.partition("pass ")[2].partition(" and")[0].replace("'", '"')
    bias = Weight("head/bias", (4,), "out", "bias", "dense", beside=fans((8, 4)))
    (planned,) = plan(recipe(json.loads(advised)), [KERNEL, bias], only="**/kernel").planned
    assert planned.scheme == scheme("he_normal")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"fanwise = ", "as TOML"),
        (b"\xff\xfe", "Store it as UTF-8"),
        (b"a = " + b"[" * 3000, "nested too deeply"),
        (b"a = " + b"{x=" * 3000, "nested too deeply"),
        (b"a = " + b"9" * 5000, "as TOML"),
        (b"\0", "as TOML"),
        (b"", "Write fanwise = 1"),
        (b"#" * (LARGEST + 1), f"at most {LARGEST} bytes"),
    ],
    ids=["cut", "binary", "brackets", "braces", "digits", "NUL", "empty", "huge"],
)
def test_files_that_hold_no_recipe(tmp_path, content, message):
    file = tmp_path / "mine.toml"
    file.write_bytes(content)
    with pytest.raises(FanwiseError, match=message):
        recipe(file)


def test_a_mark_of_the_byte_order_is_no_part_of_the_text(tmp_path):
    file = tmp_path / "mine.toml"
    file.write_bytes(b'\xef\xbb\xbffanwise = 1\n[[rule]]\nmatch = "**"\ninit = "zeros"\n')
    assert recipe(file) == recipe(SOUND)


def test_paths_of_no_file(tmp_path):
    for path in (tmp_path, tmp_path / "a\0.toml", "a\0.toml", f"{tmp_path}/\udcff.toml", Path("/")):
        with pytest.raises(FanwiseError, match="in a file that can be read"):
            recipe(path)


def test_names_that_no_weight_takes():
    named = {**SOUND, "names": {"torch": {"head": "top", "tail": "end", "*": "x"}}}
    with pytest.raises(FanwiseError, match=r"\[names.torch\] has a pattern.*'tail'"):
        plan(recipe(named), [KERNEL], framework="torch")
    # The third is about nothing that the first leaves; other frameworks have names of their own.
    with pytest.raises(FanwiseError, match=r"fits no weight.*'\*'.*unused = \['\*'\]"):
        plan(recipe({**named, "allow": {"unused": ["tail"]}}), [KERNEL], framework="torch")
    allowed = recipe({**named, "allow": {"unused": ["tail", "*"]}})
    assert plan(allowed, [KERNEL], framework="torch").planned[0].weight.path == "top/kernel"
    assert plan(recipe(named), [KERNEL], framework="flax").planned[0].weight.path == "head/kernel"


def test_a_recipe_made_by_hand_is_checked_as_well():
    rules = (Rule({"scheme": "zeros"}, match="**"),)
    for made in (
        Recipe(rules, unmatched="**"),
        Recipe(rules, unused="x"),
        Recipe(rules, names={"pytorch": {}}),
        Recipe((Rule({"scheme": "zeros"}, match="a//b"),)),
    ):
        with pytest.raises(FanwiseError):
            recipe(made)


def test_a_whole_number_may_be_an_expression():
    rule = {"role": "kernel", "init": {"scheme": "he_normal", "groups": "2 * half"}}
    made = recipe({"fanwise": 1, "vars": {"half": 1}, "rule": [rule]})
    assert made.scheme(made.rules[0], {})["groups"] == 2
    with pytest.raises(FanwiseError, match="an integer"):
        recipe(made, half=1.25)


def test_the_schema_knows_all_words():
    words = FORM.schema["$defs"]["rule"]["properties"]
    assert tuple(words["role"]["enum"]) == ROLES
    assert tuple(words["batch"]["enum"]) == BATCHES
    assert set(BATCHES) < set(CANONICAL_ROLES)


def test_the_name_of_a_recipe_in_capitals_is_not_taken_for_that_of_a_scheme():
    with pytest.raises(FanwiseError, match="Did you mean 'torch_default'"):
        recipe("Torch_Default")


@pytest.mark.parametrize(
    "text",
    [
        "fanwise = 1\n" + ".".join("a" * 50_000) + " = 1\n",
        "fanwise = 1\n[" + " . ".join(['"a"'] * 50_000) + "]\n",
        "fanwise = 1\nnames = { " + ".".join("a" * 50_000) + " = 1 }\n",
    ],
    ids=["key", "header", "inline"],
)
def test_keys_of_many_words_are_refused_at_once(text):
    start = time.process_time()
    with pytest.raises(FanwiseError, match="more than 100 words"):
        recipe(text)
    assert time.process_time() - start < 2


def test_a_long_line_is_no_name_that_is_looked_for():
    start = time.process_time()
    with pytest.raises(FanwiseError, match="a recipe"):
        recipe("a" * 4_000_000)
    assert time.process_time() - start < 2


def test_a_pipe_to_which_no_one_writes_does_not_hang(tmp_path):
    os.mkfifo(tmp_path / "recipe.toml")
    with pytest.raises(FanwiseError, match="not a regular file"):
        recipe(tmp_path / "recipe.toml")
