"""``fanwise verify``, as a user runs it."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import fanwise
from fanwise.__main__ import main

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


@pytest.fixture
def verify(tmp_path, monkeypatch, capsys):
    """Runs the command on a file, in a folder with a right one and a wrong one."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rules.toml").write_text(RULES)
    kernel = fanwise.sample(
        fanwise.scheme("normal", std=0.02), (512, 256), seed=3, path="up/kernel", axes="torch"
    )
    right = {"up.weight": kernel, "up.bias": np.zeros(512, np.float32)}
    np.savez(tmp_path / "right.npz", **right)
    kernel[500, 1] = 0
    np.savez(tmp_path / "wrong.npz", **right)

    def run(file, *arguments, seed=3):
        how = ["verify", file, "--recipe", "rules.toml", "--seed", str(seed), *arguments]
        monkeypatch.setattr(sys, "argv", ["fanwise", *how])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        output = capsys.readouterr()
        return subprocess.CompletedProcess(arguments, ended.value.code, output.out, output.err)

    return run


def test_a_right_file_ends_with_0(verify):
    done = verify("right.npz")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("PASS: right.npz, npz\nHeld to the recipe rules.toml, seed 3.\n")


def test_a_wrong_file_ends_with_1_and_the_first_difference(verify):
    done = verify("wrong.npz")
    assert done.returncode == 1
    assert "first at [500, 1]: 0, not" in done.stdout


def test_another_seed_and_another_variable_end_with_1(verify):
    assert verify("right.npz", seed=4).returncode == 1
    assert verify("right.npz", "--var", "std=0.03").returncode == 1


def test_a_sample_says_what_it_misses(verify):
    done = verify("right.npz", "--sample", "1")
    assert done.returncode == 0
    assert "1 of 3 blocks" in done.stdout
    assert "once in a hundred times" in done.stdout


def test_every_claim_is_written_as_json(verify):
    data = json.loads(verify("wrong.npz", "--json", "-").stdout)
    assert (data["passed"], data["compared"], data["elements"]) == (False, 131584, 131584)
    done = verify("wrong.npz", "--json", "verdict.json", "--all")
    assert "✓ up/bias  bits" in done.stdout
    assert json.loads(Path("verdict.json").read_text("utf-8")) == data


@pytest.mark.parametrize(
    ("arguments", "message"),
    [(("--sample", "0"), "as sample"), (("--var", "st=1"), "st"), (("--framework", "mx"), "mx")],
)
def test_a_wrong_call_ends_with_2_and_one_line(verify, arguments, message):
    done = verify("right.npz", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert message in line


def test_a_file_that_is_not_there_ends_with_2(verify):
    assert verify("absent.npz").returncode == 2
