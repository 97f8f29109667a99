"""A share of the matrix of cuts over eight devices; the suite judges two, ``nox -s cuts`` all."""

from fanwise.conformance.cuts.jobs import jobs_of, run_job, ways_of
from fanwise.conformance.processes import AdapterRequest


def test_a_cut_model_is_the_whole_one():
    request = AdapterRequest("jax")
    adapter, ways = ways_of(request)
    (way,) = (way for way in ways if way.name == "nnx, one axis of devices")
    (job,) = jobs_of(request, [way], (8,), ("encoder",))
    (row,) = run_job(job, adapter, lambda line: None)
    assert row.passed, row
    assert row.digests.keys() == {"encoder"}
