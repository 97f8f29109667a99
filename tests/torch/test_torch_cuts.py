"""A share of the matrix of cuts, by real processes; ``nox -s cuts`` has all of it."""

from fanwise.conformance.cuts.jobs import jobs_of, run_job, ways_of
from fanwise.conformance.processes import AdapterRequest

WAYS = ("FSDP2", "tensor parallel × FSDP2", "DTensor, Shard(-1)")


def test_two_processes_hold_the_weights_of_one():
    request = AdapterRequest("torch")
    name, ways = ways_of(request)
    chosen = [way for way in ways if way.name in WAYS]
    (job,) = jobs_of(request, chosen, (2,), ("encoder", "lstm"))
    rows = run_job(job, name, lambda line: None)
    assert [row.way for row in rows] == list(WAYS)
    assert all(row.passed and len(row.digests) == 2 for row in rows), rows
