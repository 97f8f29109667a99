"""``fanwise capture`` and ``fanwise audit``, as a user runs them."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import fanwise
from fanwise.__main__ import main
from fanwise.conformance.audits.verdicts import Audit

RULES = """
fanwise = 1

[vars]
std = 0.02

[[rule]]
role = "kernel"
init = { scheme = "normal", std = "std" }

[[rule]]
role = "bias"
init = "zeros"
"""
MODELS = """
print("built by a user")

import torch
from torch import nn

def small():
    model = nn.Sequential(nn.Linear(256, 128), nn.ReLU(), nn.Linear(128, 64))
    for layer in (model[0], model[2]):
        nn.init.normal_(layer.weight, std=0.02)
        nn.init.zeros_(layer.bias)
    return model

class Models:
    small = staticmethod(small)

def broken():
    raise RuntimeError("no\\x1b[31m\\nmodel")

def ends():
    raise SystemExit(3)

number = 3
"""
PRINTED = ["built by a user"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with a recipe, a module that builds models, and checkpoints."""
    folder = tmp_path_factory.mktemp("project")
    (folder / "rules.toml").write_text(RULES)
    (folder / "models.py").write_text(MODELS)
    right = {
        "0.weight": fanwise.sample(fanwise.scheme("normal", std=0.02), (128, 256), seed=1),
        "0.bias": np.zeros(128, "float32"),
    }
    np.savez(folder / "right.npz", **right)
    np.savez(folder / "wrong.npz", **{**right, "0.weight": right["0.weight"] * 3})
    np.savez(folder / "few.npz", **{"0.weight": right["0.weight"][:2, :3]})
    return folder


@pytest.fixture
def run(folder, monkeypatch, capsys):
    """Runs a command in this process, which has imported the framework already."""

    def run(*arguments):
        monkeypatch.chdir(folder)
        monkeypatch.setattr(sys, "argv", ["fanwise", *map(str, arguments)])
        monkeypatch.setattr(sys, "path", sys.path[:])
        monkeypatch.delitem(sys.modules, "models", raising=False)
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        output = capsys.readouterr()
        return subprocess.CompletedProcess(arguments, ended.value.code, output.out, output.err)

    return run


@pytest.fixture
def audit(run):
    def audit(file, *arguments):
        return run("audit", file, "--recipe", "rules.toml", "--framework", "torch", *arguments)

    return audit


def told(done):
    """The one line that says what is wrong, beside what the user's module prints."""
    assert done.returncode == 2, done.stdout + done.stderr
    assert done.stdout == ""
    (line,) = (text for text in done.stderr.splitlines() if text not in PRINTED)
    assert line.startswith("fanwise: ")
    assert line.isprintable()
    return line


def test_a_right_checkpoint_ends_with_0(folder, run, audit):
    done = audit("right.npz")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("PASS: ")
    assert done.stderr == ""


def test_a_wrong_checkpoint_ends_with_1_and_is_written_down(folder, run, audit):
    done = audit("wrong.npz", "--json", "out/a.json", "--html", "out/a.html")
    assert done.returncode == 1
    assert done.stdout.startswith("FAIL: ")
    assert "0/kernel  deviation: observed 0.05" in done.stdout
    told_again = Audit.from_dict(json.loads((folder / "out" / "a.json").read_text()))
    assert not told_again.passed
    assert "".join(str(told_again).split()) in "".join(done.stdout.split())
    assert "<html" in (folder / "out" / "a.html").read_text("utf-8")


def test_a_checkpoint_that_is_too_small_ends_with_1(folder, run, audit):
    done = audit("few.npz")
    assert (done.returncode, done.stderr) in ((0, ""), (1, ""))
    assert "undecided" in done.stdout


def test_a_variable_of_the_recipe_is_given(folder, run, audit):
    assert audit("wrong.npz", "--var", "std=0.06").returncode == 0
    assert audit("wrong.npz", "--var", "std=3 * 0.02").returncode == 0


def test_every_row_is_shown_if_asked(folder, run, audit):
    lines = audit("right.npz", "--all").stdout.splitlines()
    assert any(line.startswith("  ✓ 0/bias  ") for line in lines)
    assert not any(line.startswith("  ✓ 0/bias  ") for line in audit("right.npz").stdout)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["none.npz"], "Check the path."),
        (["rules.toml"], "checkpoint"),
        (["right.npz", "--recipe", "rule"], "Expected a recipe. Received: 'rule'."),
        (["right.npz", "--var", "std"], "a variable as name=value"),
        (["right.npz", "--var", "stdd=1"], "Did you mean 'std'?"),
        (["right.npz", "--framework", "torc"], "Did you mean 'torch'?"),
        (["right.npz", "--model", "models"], "a function as package.module:function"),
        (["right.npz", "--model", "modls:small"], "No module named 'modls'"),
        (["right.npz", "--model", "models:smal"], "Did you mean 'small'?"),
        (["right.npz", "--model", "models:number"], "a function as models:number"),
        (["right.npz", "--model", "models:broken"], r"RuntimeError: no\x1b[31m\nmodel"),
        (["right.npz", "--model", "models:ends"], "SystemExit: 3"),
        (["right.npz", "--html", "."], "a file that can be written"),
        (["right.npz", "--json", "right.npz/a.json"], "a file that can be written"),
    ],
)
def test_a_wrong_call_is_told_in_one_line(folder, run, audit, arguments, words):
    assert words in told(audit(*arguments))


def test_outputs_are_checked_before_the_work(folder, run, audit):
    # A file that is not there would be told of first.
    line = told(audit("none.npz", "--html", "."))
    assert "a file that can be written" in line


def test_a_page_without_jinja_is_told_before_the_work(folder, run, audit):
    code = """
import sys
sys.modules["jinja2"] = None
sys.argv = ["fanwise", "audit", "none.npz", "--html", "a.html"]
from fanwise.__main__ import main
main()
"""
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert "pip install 'fanwise[conformance]'" in told(done)


def test_names_of_a_file_cannot_reach_the_terminal(folder, run, audit):
    name = "\x1b[2J[red]a[/]\u202e\nPASS: all.weight"
    np.savez(folder / "odd.npz", **{name: np.full((64, 64), np.nan, "float32")})
    done = run("audit", "odd.npz", "--framework", "torch", "--recipe", "rules.toml")
    assert done.returncode == 1, done.stdout + done.stderr
    assert r"\x1b[2J[red]a[" in done.stdout
    assert all(line.isprintable() for line in done.stdout.splitlines())
    assert not any(line.startswith("PASS") for line in done.stdout.splitlines())


def test_a_pipe_that_nobody_reads_leaves_no_traceback(folder, run, audit):
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "fanwise", "audit", "right.npz", "--recipe", "rules.toml"]
    done = subprocess.run(command, cwd=folder, stdout=writer, stderr=subprocess.PIPE, check=False)
    os.close(writer)
    assert (done.returncode, done.stderr) == (1, b"")


def test_a_recipe_is_captured_and_the_model_passes_by_it(folder, run, audit):
    done = run("capture", "models:small", "-o", "captured/small.toml")
    assert done.returncode == 0, done.stderr
    assert done.stdout == "written to captured/small.toml\n"
    recipe = fanwise.recipe(folder / "captured" / "small.toml")
    assert [rule.init for rule in recipe.rules] != []
    given = ("--model", "models:small", "--recipe", "captured/small.toml")
    assert run("audit", "right.npz", *given).returncode in (0, 1)


def test_a_recipe_alone_goes_to_the_standard_output(folder, run, audit):
    done = run("capture", "models:Models.small", "--framework", "torch")
    assert done.returncode == 0, done.stderr
    # What the user's module prints is no part of it.
    assert "built by a user" in done.stderr
    assert fanwise.recipe(done.stdout).rules


def test_a_recipe_that_is_there_is_not_written_over(folder, run, audit):
    (folder / "mine.toml").write_text("mine")
    line = told(run("capture", "models:small", "-o", "mine.toml"))
    assert "--force" in line
    assert (folder / "mine.toml").read_text() == "mine"
    done = run("capture", "models:small", "-o", "mine.toml", "--force")
    assert done.returncode == 0, done.stderr
    assert fanwise.recipe(folder / "mine.toml").rules


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("models:broken", r"RuntimeError: no\x1b[31m\nmodel"),
        ("models:ends", "SystemExit: 3"),
        ("models:Models.smal", "Did you mean 'small'?"),
        ("models:", "a function as package.module:function"),
        ("json:dumps", "builds"),
    ],
)
def test_a_function_that_builds_nothing_is_told_in_one_line(folder, run, audit, target, words):
    assert words in told(run("capture", target, "-o", "new.toml"))
    assert not (folder / "new.toml").exists()


def _apart(folder, *arguments, stdout=subprocess.PIPE, **environment):
    """Run a command in a process of its own, whose streams are what a shell gives it."""
    return subprocess.run(
        [sys.executable, "-m", "fanwise", "audit", *arguments],
        stdout=stdout, stderr=subprocess.PIPE, text=True, cwd=folder, check=False,
        env={**os.environ, **environment},
    )  # fmt: skip


def test_a_terminal_of_few_letters_gets_other_marks(folder):
    done = _apart(folder, "right.npz", "--framework", "torch", "--all", PYTHONIOENCODING="ascii")
    assert done.returncode == 0, done.stderr
    assert "  + 0/kernel  finite" in done.stdout
    assert done.stdout.isascii()


def test_a_full_disk_is_no_verdict(folder):
    with Path("/dev/full").open("w") as full:
        done = _apart(folder, "right.npz", "--framework", "torch", stdout=full)
    assert done.returncode == 2
    assert done.stderr.startswith("fanwise: The output cannot be written: ")
    assert len(done.stderr.splitlines()) == 1
