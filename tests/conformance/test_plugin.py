"""``pytest --pyargs fanwise.conformance --fanwise-adapter NAME``."""

import subprocess
import sys

import pytest

pytestmark = pytest.mark.slow


def run(*arguments, folder):
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)


def suite(*arguments, folder):
    return run("--pyargs", "fanwise.conformance", *arguments, folder=folder)


def test_every_step_is_a_test(tmp_path):
    done = suite("--fanwise-adapter=numpy", "-k", "bits or layers or row", folder=tmp_path)
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
    how = ("-p", "broken", "--fanwise-adapter=numpy", "-k", "native and he_normal")
    done = suite(*how, folder=tmp_path)
    assert done.returncode == 1
    for word in ("he_normal", "variance", "observed", "expected", "bound"):
        assert word in done.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [((), "--fanwise-adapter NAME"), (("--fanwise-adapter=trch",), "Did you mean 'torch'?")],
)
def test_no_adapter_is_an_error(arguments, message, tmp_path):
    done = suite(*arguments, folder=tmp_path)
    assert done.returncode not in (0, 5)
    assert message in done.stdout + done.stderr


OTHERS = {
    # Another suite's option, fixtures and markers of the names that this one has or might have.
    "conftest.py": """
import pytest

def pytest_addoption(parser):
    parser.addoption("--adapter", action="append", choices=("usb", "lan"))
    parser.addini("adapter", "a setting of that name")

def pytest_configure(config):
    config.addinivalue_line("markers", "fanwise: a marker of that name")
    config.pluginmanager.register(object(), "conformance")

@pytest.fixture
def judged(request):
    return request.config.getoption("adapter")

@pytest.fixture
def step():
    return 7
""",
    "test_other.py": """
import pytest

@pytest.mark.fanwise
def test_it(judged, step):
    assert (judged, step) == (["usb", "lan"], 7)
""",
}


@pytest.mark.parametrize("room", [".", "conformance"])
def test_other_suites_may_have_options_fixtures_and_markers_of_those_names(room, tmp_path):
    folder = tmp_path / room
    folder.mkdir(exist_ok=True)
    for name, source in OTHERS.items():
        (folder / name).write_text(source)
    (tmp_path / "pytest.ini").write_text("[pytest]\nadapter = usb\naddopts = --strict-markers\n")
    done = run("--adapter=usb", "--adapter", "lan", room, folder=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_suite_may_be_run_beside_another_with_an_option_of_that_name(tmp_path):
    (tmp_path / "theirs.py").write_text(
        "def pytest_addoption(parser):\n    parser.addoption('--adapter')\n"
    )
    chosen = ("-p", "theirs", "--adapter=usb", "--fanwise-adapter=numpy", "-k", "row")
    done = suite(*chosen, folder=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
