"""``fanwise recipes`` and ``fanwise recipe``: which there are, and what one says."""

import json
import tomllib

import pytest

import fanwise
from fanwise.spec.recipe_sources import FORM

MINE = """
fanwise = 1
extends = "gpt2"
# Mine: \x9b2J

[vars]
layers = 3
"""


def test_every_recipe_is_listed_with_what_it_starts_and_its_source(run):
    page = run("recipes", COLUMNS="400").stdout
    for name in fanwise.recipes():
        recipe = fanwise.recipe(name)
        (line,) = (text for text in page.splitlines() if text.split(" ")[0] == name)
        assert recipe.summary in line
        assert recipe.reference.partition("; ")[0].rstrip(".") in line


@pytest.mark.parametrize("name", fanwise.recipes())
def test_what_is_printed_is_the_recipe(run, name):
    recipe = fanwise.recipe(name)
    own = run("recipe", name).stdout
    assert "extends" in tomllib.loads(own) or not recipe.extends
    assert fanwise.recipe(own) == recipe
    flat = run("recipe", name, "--flat").stdout
    assert "extends" not in tomllib.loads(flat)
    assert {*tomllib.loads(flat).get("names", {})} == {*recipe.names}
    assert fanwise.recipe(flat).to_dict() == recipe.to_dict()
    data = json.loads(run("recipe", name, "--json").stdout)
    FORM.check(data["recipe"])
    assert data["recipe"] == json.loads(json.dumps(recipe.to_dict()))


def test_a_variable_has_the_value_that_it_is_given(run):
    text = run("recipe", "gpt2", "--var", "layers=24", "--var", "std=0.01").stdout
    assert fanwise.recipe(text) == fanwise.recipe("gpt2", layers=24, std=0.01)
    expression = run("recipe", "gpt2", "--var", "residual_std=std / 2").stdout
    assert fanwise.recipe(expression).variables["residual_std"] == "std / 2"


def test_a_file_is_printed_as_its_author_wrote_it(run, tmp_path):
    (tmp_path / "mine.toml").write_text(MINE, "utf-8")
    assert run("recipe", "mine.toml").stdout == MINE
    assert fanwise.recipe(run("recipe", "mine.toml", "--flat").stdout).variables["layers"] == 3


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["gtp2"], "Did you mean 'gpt2'?"),
        (["he_normal"], "It is a scheme."),
        (["none.toml"], "in a file that can be read"),
        (["gpt2", "--var", "layer=2"], "Did you mean 'layers'?"),
        (["gpt2", "--var", "layers"], "--var layers=24"),
        (["gpt2", "--var", "layers=nan"], "number"),
        (["gpt2", "--var", "self=2"], "a variable of the recipe"),
        (["gpt2", "--var", "source=2"], "a variable of the recipe"),
        (["gpt2", "--var", "std=__import__('os')"], ""),
        (["."], ""),
    ],
)
def test_a_wrong_call_is_told_in_one_line(told, arguments, words):
    assert words in told("recipe", *arguments)
