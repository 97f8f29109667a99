"""``pytest --pyargs fanwise.conformance --adapter NAME``."""

import subprocess
import sys

import pytest


def run(*arguments, folder):
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)


def suite(*arguments, folder):
    return run("--pyargs", "fanwise.conformance", *arguments, folder=folder)


def test_every_step_is_a_test(tmp_path):
    done = suite("--adapter=numpy", "-k", "bits or layers or row", folder=tmp_path)
    assert done.returncode == 0, done.stdout
    assert " passed" in done.stdout


BROKEN = """
import numpy as np
from fanwise.adapters.numpy import NumpyAdapter

class Adapter(NumpyAdapter):
    def native(self, draw):
        return super().native(draw) * np.float32(1.02)

import fanwise.conformance.test_claims as claims
claims.load = lambda name: Adapter()
"""


def test_a_broken_adapter_fails_with_the_figures(tmp_path):
    (tmp_path / "broken.py").write_text(BROKEN)
    how = ("-p", "broken", "--adapter=numpy", "-k", "native and he_normal")
    done = suite(*how, folder=tmp_path)
    assert done.returncode == 1
    for word in ("he_normal", "variance", "observed", "expected", "bound"):
        assert word in done.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [((), "--adapter NAME"), (("--adapter=trch",), "Did you mean 'torch'?")],
)
def test_no_adapter_is_an_error(arguments, message, tmp_path):
    done = suite(*arguments, folder=tmp_path)
    assert done.returncode not in (0, 5)
    assert message in done.stdout + done.stderr


def test_other_suites_may_have_an_option_of_that_name(tmp_path):
    (tmp_path / "conftest.py").write_text(
        "def pytest_addoption(parser):\n    parser.addoption('--adapter')\n"
    )
    (tmp_path / "test_other.py").write_text("def test_it(): pass\n")
    assert run("--adapter=x", "test_other.py", folder=tmp_path).returncode == 0
