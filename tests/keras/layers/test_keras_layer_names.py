"""The same model built twice in a process has the same paths, whatever Keras calls its layers."""

import os
import subprocess
import sys
import warnings

import keras
import numpy as np
import pytest
from common.keras_recipes import L, paths

import fanwise.keras as fk
from fanwise.adapters.keras.drawing.transfer import host_array as array


def chain():
    layers = (L.Dense(4), L.Dense(4), L.BatchNormalization(), L.Dense(4, name="head"))
    return keras.Sequential([keras.Input((4,)), *layers])


def crossed():
    """The order of the model is not that in which its layers are made."""
    inputs, last, middle = keras.Input((4,)), L.Dense(4), L.Dense(4)
    return keras.Model(inputs, last(middle(L.Dense(4)(inputs))))


def shared():
    inputs, layer = keras.Input((4,)), L.Dense(4)
    return keras.Model(inputs, layer(L.Dense(4)(layer(inputs))))


def nested():
    inputs = keras.Input((4,))
    inner = keras.Sequential([keras.Input((4,)), L.Dense(4)])
    outer = keras.Model(inputs, L.Dense(4)(inner(inputs)))
    return keras.Sequential([keras.Input((4,)), L.Dense(4), outer])


def wrapped():
    both = L.Bidirectional(L.SimpleRNN(2, return_sequences=True))
    layers = (both, L.SimpleRNN(3, return_sequences=True), L.TimeDistributed(L.Dense(2)))
    return keras.Sequential([keras.Input((3, 4)), *layers, L.TimeDistributed(L.Dense(2))])


class Gated(L.Layer):
    """Weights without names, and layers held by attributes."""

    def __init__(self):
        super().__init__()
        self.inner = L.Dense(4)

    def build(self, shape):
        self.gate = self.add_weight(shape=(4, 4))
        self.scales = [self.add_weight(shape=(4,)) for _ in range(2)]
        self.named = self.add_weight(shape=(4,), name="shift")
        self.add_weight(shape=(2, 2))
        self.add_weight(shape=(3, 3))
        self.inner.build(shape)

    def call(self, x):
        return self.inner(keras.ops.matmul(x, self.gate) * self.scales[0] + self.named)


class Subclassed(keras.Model):
    def __init__(self):
        super().__init__()
        self.blocks = [Gated(), Gated()]
        self.last = L.Dense(2)

    def call(self, x):
        for block in self.blocks:
            x = block(x)
        return self.last(x)


def subclassed():
    model = Subclassed()
    model(np.zeros((1, 4), np.float32))
    return model


PAIR = ("kernel", "bias")
RNN = ("kernel", "recurrent_kernel", "bias")
NORM = ("scale", "offset", "mean", "variance")
GATED = ("gate", "scales/0", "scales/1", "shift", "variable", "variable_1")
#: As in a process of their own.
MODELS = {
    chain: {"dense": PAIR, "dense_1": PAIR, "batch_normalization": NORM, "head": PAIR},
    crossed: {"dense_2": PAIR, "dense_1": PAIR, "dense": PAIR},
    shared: {"dense": PAIR, "dense_1": PAIR},
    nested: {"dense_2": PAIR, "functional/sequential/dense": PAIR, "functional/dense_1": PAIR},
    wrapped: {
        "bidirectional/forward": RNN,
        "bidirectional/backward": RNN,
        "simple_rnn_1": RNN,
        "dense": PAIR,
        "dense_1": PAIR,
    },
    subclassed: {
        "gated": GATED,
        "gated/dense": PAIR,
        "gated_1": GATED,
        "gated_1/dense_1": PAIR,
        "dense_2": PAIR,
    },
}


def listed(expected):
    return [f"{name}/{role}" for name, roles in expected.items() for role in roles]


@pytest.mark.parametrize("make", MODELS)
def test_a_model_built_again_has_the_same_paths(make):
    expected = sorted(listed(MODELS[make]))
    for _ in range(3):
        assert sorted(paths(make(), dry_run=True)) == expected


@pytest.mark.parametrize("make", [chain, crossed, nested, wrapped])
def test_a_cloned_model_has_the_same_paths(make):
    make()
    model = make()
    assert paths(keras.models.clone_model(model), dry_run=True) == paths(model, dry_run=True)


def test_a_model_built_again_has_the_same_weights():
    first, second = chain(), chain()
    for model in (first, second):
        fk.initialize(model, "keras_default", seed=3)
    assert first.layers[0].name != second.layers[0].name
    for one, other in zip(first.weights, second.weights, strict=True):
        np.testing.assert_array_equal(array(one), array(other))


PROGRAM = """
import sys
sys.path.append("tests")
import keras, numpy, warnings
warnings.simplefilter("error")
import fanwise.keras as fk
L = keras.layers
def bound():
    inputs, last, middle = keras.Input((4,)), L.Dense(4), L.Dense(4)
    return keras.Model(inputs, last(middle(L.Dense(4)(inputs))))
model = bound()
rule = {"match": "**", "init": "zeros"}
rows = fk.initialize(model, {"fanwise": 1, "rule": [rule]}, seed=0, dry_run=True).rows
assert [row.path.partition("/")[0] for row in rows[::2]] == [v.name for v in model.layers[1:]]
print(rows[0].path)
"""


def test_in_a_fresh_process_the_names_are_those_of_keras():
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM], check=True, capture_output=True, text=True, env=os.environ
    )
    assert ran.stdout == "dense_2/kernel\n"


def test_names_of_another_form_are_kept():
    names = ("dense_a", "dense_01", "Dense_1", "dense__1", "first_dense_1")
    layers = [L.Dense(4, name=name) for name in names]
    model = keras.Sequential([keras.Input((4,)), *layers])
    assert paths(model, dry_run=True)[::2] == [f"{name}/kernel" for name in names]


def test_numbers_from_zero_are_not_those_of_keras():
    names = ("dense_0", "dense_1", "dense_2")
    model = keras.Sequential([keras.Input((4,)), *(L.Dense(4, name=name) for name in names)])
    assert paths(model, dry_run=True)[::2] == [f"{name}/kernel" for name in names]


def test_a_given_name_that_looks_like_one_of_keras_is_counted_and_told():
    layer = L.Dense(4, name="dense_1000001")
    model = keras.Sequential([keras.Input((4,)), layer])
    with pytest.warns(UserWarning, match="'dense_1000001' has a name as Keras makes them.*'dense'"):
        assert paths(model, dry_run=True) == ["dense/kernel", "dense/bias"]


def test_what_a_layer_without_weights_is_called_is_not_told():
    """Models of keras.applications give such names."""
    names = ("reshape_1000001", "reshape_1000009", "reshape_1000003")
    layers = [L.Reshape((4,), name=name) for name in names]
    model = keras.Sequential([keras.Input((4,)), *layers, L.Dense(4, name="head")])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert paths(model, dry_run=True) == ["head/kernel", "head/bias"]


def test_numbers_that_tell_no_order_give_that_of_the_model_and_are_told():
    """A new layer before one that was loaded: in another process it has a higher number."""
    config = L.Dense(4).get_config()
    layers = [L.Dense.from_config(config | {"name": f"dense_{n}"}) for n in (9, 7, 3)]
    model = keras.Sequential([keras.Input((4,)), *layers])
    with pytest.warns(UserWarning, match="dense_9, dense_7, dense_3 are neither"):
        assert paths(model, dry_run=True)[::2] == [
            "dense/kernel",
            "dense_1/kernel",
            "dense_2/kernel",
        ]
    again = keras.Sequential([keras.Input((4,)), *layers[::-1]])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert paths(again, dry_run=True)[0] == "dense/kernel"


class Pair(L.Layer):
    """Gives its layers names as Keras makes them."""

    def __init__(self, **more):
        super().__init__(**more)
        self.up = L.Dense(8, name="dense_1")
        self.down = L.Dense(4, name="dense_2")

    def build(self, shape):
        self.up.build(shape)
        self.down.build((*shape[:-1], 8))

    def call(self, inputs):
        return self.down(self.up(inputs))


def blocks():
    return keras.Sequential([keras.Input((4,)), Pair(name="a"), Pair(name="b"), L.Dense(3)])


@pytest.mark.filterwarnings("ignore:The layer 'dense_")
@pytest.mark.parametrize("made_before", range(4))
def test_names_that_blocks_give_are_counted_apart_from_those_that_keras_makes(made_before):
    keras.utils.clear_session()
    for _ in range(made_before):
        L.Dense(1)
    names = [path.removesuffix("/kernel") for path in paths(blocks()) if path.endswith("kernel")]
    assert names == ["a/dense", "a/dense_1", "b/dense", "b/dense_1", "dense"]
