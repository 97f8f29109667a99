"""The files of known answers are what their scripts work out, and none is the package's own."""

import ast
import json
import math
from pathlib import Path

import pytest

from reference.published import files


def same(one, other):
    """Equal; numbers to the last digits, which a library of another version may round otherwise."""
    match one, other:
        case {}, {}:
            return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
        case [*_], [*_]:
            return len(one) == len(other) and all(map(same, one, other))
        case bool() | str() | None, _:
            return one == other and type(one) is type(other)
        case int() | float(), int() | float():
            return math.isclose(one, other, rel_tol=1e-12, abs_tol=1e-15)
    return False


def test_numbers_are_the_same_but_for_their_last_digits():
    assert same({"a": [1.0, "b", None]}, {"a": [1.0 + 1e-15, "b", None]})
    for other in ({"a": [1.001, "b", None]}, {"a": [1.0, "c", None]}, {"a": [1.0]}, {"b": []}, 3):
        assert not same({"a": [1.0, "b", None]}, other)


def test_every_file_has_its_script():
    assert {path.stem for path in files.FOLDER.glob("*.json")} == {*files.FAMILIES}


@pytest.mark.parametrize("family", files.FAMILIES)
def test_a_file_is_what_its_script_works_out(family):
    kept = json.loads(files.path_of(family).read_text("utf-8"))
    assert same(json.loads(json.dumps(files.answers_of(family))), kept)


@pytest.mark.parametrize("family", files.FAMILIES)
def test_a_script_knows_nothing_of_the_package(family):
    tree = ast.parse((Path(files.__file__).parent / f"{family}.py").read_text("utf-8"))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import)
                for alias in node.names}  # fmt: skip
    imported |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert not any(name.partition(".")[0] == "fanwise" for name in imported)


@pytest.mark.parametrize("family", files.FAMILIES)
def test_every_answer_says_whose_it_is(family):
    for answer in json.loads(files.path_of(family).read_text("utf-8")):
        assert len(answer["source"]) > 10
        assert len(answer["obtained"]) > 5
