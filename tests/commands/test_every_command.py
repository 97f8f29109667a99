"""What holds for every command: its help, its width, its colours, its JSON, its wrong calls."""

import importlib
import json
import re
import shlex
from importlib import resources
from pathlib import Path

import jsonschema
import pytest
from rich.cells import cell_len

from commands.every_command import BY_THEMSELVES, CALLS, COMMANDS, prepare
from fanwise.conformance.checks.registry import faults

ESCAPE = "\x1b"
EXAMPLE = re.compile(r"^ *(?:\$|Examples?:) (fanwise .*)$", re.MULTILINE)


#: The schemas of what files have too.
OF_FILES = {
    "audit": ("fanwise.conformance.audits", "audit.schema.json"),
    "conformance": ("fanwise.conformance.results", "results.schema.json"),
}


def schema_of(name):
    package, file = OF_FILES.get(name, ("fanwise.commands", f"schemas/{name}.schema.json"))
    return resources.files(package).joinpath(file)


def options_of(command):
    return {name for parameter in command.params for name in parameter.opts if name[0] == "-"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder that holds what the calls need, of a suite of few mutants."""
    folder = tmp_path_factory.mktemp("calls")
    with pytest.MonkeyPatch.context() as patch:
        few(patch)
        prepare(folder)
    return folder


@pytest.fixture
def call(folder, tmp_path, run, monkeypatch):
    """Makes the call of a command, in the folder."""
    few(monkeypatch)
    for file in folder.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())

    def call(name, *more, **environment):
        monkeypatch.delitem(importlib.sys.modules, "models", raising=False)
        done = run(name, *CALLS[name].arguments, *more, **environment)
        assert done.returncode == CALLS[name].ends, done.stdout + done.stderr
        return done

    return call


def few(patch):
    """Let the suite have three mutants: all of them take long."""
    kills = importlib.import_module("fanwise.conformance.mutants.kills")
    patch.setattr(kills, "faults", lambda: list(faults())[:3])


def test_every_command_has_a_call_here_or_a_module_of_its_own():
    assert {*CALLS, *BY_THEMSELVES} == {*COMMANDS}
    assert all(Path(__file__).with_name(name).is_file() for name in BY_THEMSELVES.values())


@pytest.mark.parametrize("width", [40, 60, 80, 200])
@pytest.mark.parametrize("name", ["", *COMMANDS])
def test_a_help_fits_its_page_and_cuts_nothing(run, name, width):
    done = run(*filter(None, [name]), "-h", COLUMNS=str(width))
    assert done.returncode == 0
    assert max(map(cell_len, done.stdout.splitlines())) <= width
    assert ESCAPE not in done.stdout
    # Typer ends what it cuts so.
    assert "…" not in done.stdout
    if width >= 80:
        words = set(re.findall(r"(?<!\w)--?[A-Za-z][\w-]*", done.stdout))
        assert options_of(COMMANDS[name]) <= words if name else "--version" in words


@pytest.mark.parametrize("name", ["", *COMMANDS])
def test_both_options_give_the_help(run, name):
    ask = [*filter(None, [name])]
    assert run(*ask, "-h").stdout == run(*ask, "--help").stdout


@pytest.mark.parametrize("name", COMMANDS)
def test_a_help_is_a_sentence_with_an_example(run, name):
    text = COMMANDS[name].help
    first = text.split("\n\n")[0]
    assert re.match(r"[A-Z][a-z]+ ", first)
    assert first.endswith(".")
    examples = EXAMPLE.findall(text)
    assert examples
    for example in examples:
        words = shlex.split(example.partition(" > ")[0])
        assert words[1] == name
        given = {word.partition("=")[0] for word in words if word.startswith("-") and word != "-"}
        assert given <= options_of(COMMANDS[name])


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_and_argument_has_its_help(name):
    for parameter in COMMANDS[name].params:
        assert parameter.help, parameter.name


def test_a_help_has_colours_where_they_are_asked_for(run):
    assert ESCAPE in run("-h", FORCE_COLOR="1").stdout
    assert ESCAPE not in run("-h", FORCE_COLOR="1", NO_COLOR="1").stdout
    assert ESCAPE in run("show", "-h", FORCE_COLOR="1").stdout
    assert ESCAPE not in run("show", "-h", FORCE_COLOR="1", NO_COLOR="1").stdout


@pytest.mark.parametrize("name", CALLS)
def test_a_page_is_as_narrow_as_it_is_said_to_be(call, name):
    done = call(name, COLUMNS="60")
    assert ESCAPE not in done.stdout + done.stderr
    for line in done.stdout.splitlines():
        assert cell_len(line) <= 60 or line.startswith(CALLS[name].code), line


@pytest.mark.parametrize("name", [name for name in CALLS if CALLS[name].json])
def test_json_has_the_form_of_its_schema_and_comes_alone(call, name):
    data = json.loads(call(name, *CALLS[name].json).stdout)
    if name == "lint":  # a list, of the form of other lints
        return
    schema = json.loads(schema_of(name).read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(data, schema)
    assert data["format"] >= 1
    # A schema that takes anything would be none.
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"format": 1}, schema)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_mistyped_option_is_told_with_what_was_meant(told, name):
    line = told(name, "--hepl")
    assert "Did you mean '--help'?" in line
    assert f"'fanwise {name} -h'" in line


@pytest.mark.parametrize("name", COMMANDS)
def test_a_call_without_what_it_needs_is_told(told, name):
    needed = [parameter for parameter in COMMANDS[name].params if parameter.required]
    if needed:
        assert told(name).startswith("fanwise: Missing ")
    else:
        assert told(name, "--hepl")


def test_a_mistyped_command_is_told_with_what_was_meant(told):
    assert "Did you mean 'schemes'?" in told("scheems")
    assert "Did you mean 'show'?" in told("shwo")
    assert "Did you mean '--version'?" in told("--vresion")


def test_no_command_gives_the_help(run):
    done = run()
    # 2 since some version of Typer, which takes it for a wrong call.
    assert done.returncode in (0, 2)
    assert done.stdout.strip() == run("-h").stdout.strip()
    assert done.stderr == ""


def test_a_mistyped_choice_is_told(told):
    line = told("lint", ".", "--format", "jsno")
    assert "Expected one of text, json, sarif as --format. Received: 'jsno'." in line
    assert "Did you mean 'json'?" in line


@pytest.mark.parametrize("text", ["abc", "1e3", "nan", "", "1.0", "1_0", " 1", "+1", "9" * 5000])
@pytest.mark.parametrize(
    ("name", "option", "expected"),
    [
        ("sample", "--seed", "a whole number as --seed"),
        ("plot", "--seed", "a whole number as --seed"),
        ("plan", "--seed", "a whole number as --seed"),
        ("audit", "--seed", "a whole number as --seed"),
        ("mutants", "--first", "a whole number as --first"),
        ("mutants", "--seeds", "a whole number from 1 as --seeds"),
        ("calibration", "--runs", "a whole number from 1 as --runs"),
    ],
)
def test_a_number_that_is_none_is_told_as_it_was_written(told, name, option, expected, text):
    line = told(name, *CALLS[name].arguments, f"{option}={text}")
    assert f"Expected {expected}. Received: '{text[:50]}" in line
    assert f"Write e.g. {option} " in line
    assert f"'fanwise {name} -h'" in line


def test_a_number_below_the_least_is_told(told):
    assert "whole number from 1 as --runs. Received: '0'." in told("calibration", "--runs", "0")
    assert "--seed" in told("sample", "normal", "--shape", "2", "--seed")


def test_the_help_comes_before_what_is_wrong_with_a_call(run):
    assert run("sample", "--seed", "abc", "-h").returncode == 0
