"""What the tests of the suite share: a run of the reference, and of the suite on its mutants."""

import fcntl
import os
import pickle

import pytest

from fanwise.adapters.numpy import NumpyAdapter
from fanwise.conformance.checks.cases import statistical_cases
from fanwise.conformance.run import check_suite, run


@pytest.fixture(scope="session")
def sound(tmp_path_factory):
    return made_once("sound", lambda: run(NumpyAdapter()), tmp_path_factory)


@pytest.fixture(scope="session")
def suite(tmp_path_factory):
    return made_once("suite", check_suite, tmp_path_factory)


def made_once(name, make, tmp_path_factory):
    """What takes half a minute: made by the first of the processes that need it, and kept."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    kept = folder / f"{name}.pickle"
    with (folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            kept.write_bytes(pickle.dumps(make()))
    return pickle.loads(kept.read_bytes())


@pytest.fixture
def quick(monkeypatch):
    """Runs with one scheme's statistics: for what does not need more."""
    few = [case for case in statistical_cases() if case.scheme.family == "he_uniform"]
    monkeypatch.setattr("fanwise.conformance.checks.laws.statistical_cases", lambda: few)
    monkeypatch.setattr("fanwise.conformance.checks.half_precision.HALF_DTYPES", ())
