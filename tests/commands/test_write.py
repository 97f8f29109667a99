"""``fanwise write``, as a user runs it."""

import json
import signal
import subprocess
import sys

import pytest

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
SHAPES = '{"up.weight": [64, 32], "up.bias": {"shape": [64], "dtype": "float16"}}'
HOW = ("--recipe", "rules.toml", "--seed", "3")


@pytest.fixture
def write(tmp_path, run):
    (tmp_path / "rules.toml").write_text(RULES)
    (tmp_path / "shapes.json").write_text(SHAPES)

    def write(*arguments):
        return run("write", *HOW, *arguments)

    return write


def test_shapes_are_enough(write, tmp_path, run):
    done = write("--shapes", "shapes.json", "-o", "out")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("2 tensors, 2,112 elements, 8,320 bytes, written to")
    data = json.loads((tmp_path / "out/start.json").read_text("utf-8"))
    assert [tensor["dtype"] for tensor in data["tensors"]] == ["float32", "float16"]
    assert f"digest {data['digest']}" in done.stdout.splitlines()
    assert run("verify", "out", *HOW).returncode == 0


def test_a_digest_alone_is_that_of_the_files(write):
    written = json.loads(write("--shapes", "shapes.json", "-o", "a.npz", "--json").stdout)
    hashed = json.loads(write("--shapes", "shapes.json", "--digest-only", "--json").stdout)
    assert hashed["digest"] == written["digest"]
    assert (hashed["to"], hashed["files"]) == (None, [])
    # What was written tells the shapes of what is written.
    again = json.loads(write("--shapes", "a.npz", "--digest-only", "--json").stdout)
    assert again["digest"] == written["digest"]


def test_options_reach_the_file(write, tmp_path):
    options = ("--dtype", "bfloat16", "--form", "canonical", "--var", "std=0.5")
    assert write("--shapes", "shapes.json", "-o", "a.safetensors", *options).returncode == 0
    data = json.loads((tmp_path / "a.safetensors.start.json").read_text("utf-8"))
    assert data["form"] == "canonical"
    assert data["variables"] == {"std": 0.5}
    assert {tensor["dtype"] for tensor in data["tensors"]} == {"bfloat16"}
    assert [tensor["name"] for tensor in data["tensors"]] == ["up/bias", "up/kernel"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "a model or the shapes of one. Received: neither"),
        (("m.py:f", "--shapes", "shapes.json"), "Received: both"),
        (("--shapes", "shapes.json"), "a file or a folder to write to"),
        (("--shapes", "shapes.json", "-o", "x", "--format", "zip"), "format to be one of"),
        (("--shapes", "absent.json", "-o", "x"), "absent.json"),
    ],
)
def test_a_wrong_call_ends_with_2_and_one_line(write, tmp_path, arguments, message):
    done = write(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "x").exists()


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows sends no such signal")
def test_an_interrupt_says_how_to_go_on(tmp_path):
    (tmp_path / "rules.toml").write_text(RULES)
    (tmp_path / "shapes.json").write_text(
        json.dumps({"a.weight": [1 << 15, 1 << 15], "a.bias": [1 << 15]})
    )
    call = [sys.executable, "-m", "fanwise", "write", *HOW, "--shapes", "shapes.json"]
    process = subprocess.Popen(
        [*call, "-o", "out", "--dtype", "float16"],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        text=True,
    )
    while not (tmp_path / "out.writing/journal").exists() and process.poll() is None:
        pass
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130, errors
    assert "the same call goes on from there" in errors
    assert (tmp_path / "out.writing/journal").exists()
