"""Every example runs, in every system that it is about."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[1] / "examples"
BACKENDS = ("tensorflow", "jax", "torch")
RUNS = [
    (example, backend)
    for example in sorted(EXAMPLES.glob("*.py"))
    for backend in (BACKENDS if "keras" in example.name else ("jax",))
]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("example", "backend"), RUNS, ids=lambda value: getattr(value, "stem", value)
)
def test_example(example, backend, tmp_path):
    environment = {**os.environ, "KERAS_BACKEND": backend, "TF_CPP_MIN_LOG_LEVEL": "3"}
    command = [sys.executable, "-W", "error::DeprecationWarning:fanwise", str(example)]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=tmp_path, env=environment
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


def test_there_is_an_example_for_each_framework():
    names = {example.stem for example in EXAMPLES.glob("*.py")}
    assert {"torch_layers", "keras_layers", "jax_layers"} <= names
