"""What commands begin with: they wait for no framework, and for nothing that they do not need."""

import os
import subprocess
import sys

import pytest

import fanwise

#: What takes long to import.
SLOW = ("torch", "keras", "tensorflow", "jax", "flax", "scipy", "matplotlib", "jinja2")
#: Of this package, what other commands need.
OTHERS = ("fanwise.conformance.vectors", "fanwise.conformance.run", "fanwise.spec.plan")


@pytest.mark.parametrize(
    "arguments",
    ["--version", "-h", "schemes", "schemes --json", "show he_normal --shape 512,256", "recipes",
     "recipe gpt2", "sample he_normal --shape 8,4", "sample -h", "plot -h", "demo -h"],
)  # fmt: skip
def test_a_command_without_a_model_imports_no_framework(arguments):
    code = f"""
import sys
sys.argv = ["fanwise", *{arguments.split()!r}]
from fanwise.__main__ import main
try:
    main()
finally:
    sys.stderr.write(" ".join(sys.modules))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert done.returncode == 0
    loaded = done.stderr.decode().split()
    assert "numpy" in loaded
    assert not {*SLOW, *OTHERS} & {*loaded}


def test_the_version_is_told_with_that_of_the_specification(run):
    told = f"fanwise {fanwise.__version__}, specification {fanwise.SPEC_VERSION}\n"
    for option in ("--version", "-V"):
        done = run(option)
        assert (done.returncode, done.stdout, done.stderr) == (0, told, "")


def test_a_pipe_that_nobody_reads_leaves_no_traceback():
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "fanwise", "schemes"]
    done = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, check=False)
    os.close(writer)
    assert (done.returncode, done.stderr) == (1, b"")
