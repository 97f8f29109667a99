"""The stubs say what the public modules have; tests/typing/ shows what users see of them."""

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
STUBS = sorted(ROOT.joinpath("src", "fanwise").glob("*.pyi"))


def check_stubs(root, *modules):
    return subprocess.run(
        [sys.executable, "docs/make_stubs.py", "--check", *modules],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )


def functions(stub):
    tree = ast.parse(stub.read_text("utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]


def parameters(function):
    return [node for node in ast.walk(function.args) if isinstance(node, ast.arg)]


@pytest.mark.slow
def test_the_stubs_are_those_of_the_modules():
    """If not: python docs/make_stubs.py."""
    done = check_stubs(ROOT)
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
def test_a_stub_that_differs_is_named(tmp_path):
    shutil.copytree(ROOT / "docs", tmp_path / "docs")
    shutil.copytree(ROOT / "src", tmp_path / "src")
    stub = tmp_path / "src" / "fanwise" / "__init__.pyi"
    stub.write_text(stub.read_text("utf-8").replace("seed: int", "seed: str"), "utf-8")
    done = check_stubs(tmp_path, "fanwise")
    assert done.returncode == 1
    assert "__init__.pyi" in done.stderr


@pytest.mark.parametrize("stub", STUBS, ids=lambda stub: stub.stem)
def test_every_parameter_in_a_stub_has_a_name_and_a_type(stub):
    assert functions(stub)
    for function in functions(stub):
        names = {parameter.arg for parameter in parameters(function)}
        assert not {"args", "kwargs"} & names
        untyped = {p.arg for p in parameters(function) if p.annotation is None}
        assert untyped <= {"self"}


@pytest.mark.parametrize("stub", STUBS, ids=lambda stub: stub.stem)
def test_an_engine_in_a_stub_is_one_of_two_words(stub):
    for function in functions(stub):
        for parameter in parameters(function):
            if parameter.arg == "engine":
                assert ast.unparse(parameter.annotation) == "Literal['portable', 'native']"
