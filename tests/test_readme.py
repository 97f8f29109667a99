"""What README.md shows is what comes out."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import fanwise

ROOT = Path(__file__).parents[1]
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
BLOCKS = BLOCK.findall((ROOT / "README.md").read_text())
PYTHON = [code for language, code in BLOCKS if language == "python"]
OUTPUTS = [text for language, text in BLOCKS if language == "text"]
EXAMPLE = ROOT / "examples/readme_example.py"
RECIPE = ROOT / "examples/recipe_three_frameworks.py"
RECIPES_PAGE = BLOCK.findall((ROOT / "docs/recipes.md").read_text())
IN_RECIPES = [code for language, code in RECIPES_PAGE if language == "python"]


def run(code, tmp_path):
    script = tmp_path / "readme.py"
    script.write_text(code)
    variables = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
    done = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, check=False, env=variables
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_first_blocks_are_the_example_and_print_what_is_shown(tmp_path):
    shown = "\n".join(PYTHON[:2])
    assert EXAMPLE.read_text().split('"""', 2)[2].strip() == shown.strip()
    assert run(shown, tmp_path) == "".join(OUTPUTS[:2])


def test_the_second_example_is_of_a_recipe_and_prints_what_is_shown(tmp_path):
    assert RECIPE.read_text().split('"""', 2)[2].strip() == PYTHON[2].strip()
    assert run(PYTHON[2], tmp_path) == OUTPUTS[2]


@pytest.mark.parametrize("code", PYTHON[3:], ids=range(len(PYTHON[3:])))
def test_the_other_blocks_run(code, tmp_path):
    run(code, tmp_path)


@pytest.mark.parametrize("code", IN_RECIPES, ids=range(len(IN_RECIPES)))
def test_the_blocks_of_the_page_on_recipes_run(code, tmp_path):
    run(code, tmp_path)


def test_the_form_on_the_page_of_recipes_is_read():
    (form,) = (text for language, text in RECIPES_PAGE if language == "toml")
    assert len(fanwise.recipe(form).rules) > form.count("[[rule]]") > 5


def test_commands_are_those_of_the_noxfile():
    commands = [text.strip() for language, text in BLOCKS if not language and "nox -s" in text]
    sessions = [command.split("nox -s ")[1] for command in commands]
    assert sessions[:2] == ["conformance", "tests"]
    noxfile = (ROOT / "noxfile.py").read_text()
    assert all(f"\ndef {session}(" in noxfile for session in sessions)
