"""Models of models: paths through what is nested, wrapped, shared and tied."""

import keras
import numpy as np
import pytest
from common.keras_recipes import EVERY, GRU, LSTM, PAIR, L, gates, paths, refused, same, sequential

import fanwise.keras as fk
from fanwise.adapters.keras.drawing.transfer import host_array as array

pytestmark = pytest.mark.usefixtures("channels_last")


class Block(keras.layers.Layer):
    def __init__(self, units, **how):
        super().__init__(**how)
        self.up = L.Dense(units, name="up")
        self.norm = L.LayerNormalization(name="norm")

    def build(self, shape):
        self.up.build(shape)
        self.norm.build((*shape[:-1], self.up.units))

    def call(self, x):
        return self.norm(self.up(x))


class Subclassed(keras.Model):
    def __init__(self):
        super().__init__(name="whole")
        self.blocks = [Block(6, name="0"), Block(6, name="1")]
        self.head = L.Dense(2, name="head")

    def call(self, x):
        for block in self.blocks:
            x = block(x)
        return self.head(x)


BLOCK = ["up/kernel", "up/bias", "norm/scale", "norm/offset"]


def test_a_subclassed_model():
    model = Subclassed()
    model(np.zeros((1, 6), np.float32))
    expected = [f"{n}/{path}" for n in (0, 1) for path in BLOCK]
    assert paths(model) == [*expected, "head/kernel", "head/bias"]


def test_nested_models():
    inner = keras.Sequential([keras.Input((6,)), Block(6, name="block"), L.ReLU()], name="inner")
    inputs = keras.Input((6,))
    body = keras.Model(inputs, inner(inputs), name="body")
    model = keras.Sequential([keras.Input((6,)), body, L.Dropout(0.5), L.Dense(2, name="head")])
    assert paths(model) == [
        *(f"body/inner/block/{path}" for path in BLOCK),
        "head/kernel",
        "head/bias",
    ]


def test_a_layer_is_a_model():
    layer = L.Dense(2)
    layer.build((None, 3))
    assert paths(layer) == ["kernel", "bias"]
    same(array(layer.kernel), "kernel")


def test_wrappers_add_no_segment():
    model = sequential(
        (4, 6),
        L.TimeDistributed(L.Dense(5, name="each"), name="over_time"),
        L.TimeDistributed(sequential((5,), L.Dense(3, name="inner")), name="again"),
    )
    expected = ["each", "sequential/inner"]
    assert paths(model) == [f"{name}/{role}" for name in expected for role in PAIR]


def test_spectral_normalization_has_a_kernel_once():
    model = sequential((6,), L.SpectralNormalization(L.Dense(5, name="each"), name="n"))
    state = array(model.layers[0].vector_u).copy()
    assert paths(model) == ["each/kernel", "each/bias"]
    np.testing.assert_array_equal(array(model.layers[0].vector_u), state)


def test_both_directions():
    layer = L.Bidirectional(L.LSTM(5, name="inner"), name="both")
    assert paths(sequential((4, 6), layer)) == [
        f"both/{way}/{path}" for way in ("forward", "backward") for path in LSTM
    ]
    for way, inner in (("forward", layer.forward_layer), ("backward", layer.backward_layer)):
        for path, weight in zip(LSTM, gates(4, (0, 1, 2, 3), 1)(inner), strict=True):
            same(weight, f"both/{way}/{path}")


def test_stacked_cells_are_numbered():
    cells = [L.GRUCell(5), L.SimpleRNNCell(3)]
    layer = L.RNN(L.StackedRNNCells(cells), name="stack")
    expected = [*(f"stack/0/{path}" for path in GRU), *(f"stack/1/{path}" for path in LSTM[:3])]
    assert paths(sequential((4, 6), layer)) == expected
    same(gates(1, (0,))(cells[1])[0], "stack/1/kernel")
    alone = L.RNN(L.StackedRNNCells([L.SimpleRNNCell(3)]), name="stack")
    assert paths(sequential((4, 6), alone)) == [f"stack/{path}" for path in LSTM[:3]]


def test_a_shared_layer_is_one():
    shared, inputs = L.Dense(6, name="shared"), keras.Input((6,))
    inner = keras.Model(inputs, shared(inputs), name="inner")
    model = keras.Model(inputs, inner(shared(shared(inputs))))
    found = fk.initialize(model, EVERY, seed=7)
    assert len(found.rows) == 2
    assert found.parameters == model.count_params() == 42
    same(array(shared.kernel), found.rows[0].path)


class Tied(keras.layers.Layer):
    """A head with the weight of an embedding, and a bias of its own."""

    def __init__(self, embedding, **how):
        super().__init__(**how)
        self.embedding = embedding

    def build(self, shape):
        self.kernel = self.embedding.embeddings
        self.bias = self.add_weight(shape=(11,), name="bias")

    def call(self, x):
        return keras.ops.matmul(x, keras.ops.transpose(self.kernel)) + self.bias


def test_a_tied_weight_is_one_and_of_the_layer_that_is_known():
    embedding, inputs = L.Embedding(11, 6, name="tokens"), keras.Input((4,))
    model = keras.Model(inputs, Tied(embedding, name="head")(embedding(inputs)))
    found = fk.initialize(model, EVERY, seed=7)
    assert [row.path for row in found.rows] == ["tokens/embedding", "head/bias"]
    assert found.parameters == model.count_params() == 77


def test_a_model_that_is_not_built():
    model = keras.Sequential([L.Dense(5, name="up")])
    refused(model, EVERY, "built")
    inner = Subclassed()
    inner.blocks[0].build((None, 6))
    refused(inner, EVERY, r"1 \(Block\)")
    refused(inner, EVERY, "model.build", dry_run=True)
    model.build((None, 3))
    assert paths(model) == ["up/kernel", "up/bias"]
