"""Every scheme by its class: the reference's bits, a config that makes it again, refusals."""

import keras
import numpy as np
import pytest
from common.hostile_parameters import hostile_parameters

import fanwise
import fanwise.keras as fk
from fanwise.adapters.keras.drawing.transfer import host_array
from fanwise.conformance.vectors.examples import FIRST, example_of, examples

LATER = {e.name: e for e in examples() if e.entry.since != FIRST}


def given(entry, params):
    """What the class of a scheme takes: Keras counts the fans itself."""
    hidden = ("fan", "groups") if entry.uses_fan else ()
    return {key: value for key, value in params.items() if key not in hidden}


@pytest.mark.parametrize("name", LATER)
def test_a_class_gives_the_bits_of_the_reference_and_so_does_its_config(name):
    entry, draw = LATER[name].entry, example_of(LATER[name])
    path = "/".join(("layer", *entry.members[:1], "kernel"))
    seed = {"seed": 5} if draw.scheme.law(draw.shape, draw.axes).std and entry.draws else {}
    made = getattr(fk, name)(**given(entry, entry.example), **seed, path=path)
    expected = fanwise.sample(draw.scheme, draw.shape, seed=5, path=path, axes=draw.axes)
    drawn = host_array(made(draw.shape))
    assert drawn.tobytes() == expected.tobytes()
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(made))
    assert host_array(again(draw.shape)).tobytes() == expected.tobytes()


@pytest.mark.parametrize("name", LATER)
def test_what_is_wrong_is_refused(name):
    entry, draw = LATER[name].entry, example_of(LATER[name])
    for what, params in hostile_parameters(entry):
        if what.partition("=")[0] in ("fan", "groups") and entry.uses_fan:
            continue
        try:
            made = getattr(fk, name)(**given(entry, params))
            drawn = host_array(made(draw.shape))
        except fanwise.FanwiseError:
            continue
        except TypeError as error:
            if "missing a required argument" not in str(error):
                raise
        else:
            assert np.isfinite(drawn).all(), what
