"""A share of the matrix of cuts, by real processes; ``nox -s cuts`` has all of it."""

import keras
import pytest

from fanwise.conformance.cuts.jobs import jobs_of, run_job, ways_of
from fanwise.conformance.processes import AdapterRequest

#: A large weight is in it, so that memory counts.
WAYS = {"jax": "ModelParallel over processes", "tensorflow": "MultiWorkerMirroredStrategy"}
BACKEND = keras.config.backend()


@pytest.mark.slow
@pytest.mark.skipif(BACKEND not in WAYS, reason="this backend is not spread by Keras")
def test_two_processes_hold_the_weights_of_one():
    request = AdapterRequest("keras", (("KERAS_BACKEND", BACKEND),))
    name, ways = ways_of(request)
    (way,) = (way for way in ways if way.name == WAYS[BACKEND])
    (job,) = jobs_of(request, [way], (2,), ("encoder", "wide"))
    (row,) = run_job(job, name, lambda line: None)
    assert row.passed, (row, row.beside)
    assert row.digests.keys() == {"encoder", "wide"}
