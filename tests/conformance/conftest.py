"""What the tests of the suite share: a run of the reference, and of the suite on its mutants."""

import pytest

from fanwise.adapters.numpy import NumpyAdapter
from fanwise.conformance.checks.cases import statistical_cases
from fanwise.conformance.run import check_suite, run


@pytest.fixture(scope="session")
def sound():
    return run(NumpyAdapter())


@pytest.fixture(scope="session")
def suite():
    return check_suite()


@pytest.fixture
def quick(monkeypatch):
    """Runs with one scheme's statistics: for what does not need more."""
    few = [case for case in statistical_cases() if case.scheme.family == "he_uniform"]
    monkeypatch.setattr("fanwise.conformance.checks.laws.statistical_cases", lambda: few)
    monkeypatch.setattr("fanwise.conformance.checks.half_precision.HALF_DTYPES", ())
