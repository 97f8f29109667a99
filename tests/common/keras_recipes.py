"""What the tests of recipes in Keras share: a recipe, and what it must give."""

import keras
import numpy as np
import pytest

import fanwise.keras as fk
from common.bits import same_bits
from fanwise import FanwiseError, sample, scheme
from fanwise.adapters.keras.drawing.transfer import host_array as array

L = keras.layers
HALF = {"name": "normal", "std": 0.5}
NORMAL = {"scheme": "normal", "std": 0.5}
EVERY = {"fanwise": 1, "rule": [{"match": "**", "init": NORMAL}]}
LSTM = ("kernel", "recurrent_kernel", "bias", "forget_bias")
GRU = ("kernel", "recurrent_kernel", "bias", "recurrent_bias")
PAIR = ("kernel", "bias")


def sequential(shape, *layers, **how):
    return keras.Sequential([keras.Input(shape, **how), *layers])


def stream(path, size, seed=7, dtype="float32"):
    """What an elementwise scheme gives a weight of any shape, in canonical order."""
    return sample(scheme(**HALF), (size,), seed=seed, path=path, dtype=dtype)


def same(found, path, **how):
    found = np.ascontiguousarray(found)
    assert found.size
    assert same_bits(found, stream(path, found.size, **how)), path


def gates(count, order, forget=None):
    """The kernels and the biases of a cell, gate by gate."""

    def found(layer):
        cell = getattr(layer, "cell", layer)
        made = []
        for kernel in (array(cell.kernel), array(cell.recurrent_kernel)):
            each = np.split(kernel, count, axis=-1)
            made.append(np.stack([each[gate] for gate in order]))
        rows = array(cell.bias)
        for row in rows if rows.ndim == 2 else [rows]:
            each = np.split(row, count)
            made.append(np.stack([each[gate] for gate in order if gate != forget]))
        return made if forget is None else [*made, each[forget]]

    return found


def paths(model, recipe=EVERY, **how):
    return [row.path for row in fk.initialize(model, recipe, seed=7, **how).rows]


def snapshot(model):
    return [array(weight).tobytes() for weight in model.weights]


def refused(model, recipe, match, **how):
    before = snapshot(model)
    with pytest.raises(FanwiseError, match=match):
        fk.initialize(model, recipe, **{"seed": 7, **how})
    assert snapshot(model) == before


def rules(*given, **more):
    return {"fanwise": 1, "rule": [*given, *EVERY["rule"]], **more}
