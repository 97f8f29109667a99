"""What mypy and pyright say of users' scripts: exactly the lines marked as errors are errors.

A mark is ``# error: <part of the message>``; ``# error[pyright]: …`` is of one checker alone.
The scripts are copied into a folder of their own, as a user's project has them.
"""

import json
import os
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from types import MappingProxyType

import pytest

SCRIPTS = tuple(sorted(Path(__file__).parent.glob("*_user.py")))
CHECKERS = ("mypy", "pyright")
MARK = re.compile(r"# error(?:\[(?P<checker>\w+)\])?: (?P<part>.+)$")
#: Wrong calls without a mark, right calls with one, and a mark that is about something else.
MADE_UP = """\
import fanwise

fanwise.sample("he_normal", (3, 4), seed="0")
fanwise.sample("he_normal", (3, 4), seed=0)  # error: "seed"
fanwise.sample("he_normal", (3, 4), seed="0")  # error: "pth"
fanwise.sample("he_normal", (3, 4), seed="0")  # error: "seed"
"""
#: A user's project: strict, and without the types that Keras does not have.
MYPY = """\
[mypy]
strict = True
[mypy-keras.*]
ignore_missing_imports = True
"""
#: basedpyright, in the words of pyright: "standard" is its default.
PYRIGHT = '{"typeCheckingMode": "standard"}'


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    folder = tmp_path_factory.mktemp("project")
    for script in SCRIPTS:
        (folder / script.name).write_text(script.read_text("utf-8"), "utf-8")
    (folder / "made_up.py").write_text(MADE_UP, "utf-8")
    (folder / "mypy.ini").write_text(MYPY, "utf-8")
    (folder / "pyrightconfig.json").write_text(PYRIGHT, "utf-8")
    return folder


@pytest.fixture(scope="module")
def errors(project):
    """The messages of each checker, by script and line."""
    return MappingProxyType({"mypy": mypy_errors(project), "pyright": pyright_errors(project)})


def mypy_errors(project):
    names = sorted(script.name for script in project.glob("*.py"))
    rows = map(json.loads, output(project, "mypy", "--output", "json", *names).splitlines())
    found = defaultdict(lambda: defaultdict(str))
    for row in rows:
        if row["severity"] == "error":
            found[Path(row["file"]).name][row["line"]] += row["message"] + str(row["hint"] or "")
    return found


def pyright_errors(project):
    arguments = ("--pythonpath", sys.executable, "--outputjson")
    found = defaultdict(lambda: defaultdict(str))
    for row in json.loads(output(project, "basedpyright", *arguments))["generalDiagnostics"]:
        if row["severity"] == "error":
            line = row["range"]["start"]["line"] + 1
            found[Path(row["file"]).name][line] += row["message"]
    return found


def output(project, checker, *arguments):
    """Run a checker in the project; it exits with 1 where it has found errors."""
    done = subprocess.run(
        [sys.executable, "-m", checker, *arguments],
        cwd=project,
        env=os.environ | {"MYPY_CACHE_DIR": str(project / "cache")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stdout


def marks(text, checker):
    """The lines of a script that are marked, each with what its message must hold."""
    found = {}
    for number, line in enumerate(text.splitlines(), 1):
        mark = MARK.search(line)
        if mark and mark["checker"] in (None, checker):
            found[number] = mark["part"]
    return found


def surprises(text, messages, checker):
    """The lines that are errors without a mark, or lack the error that they are marked with."""
    marked = marks(text, checker)
    return {
        number: messages.get(number, "no error")
        for number in sorted(marked.keys() | messages.keys())
        if number not in marked or marked[number] not in messages.get(number, "")
    }


@pytest.mark.parametrize("checker", CHECKERS)
@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_the_marked_lines_of_a_users_script_are_its_errors(script, checker, errors):
    text = script.read_text("utf-8")
    assert len(marks(text, checker)) >= 10
    assert surprises(text, errors[checker][script.name], checker) == {}


@pytest.mark.parametrize("checker", CHECKERS)
def test_an_unmarked_error_a_marked_right_call_and_a_wrong_mark_are_surprises(checker, errors):
    assert [*surprises(MADE_UP, errors[checker]["made_up.py"], checker)] == [3, 4, 5]


def test_there_is_a_script_for_the_base_package_and_for_each_framework():
    names = ["jax_user", "keras_user", "numpy_user", "torch_user"]
    assert [script.stem for script in SCRIPTS] == names
