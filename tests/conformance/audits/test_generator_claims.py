"""What some generators make is judged without a seed."""

import numpy as np
import pytest
from common.judged import planned, rows_of

import fanwise


def outcomes(scheme, values):
    return {row.claim: str(row.outcome) for row in rows_of(planned(values, scheme, "in out"))}


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
@pytest.mark.parametrize("size", [20, 200])
def test_reservoirs(size, dtype):
    scheme = fanwise.scheme("reservoir")
    for seed in range(3):
        drawn = fanwise.sample(scheme, (size, size), seed=seed, dtype=dtype)
        assert outcomes(scheme, drawn) == {"zeros": "pass", "spectral radius": "pass"}
    scaled = drawn * drawn.dtype.type(1.1)
    assert outcomes(scheme, scaled) == {"zeros": "pass", "spectral radius": "fail"}
    denser = fanwise.sample(scheme.replace(sparsity=0.8), (size, size), seed=0, dtype=dtype)
    assert outcomes(scheme, denser) == {"zeros": "fail", "spectral radius": "pass"}


def test_graphs():
    scheme = fanwise.scheme("erdos_renyi", epsilon=5.0)
    drawn = fanwise.sample(scheme, (60, 40), seed=0)
    assert outcomes(scheme, drawn) == {"zeros": "pass"}
    drawn[np.nonzero(drawn == 0)[0][0], np.nonzero(drawn == 0)[1][0]] = 0.1
    assert outcomes(scheme, drawn) == {"zeros": "fail"}
