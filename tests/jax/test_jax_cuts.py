"""A share of the matrix of cuts, by real processes; ``nox -s cuts`` has all of it."""

import pytest

from fanwise.conformance.cuts.jobs import jobs_of, run_job, ways_of
from fanwise.conformance.processes import AdapterRequest


@pytest.mark.parametrize(
    ("name", "world"),
    [
        ("nnx, one axis of devices", 8),
        pytest.param("linen, shardings=, one axis of processes", 2, marks=pytest.mark.slow),
    ],
)
def test_a_cut_model_is_the_whole_one(name, world):
    request = AdapterRequest("jax")
    adapter, ways = ways_of(request)
    (way,) = (way for way in ways if way.name == name)
    (job,) = jobs_of(request, [way], (world,), ("encoder",))
    (row,) = run_job(job, adapter, lambda line: None)
    assert row.passed, row
    assert row.digests.keys() == {"encoder"}
