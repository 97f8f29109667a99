"""Every scheme by its function: the reference's bits, and a refusal where parameters are wrong."""

import jax
import numpy as np
import pytest
from common.hostile_parameters import hostile_parameters

import fanwise
import fanwise.jax as fj
from fanwise.conformance.vectors.examples import FIRST, example_of, examples

LATER = {e.name: e for e in examples() if e.entry.since != FIRST}


@pytest.mark.parametrize("name", LATER)
def test_a_function_gives_the_bits_of_the_reference(name):
    entry, draw = LATER[name].entry, example_of(LATER[name])
    path = "/".join(("layer", *entry.members[:1], "kernel"))
    drawn = getattr(fj, name)(**entry.example, path=path)(jax.random.key(5), draw.shape)
    how = {"seed": 5, "path": path, "axes": draw.axes}
    expected = fanwise.sample(draw.scheme, draw.shape, **how)
    assert np.asarray(drawn).tobytes() == expected.tobytes()


@pytest.mark.parametrize("name", LATER)
def test_what_is_wrong_is_refused(name):
    entry, draw = LATER[name].entry, example_of(LATER[name])
    for number, (what, params) in enumerate(hostile_parameters(entry)):
        try:
            made = getattr(fj, name)(**params, seed=number)
            drawn = np.asarray(made(None, draw.shape))
        except fanwise.FanwiseError:
            continue
        except TypeError as error:
            if "missing a required argument" not in str(error):
                raise
        else:
            assert np.isfinite(drawn).all(), what
