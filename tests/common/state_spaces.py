"""A recipe of a small state-space mixer, and what its weights are."""

import numpy as np

import fanwise

#: In every framework the mixer has these below its name.
RECIPE = """
fanwise = 1

[vars]
layers = 4

[[rule]]
match = "**/A_log"
init = "mamba_a_log"

[[rule]]
match = "**/D"
init = "ones"

[[rule]]
match = "**/dt/bias"
init = { scheme = "mamba_dt_bias", dt_max = 0.2 }

[[rule]]
match = "**/dt/kernel"
init = "mamba_dt_proj"

[[rule]]
match = "**/down/kernel"
init = { scheme = "mamba_out_proj", layers = "layers" }
"""
WIDTH, STATE = 24, 16
#: Of each weight: the scheme, and its shape in the order of Keras and JAX.
WEIGHTS = {
    "A_log": (fanwise.scheme("mamba_a_log"), (WIDTH, STATE)),
    "D": (fanwise.scheme("ones"), (WIDTH,)),
    "dt/kernel": (fanwise.scheme("mamba_dt_proj"), (8, WIDTH)),
    "dt/bias": (fanwise.scheme("mamba_dt_bias", dt_max=0.2), (WIDTH,)),
    "down/kernel": (fanwise.scheme("mamba_out_proj", layers=4), (WIDTH, 12)),
}


def expected(name, place, seed):
    """What a weight of the mixer at a place is, in the order of Keras and JAX."""
    scheme, shape = WEIGHTS[name]
    path = f"{place}/{name}"
    return fanwise.sample(scheme, shape, seed=seed, path=path, axes=scheme.entry.axes or "kernel")


def check_audit(audit, changed):
    """An audit finds all right with a seed, and one table wrong after a change."""
    verdict = audit()
    assert [str(row) for row in verdict.failures] == []
    told = {(row.path.rpartition("mixer/")[2], row.claim): row.outcome for row in verdict.rows}
    assert told["A_log", "values"] == "pass"
    assert told["dt/bias", "bits"] == "pass"
    assert ("dt/bias", "distribution") in told
    changed()
    failures = {(row.path.rpartition("mixer/")[2], row.claim) for row in audit().failures}
    assert {("A_log", "values"), ("A_log", "bits")} <= failures


def known_a_log():
    """What Mamba's own code gives: the logarithms of 1 … state, in every row."""
    return np.log(np.tile(np.arange(1, STATE + 1), (WIDTH, 1)))
