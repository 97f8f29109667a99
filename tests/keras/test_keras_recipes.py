"""Whole models from a recipe: canonical paths, values where they belong, all or nothing."""

import math
import os
import subprocess
import sys

import keras
import numpy as np
import pytest
from bits import same_bits

import fanwise.keras as fk
from fanwise import FanwiseError, sample, scheme
from fanwise.adapters.keras.judged import array

L = keras.layers
HALF = {"name": "normal", "std": 0.5}
NORMAL = {"scheme": "normal", "std": 0.5}
EVERY = {"fanwise": 1, "rule": [{"match": "**", "init": NORMAL}]}


@pytest.fixture(autouse=True)
def channels_last():
    before = keras.config.image_data_format()
    keras.config.set_image_data_format("channels_last")
    yield
    keras.config.set_image_data_format(before)


def sequential(shape, *layers, **how):
    return keras.Sequential([keras.Input(shape, **how), *layers])


def stream(path, size, seed=7, dtype="float32"):
    """What an elementwise scheme gives a weight of any shape, in canonical order."""
    return sample(scheme(**HALF), (size,), seed=seed, path=path, dtype=dtype)


def same(found, path, **how):
    found = np.ascontiguousarray(found)
    assert found.size
    assert same_bits(found, stream(path, found.size, **how)), path


def plain(*variables):
    """Variables whose storage is in canonical order."""
    return lambda layer: [array(getattr(layer, name)) for name in variables]


def transposed(layer):
    return [np.swapaxes(array(layer.kernel), -1, -2), array(layer.bias)]


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


def attention(layer):
    inner = (layer._query_dense, layer._key_dense, layer._value_dense, layer._output_dense)
    return [array(v) for dense in inner for v in (dense.kernel, dense.bias)]


HEADS = tuple(f"{n}/{w}" for n in ("query", "key", "value", "out") for w in ("kernel", "bias"))
LSTM = ("kernel", "recurrent_kernel", "bias", "forget_bias")
GRU = ("kernel", "recurrent_kernel", "bias", "recurrent_bias")
PAIR = ("kernel", "bias")
NORM = ("scale", "offset")
# Inputs, a layer, its kind and its kernel's fans; its weights' paths, and their values.
LAYERS = {
    "Dense": ((3,), L.Dense(5), "dense", (3, 5), PAIR, plain("kernel", "bias")),
    "EinsumDense": (
        (4, 6),
        L.EinsumDense("abc,dec->abde", (None, 2, 3), bias_axes="de"),
        "dense",
        (6, 6),
        PAIR,
        lambda layer: [np.moveaxis(array(layer.kernel), 2, 0), array(layer.bias)],
    ),
    "EinsumDense batch": (
        (4, 6),
        L.EinsumDense("abc,cbd->abd", (4, 3), bias_axes="bd"),
        "dense",
        (6, 3),
        PAIR,
        lambda layer: [np.moveaxis(array(layer.kernel), 1, 0), array(layer.bias)],
    ),
    "Conv1D": ((7, 3), L.Conv1D(5, 2), "conv", (6, 10), PAIR, plain("kernel", "bias")),
    "Conv2D": ((7, 7, 3), L.Conv2D(5, 2), "conv", (12, 20), PAIR, plain("kernel", "bias")),
    "Conv3D": ((7, 7, 7, 3), L.Conv3D(5, 2), "conv", (24, 40), PAIR, plain("kernel", "bias")),
    "grouped": (
        (7, 7, 6),
        L.Conv2D(4, 3, groups=2),
        "conv",
        (27, 18),
        PAIR,
        plain("kernel", "bias"),
    ),
    "as many groups as channels": (
        (7, 7, 3),
        L.Conv2D(6, 3, groups=3),
        "depthwise_conv/grouped",
        (9, 18),
        PAIR,
        plain("kernel", "bias"),
    ),
    "Conv1DTranspose": (
        (7, 3),
        L.Conv1DTranspose(5, 2),
        "conv_transpose",
        (6, 10),
        PAIR,
        transposed,
    ),
    "Conv2DTranspose": (
        (7, 7, 3),
        L.Conv2DTranspose(5, 2),
        "conv_transpose",
        (12, 20),
        PAIR,
        transposed,
    ),
    "Conv3DTranspose": (
        (5, 5, 5, 3),
        L.Conv3DTranspose(5, 2),
        "conv_transpose",
        (24, 40),
        PAIR,
        transposed,
    ),
    "DepthwiseConv1D": (
        (7, 3),
        L.DepthwiseConv1D(4, depth_multiplier=2),
        "depthwise_conv",
        (4, 8),
        PAIR,
        plain("kernel", "bias"),
    ),
    "DepthwiseConv2D": (
        (7, 7, 3),
        L.DepthwiseConv2D(3, depth_multiplier=2),
        "depthwise_conv",
        (9, 18),
        PAIR,
        plain("kernel", "bias"),
    ),
    "DepthwiseConv2D of one channel": (
        (7, 7, 1),
        L.DepthwiseConv2D(3, depth_multiplier=2),
        "conv",
        (9, 18),
        PAIR,
        plain("kernel", "bias"),
    ),
    "SeparableConv1D": (
        (7, 3),
        L.SeparableConv1D(5, 4, depth_multiplier=2),
        "depthwise_conv",
        (4, 8),
        ("depthwise/kernel", "pointwise/kernel", "pointwise/bias"),
        plain("depthwise_kernel", "pointwise_kernel", "bias"),
    ),
    "SeparableConv2D": (
        (7, 7, 3),
        L.SeparableConv2D(5, 3),
        "depthwise_conv",
        (9, 9),
        ("depthwise/kernel", "pointwise/kernel", "pointwise/bias"),
        plain("depthwise_kernel", "pointwise_kernel", "bias"),
    ),
    "Embedding": (
        (4,),
        L.Embedding(11, 6),
        "embedding",
        (11, 6),
        ("embedding",),
        plain("embeddings"),
    ),
    "BatchNormalization": (
        (4, 6),
        L.BatchNormalization(),
        "norm",
        None,
        (*NORM, "mean", "variance"),
        plain("gamma", "beta", "moving_mean", "moving_variance"),
    ),
    "LayerNormalization": (
        (4, 6),
        L.LayerNormalization(axis=(1, 2)),
        "norm",
        None,
        NORM,
        plain("gamma", "beta"),
    ),
    "GroupNormalization": (
        (4, 6),
        L.GroupNormalization(2),
        "norm",
        None,
        NORM,
        plain("gamma", "beta"),
    ),
    "SimpleRNN": ((4, 6), L.SimpleRNN(5), "rnn", (6, 5), LSTM[:3], gates(1, (0,))),
    "GRU": ((4, 6), L.GRU(5), "gru", (6, 5), GRU, gates(3, (1, 0, 2))),
    "GRU of one bias": (
        (4, 6),
        L.GRU(5, reset_after=False),
        "gru",
        (6, 5),
        GRU[:3],
        gates(3, (1, 0, 2)),
    ),
    "LSTM": ((4, 6), L.LSTM(5), "lstm", (6, 5), LSTM, gates(4, (0, 1, 2, 3), 1)),
    "LSTM without a forget bias": (
        (4, 6),
        L.LSTM(5, unit_forget_bias=False),
        "lstm",
        (6, 5),
        LSTM,
        gates(4, (0, 1, 2, 3), 1),
    ),
    "RNN": ((4, 6), L.RNN(L.LSTMCell(5)), "lstm", (6, 5), LSTM, gates(4, (0, 1, 2, 3), 1)),
    "ConvLSTM1D": (
        (4, 9, 6),
        L.ConvLSTM1D(5, 3),
        "conv_lstm",
        (18, 15),
        LSTM,
        gates(4, (0, 1, 2, 3), 1),
    ),
}
each_layer = pytest.mark.parametrize("case", LAYERS.values(), ids=LAYERS.keys())


def copy(layer, name):
    """A new layer of the same kind, so that the table's own stays unbuilt."""
    return type(layer).from_config({**layer.get_config(), "name": name})


@each_layer
def test_every_weight_is_that_of_its_path(case):
    shape, layer, kind, fans, paths, values = case
    layer = copy(layer, "one")
    model = sequential(shape, layer)
    found = fk.initialize(model, EVERY, seed=7)
    assert sorted(row.path for row in found.rows) == sorted(f"one/{path}" for path in paths)
    for path, weight in zip(paths, values(layer), strict=True):
        same(weight, f"one/{path}")
    first = found.rows[0]
    assert (first.role, first.layer, first.rule) == (paths[0].rpartition("/")[2], kind, 1)
    assert (first.fan_in, first.fan_out) == (fans or (None, None))
    assert sum(row.parameters for row in found.rows) == model.count_params()
    assert first.shape == tuple(model.weights[0].shape)
    by_path = {row.path: row for row in found.rows}
    for path, weight in zip(paths, values(layer), strict=True):
        row = by_path[f"one/{path}"]
        assert row.observed == pytest.approx(np.std(weight.astype(np.float64)), rel=1e-12)
        assert (row.expected, row.scheme, row.parameters) == (0.5, "normal", weight.size)


def test_a_separable_convolution_is_two():
    model = sequential((7, 7, 3), L.SeparableConv2D(5, 3, depth_multiplier=2, name="one"))
    rows = fk.initialize(model, EVERY, seed=7).rows
    kinds = [(row.path, row.layer, row.fan_in, row.fan_out) for row in rows]
    assert kinds[:2] == [
        ("one/depthwise/kernel", "depthwise_conv", 9, 18),
        ("one/pointwise/kernel", "conv", 6, 5),
    ]


def test_root_mean_square_normalization():
    if not hasattr(L, "RMSNormalization"):
        pytest.skip("an older Keras")
    layer = L.RMSNormalization(name="one")
    fk.initialize(sequential((4, 6), layer), EVERY, seed=7)
    same(array(layer.scale), "one/scale")


@pytest.mark.parametrize("kind", ["MultiHeadAttention", "GroupQueryAttention"])
def test_attention(kind):
    made = {
        "MultiHeadAttention": lambda: L.MultiHeadAttention(2, 3, value_dim=4, name="one"),
        "GroupQueryAttention": lambda: L.GroupQueryAttention(3, 4, 2, name="one"),
    }
    layer, inputs = made[kind](), keras.Input((5, 6))
    model = keras.Model(inputs, layer(inputs, inputs))
    found = fk.initialize(model, EVERY, seed=7)
    assert [row.path for row in found.rows] == [f"one/{path}" for path in HEADS]
    assert {row.layer for row in found.rows} == {"attention"}
    for path, weight in zip(HEADS, attention(layer), strict=True):
        same(weight, f"one/{path}")
    out = 8 if kind == "MultiHeadAttention" else 12
    assert (found.rows[6].fan_in, found.rows[6].fan_out) == (out, 6)


def test_heads_are_one_matrix_to_a_structured_scheme():
    """As in a framework that stores them so."""
    layer, inputs = L.MultiHeadAttention(2, 3, name="one"), keras.Input((5, 6))
    rules = [{"role": "kernel", "init": "identity"}, {"role": "bias", "init": "zeros"}]
    model = keras.Model(inputs, layer(inputs, inputs))
    fk.initialize(model, {"fanwise": 1, "rule": rules}, seed=7)
    for dense, shape in ((layer._query_dense, (6, 6)), (layer._output_dense, (6, 6))):
        np.testing.assert_array_equal(array(dense.kernel).reshape(shape), np.eye(6))


def test_a_depthwise_kernel_is_a_grouped_one():
    rules = [{"role": "kernel", "init": "dirac"}, {"role": "bias", "init": "zeros"}]
    one = L.DepthwiseConv2D(3, depth_multiplier=2, name="one", padding="same")
    other = L.Conv2D(6, 3, groups=3, name="one", padding="same")
    for layer in (one, other):
        fk.initialize(sequential((7, 7, 3), layer), {"fanwise": 1, "rule": rules}, seed=7)
    expected = np.squeeze(array(other.kernel), 2)
    np.testing.assert_array_equal(array(one.kernel).reshape(3, 3, 6), expected)
    # The first output of every group is its input.
    assert expected[1, 1].tolist() == [1, 0] * 3
    assert expected.sum() == 3


# The function that the weights make, gate by gate, as the canonical order names them.


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def weights(name, **shapes):
    return {key: stream(f"{name}/{key}", math.prod(s)).reshape(s) for key, s in shapes.items()}


def test_the_gates_of_a_gru_are_reset_update_new():
    w = weights(
        "g", kernel=(3, 4, 5), recurrent_kernel=(3, 5, 5), bias=(3, 5), recurrent_bias=(3, 5)
    )
    x = np.random.default_rng(0).normal(size=(2, 6, 4)).astype(np.float32)
    h = np.zeros((2, 5))
    for t in range(6):
        a = [x[:, t] @ k + b for k, b in zip(w["kernel"], w["bias"], strict=True)]
        b = [h @ k + c for k, c in zip(w["recurrent_kernel"], w["recurrent_bias"], strict=True)]
        reset, update = sigmoid(a[0] + b[0]), sigmoid(a[1] + b[1])
        h = (1 - update) * np.tanh(a[2] + reset * b[2]) + update * h
    model = sequential((6, 4), L.GRU(5, name="g"))
    fk.initialize(model, EVERY, seed=7)
    np.testing.assert_allclose(array(model(x)), h, rtol=1e-4, atol=1e-5)


def test_the_gates_of_an_lstm_are_input_forget_cell_output():
    w = weights("g", kernel=(4, 4, 5), recurrent_kernel=(4, 5, 5), bias=(3, 5), forget_bias=(5,))
    bias = [w["bias"][0], w["forget_bias"], *w["bias"][1:]]
    x = np.random.default_rng(0).normal(size=(2, 6, 4)).astype(np.float32)
    h, c = np.zeros((2, 5)), np.zeros((2, 5))
    for t in range(6):
        enter, forget, cell, leave = (
            x[:, t] @ w["kernel"][n] + h @ w["recurrent_kernel"][n] + bias[n] for n in range(4)
        )
        c = sigmoid(forget) * c + sigmoid(enter) * np.tanh(cell)
        h = sigmoid(leave) * np.tanh(c)
    model = sequential((6, 4), L.LSTM(5, name="g"))
    fk.initialize(model, EVERY, seed=7)
    np.testing.assert_allclose(array(model(x)), h, rtol=1e-4, atol=1e-5)


def test_a_transposed_convolution_is_not_flipped():
    """An input at x adds kernel[k] at stride * x + k, as in torch."""
    kernel = stream("up/kernel", 3 * 2 * 4).reshape(3, 2, 4)
    x = np.random.default_rng(0).normal(size=(1, 5, 2)).astype(np.float32)
    expected = np.zeros((1, 11, 4))
    for at in range(5):
        for k in range(3):
            expected[:, 2 * at + k] += x[:, at] @ kernel[k]
    model = sequential((5, 2), L.Conv1DTranspose(4, 3, strides=2, use_bias=False, name="up"))
    fk.initialize(model, EVERY, seed=7)
    np.testing.assert_allclose(array(model(x)), expected, rtol=1e-4, atol=1e-5)


# Models.


def paths(model, recipe=EVERY, **how):
    return [row.path for row in fk.initialize(model, recipe, seed=7, **how).rows]


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
    inner = model.layers[1].layer.name
    expected = ["each", f"{inner}/inner"]
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


def test_a_reversible_embedding():
    if not hasattr(L, "ReversibleEmbedding"):
        pytest.skip("an older Keras")
    assert paths(sequential((4,), L.ReversibleEmbedding(11, 6, name="t"))) == ["t/embedding"]
    untied = L.ReversibleEmbedding(11, 6, tie_weights=False, name="t")
    assert paths(sequential((4,), untied)) == ["t/embedding", "t/reverse/kernel"]
    same(array(untied.reverse_embeddings), "t/reverse/kernel")


# Layers of one's own.


class Own(keras.layers.Layer):
    def build(self, shape):
        self.token = self.add_weight(shape=(1, 2, 6), name="cls_token")
        self.gain = self.add_weight(shape=(6,), name="scale")
        self.mix = self.add_weight(shape=(3, 6), name="kernel")
        self.flat = self.add_weight(shape=(6,), name="embedding")
        self.count = self.add_weight(shape=(), name="count", trainable=False, initializer="zeros")

    def call(self, x):
        return x + self.token[:, :1] * self.gain


def test_a_weight_of_no_known_layer_has_its_own_name():
    own = Own(name="own")
    model = sequential((4, 6), own)
    own.trainable = False
    found = fk.initialize(model, EVERY, seed=7)
    told = [(row.path, row.role, row.layer, row.fan_in, row.fan_out) for row in found.rows]
    assert told == [
        ("own/cls_token", "", "parameter", None, None),
        ("own/scale", "scale", "parameter", None, None),
        ("own/kernel", "kernel", "parameter", 3, 6),
        ("own/embedding", "", "parameter", None, None),
    ]
    same(array(own.token), "own/cls_token")
    assert float(array(own.count)) == 0


class OutIn(keras.layers.Layer):
    def __init__(self, **how):
        super().__init__(**how)
        self.inner = L.Dense(6, name="inner")

    def build(self, shape):
        self.w = self.add_weight(shape=(5, 6), name="w")
        self.inner.build(shape)

    def call(self, x):
        return keras.ops.matmul(self.inner(x), keras.ops.transpose(self.w))


class OutInAgain(OutIn):
    pass


@pytest.fixture
def registered():
    from fanwise.adapters.keras import collect

    before = dict(collect._described)
    yield
    collect._described.clear()
    collect._described.update(before)


@pytest.mark.usefixtures("registered")
def test_a_registered_layer():
    fk.register_layer(OutIn, lambda layer: [fk.Part(layer.w, "kernel", axes="out in")])
    own = OutInAgain(name="own")
    found = fk.initialize(sequential((6,), own), EVERY, seed=7)
    assert [row.path for row in found.rows] == ["own/kernel", "own/inner/kernel", "own/inner/bias"]
    same(array(own.w).T, "own/kernel")
    assert (found.rows[0].fan_in, found.rows[0].fan_out) == (6, 5)


@pytest.mark.usefixtures("registered")
def test_a_wrong_description():
    model = sequential((6,), OutIn(name="own"))
    wrong = {
        "Yield fanwise.keras.Part": lambda _: [1],
        "a variable as kernel": lambda _: [fk.Part(None, "kernel")],
        "the axes 'in' fit": lambda layer: [fk.Part(layer.w, "kernel", axes="in")],
        "a row of": lambda layer: [fk.Part(layer.w, "kernel", axes="in", row=5)],
        "among 0": lambda layer: [fk.Part(layer.w, "kernel", axes="in out", gates=(0,))],
        "among 2": lambda layer: [fk.Part(layer.w, "kernel", axes="in (2 out)", gates=(0, 2))],
        "at most once": lambda layer: [fk.Part(layer.w, "a", axes="in (2 out)", gates=(0, 0))],
    }
    for match, describe in wrong.items():
        fk.register_layer(OutIn, describe)
        refused(model, EVERY, match)
    with pytest.raises(FanwiseError, match="class of Keras layers"):
        fk.register_layer(OutIn(), lambda _: [])
    with pytest.raises(FanwiseError, match="a function"):
        fk.register_layer(OutIn, 3)


def test_low_ranks_are_weights():
    model = sequential((6,), L.Dense(5, name="one"))
    model.layers[0].enable_lora(2)
    base = array(model.layers[0]._kernel).copy()
    found = paths(model)
    assert found == ["one/kernel", "one/bias", "one/lora_kernel_a", "one/lora_kernel_b"]
    assert array(model.layers[0]._kernel).tobytes() != base.tobytes()
    same(array(model.layers[0]._kernel), "one/kernel")


# Running statistics, biases that start by themselves, batch renormalization.


def test_running_statistics_start_as_ever():
    rules = [{"role": role, "init": NORMAL} for role in ("kernel", "scale", "offset", "bias")]
    norm = L.BatchNormalization(name="norm")
    model = sequential((6,), L.Dense(5, name="one"), norm)
    norm.moving_mean.assign(np.full(5, 3.0))
    norm.moving_variance.assign(np.full(5, 3.0))
    found = fk.initialize(model, {"fanwise": 1, "rule": rules}, seed=7)
    assert array(norm.moving_mean).tolist() == [0.0] * 5
    assert array(norm.moving_variance).tolist() == [1.0] * 5
    assert [row.rule for row in found.rows][-2:] == [0, 0]
    assert found.parameters == 45


def test_a_bias_has_the_fans_of_its_kernel():
    rules = [{"role": "kernel", "init": NORMAL}, {"role": "bias", "init": "torch_default"}]
    layer = L.LSTM(30, name="one")
    model = sequential((4, 6), layer)
    rules.append({"role": "recurrent_kernel", "init": NORMAL})
    found = fk.initialize(model, {"fanwise": 1, "rule": rules}, seed=7)
    by_path = {row.path: row for row in found.rows}
    assert by_path["one/bias"].expected == pytest.approx(1 / math.sqrt(3 * 6))
    assert by_path["one/forget_bias"].expected == pytest.approx(1 / math.sqrt(3 * 6))


def test_batch_renormalization_keeps_copies():
    import inspect

    if "renorm" not in inspect.signature(L.BatchNormalization.__init__).parameters:
        pytest.skip("an older Keras")
    norm = L.BatchNormalization(renorm=True, name="norm")
    rules = [
        {"role": "variance", "init": {"scheme": "constant", "value": 4.0}},
        {"role": "mean", "init": {"scheme": "constant", "value": 2.0}},
        {"match": "**", "init": "ones"},
    ]
    fk.initialize(sequential((5,), norm), {"fanwise": 1, "rule": rules}, seed=7)
    assert array(norm.moving_stddev).tolist() == array(norm.renorm_stddev).tolist() == [2.0] * 5
    assert array(norm.renorm_mean).tolist() == [2.0] * 5


# Parts of a model, plans, names, dtypes.


def snapshot(model):
    return [array(weight).tobytes() for weight in model.weights]


def test_only_and_exclude():
    model = sequential((4, 6), L.LSTM(5, name="body"), L.Dense(2, name="head"))
    body, head = model.layers
    before = snapshot(body)
    found = fk.initialize(model, EVERY, seed=7, only="head/**", exclude="**/bias")
    assert [row.path for row in found.rows] == ["head/kernel"]
    assert snapshot(body) == before
    same(array(head.kernel), "head/kernel")
    # A part of a variable, and the rest of it is left alone.
    before = array(body.cell.bias).copy()
    fk.initialize(model, EVERY, seed=7, only="**/forget_bias")
    after = array(body.cell.bias)
    same(after[5:10], "body/forget_bias")
    np.testing.assert_array_equal(np.delete(after, range(5, 10)), np.delete(before, range(5, 10)))


def test_a_dry_run_changes_nothing():
    model = sequential((4, 6), L.LSTM(5, name="body"), L.Dense(2, name="head"))
    before = snapshot(model)
    dry = fk.initialize(model, EVERY, seed=7, dry_run=True)
    assert snapshot(model) == before
    assert all(math.isnan(row.observed) for row in dry.rows)
    wet = fk.initialize(model, EVERY, seed=7)
    assert [row.path for row in dry.rows] == [row.path for row in wet.rows]
    assert dry.parameters == wet.parameters == model.count_params()
    assert [row.expected for row in dry.rows] == [row.expected for row in wet.rows]


def test_names_make_paths_canonical():
    recipe = {**EVERY, "names": {"keras": {"block_*": "blocks/*"}, "torch": {"block_*": "b/*"}}}
    model = sequential((6,), L.Dense(6, name="block_0"), L.Dense(6, name="block_1"))
    found = paths(model, recipe)
    assert found == [f"blocks/{n}/{role}" for n in (0, 1) for role in PAIR]
    same(array(model.layers[1].kernel), "blocks/1/kernel")


def test_variables_take_the_place_of_those_of_the_recipe():
    recipe = {
        "fanwise": 1,
        "vars": {"std": 0.1},
        "rule": [{"match": "**", "init": {"scheme": "normal", "std": "std * 5"}}],
    }
    model = sequential((6,), L.Dense(6, name="one"))
    (row, _) = fk.initialize(model, recipe, seed=7, std=0.2).rows
    assert row.expected == pytest.approx(1.0)


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float64"])
def test_dtypes(dtype):
    if dtype == "float64" and keras.config.backend() == "jax":
        pytest.skip("JAX has none unless it is told so")
    # Keras's own orthogonal start is not for half precision.
    layer = L.LSTM(5, dtype=dtype, recurrent_initializer="zeros")
    layer.build((None, 4, 6))
    fk.initialize(layer, EVERY, seed=7)
    for path, weight in zip(LSTM, gates(4, (0, 1, 2, 3), 1)(layer), strict=True):
        same(weight, path, dtype=dtype)
    fk.initialize(layer, EVERY, seed=8, only="forget_bias")
    _, _, bias, forget = gates(4, (0, 1, 2, 3), 1)(layer)
    same(bias, "bias", dtype=dtype)
    same(forget, "forget_bias", seed=8, dtype=dtype)


def test_a_seed_gives_a_model_again_and_another_seed_another():
    model = sequential((6,), L.Dense(6, name="one"), L.Dense(6, name="two"))
    found = []
    for seed in (7, 8, 7):
        fk.initialize(model, EVERY, seed=seed)
        found.append(snapshot(model))
    assert found[0] == found[2] != found[1]
    assert len(set(found[0])) == 4


# Errors: each clear, nothing changed.


def refused(model, recipe, match, **how):
    before = snapshot(model)
    with pytest.raises(FanwiseError, match=match):
        fk.initialize(model, recipe, **{"seed": 7, **how})
    assert snapshot(model) == before


def rules(*given, **more):
    return {"fanwise": 1, "rule": [*given, *EVERY["rule"]], **more}


BAD = {
    "a rule that fits nothing": (rules({"match": "tail/**", "init": "zeros"}), "tail"),
    "an unmatched weight": (
        {"fanwise": 1, "rule": [{"role": "bias", "init": "zeros"}]},
        "up/kernel",
    ),
    "a cycle": (rules({"match": "**", "init": NORMAL}, vars={"a": "b", "b": "a"}), "a"),
    "an unknown variable": (
        rules({"role": "kernel", "init": {"scheme": "normal", "std": "depth"}}),
        "depth",
    ),
    "no arithmetic": (
        rules({"role": "kernel", "init": {"scheme": "normal", "std": "open('x')"}}),
        "open",
    ),
    "a fan scheme on a scale": (rules({"role": "scale", "init": "he_normal"}), "norm/scale"),
    "a scheme that the last weight refuses": (
        rules({"match": "head/kernel", "init": "dirac"}),
        "head/kernel",
    ),
    "a clash by names": ({**EVERY, "names": {"keras": {"up": "head"}}}, "Two weights meet"),
    "an unknown scheme": (rules({"role": "bias", "init": "ones_like"}), "ones_like"),
    "an unknown recipe": ("keras_defaults", "keras_default"),
}


@pytest.mark.parametrize(("recipe", "match"), BAD.values(), ids=BAD.keys())
def test_a_bad_recipe(recipe, match):
    norm = L.LayerNormalization(name="norm")
    model = sequential((6,), L.Dense(5, name="up"), norm, L.Dense(5, name="head"))
    refused(model, recipe, match)


def test_a_name_that_has_no_bytes():
    model = sequential((6,), L.Dense(5, name="up"), L.Dense(5, name="down"))
    names = {**EVERY, "names": {"keras": {"down": "\ud800"}}}
    refused(model, names, "UTF-8")


@pytest.mark.parametrize("seed", [-1, 2**64, 1.5, None, True])
def test_a_bad_seed(seed):
    refused(sequential((6,), L.Dense(5, name="up")), EVERY, "seed", seed=seed)


def test_patterns_that_fit_nothing_and_unknown_variables():
    model = sequential((6,), L.Dense(5, name="up"))
    refused(model, EVERY, "only", only="head/**")
    refused(model, EVERY, "exclude", exclude="head/**")
    refused(model, EVERY, "std", std=1.0)


def test_two_layers_of_one_name():
    class Clash(keras.Model):
        def __init__(self):
            super().__init__()
            self.a, self.b = L.Dense(6, name="same"), L.Dense(6, name="same")

        def call(self, x):
            return self.b(self.a(x))

    model = Clash()
    model(np.zeros((1, 6), np.float32))
    refused(model, EVERY, "same/kernel")


def test_a_model_that_is_not_built():
    model = keras.Sequential([L.Dense(5, name="up")])
    refused(model, EVERY, "built")
    inner = Subclassed()
    inner.blocks[0].build((None, 6))
    refused(inner, EVERY, r"1 \(Block\)")
    refused(inner, EVERY, "model.build", dry_run=True)
    model.build((None, 3))
    assert paths(model) == ["up/kernel", "up/bias"]


# Keras's own quantizing.
@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
def test_a_quantized_model():
    model = sequential((6,), L.Dense(5, name="up"), L.Dense(5, name="down"))
    model.layers[1].quantize("int8")
    refused(model, EVERY, r"down \(Dense\), quantized")


class Counting(keras.layers.Layer):
    def build(self, shape):
        self.count = self.add_weight(
            shape=(2,), dtype="int32", name="count", trainable=False, initializer="zeros"
        )

    def call(self, x):
        return x


@pytest.mark.usefixtures("registered")
def test_a_weight_that_is_no_float():
    fk.register_layer(Counting, lambda layer: [fk.Part(layer.count, "count", "parameter")])
    model = sequential((6,), L.Dense(5, name="up"), Counting(name="own"))
    refused(model, EVERY, "own/count")
    assert len(paths(model, exclude="own/count")) == 2


def test_what_is_no_model():
    with pytest.raises(FanwiseError, match="Keras model"):
        fk.initialize([1], EVERY, seed=7)


class Empty(keras.layers.Layer):
    def build(self, shape):
        self.w = self.add_weight(shape=(0, 2), name="kernel", initializer="zeros")

    def call(self, x):
        return x


def test_an_empty_weight():
    found = fk.initialize(sequential((6,), Empty(name="own"), L.Dense(3)), EVERY, seed=7)
    assert found.parameters == 21
    assert (found.rows[0].path, found.rows[0].parameters) == ("own/kernel", 0)
    assert math.isnan(found.rows[0].observed)


# Devices.

START = """
import warnings
import keras
import numpy as np
warnings.simplefilter("error")
import fanwise.keras as fk
from fanwise import sample, scheme
from fanwise.adapters.keras.judged import array
recipe = {"fanwise": 1, "rule": [{"match": "**", "init": {"scheme": "normal", "std": 0.5}}]}

def bits(path, *shape):
    return sample(scheme("normal", std=0.5), shape, seed=7, path=path).tobytes()

def model():
    return keras.Sequential([keras.Input((16,)), keras.layers.Dense(8, name="up")])
"""
SHARDED = """
import jax
devices = keras.distribution.list_devices()
mesh = keras.distribution.DeviceMesh((2, 4), ["batch", "model"], devices)
layout = keras.distribution.LayoutMap(mesh)
layout[".*up/kernel"] = (None, "model")
keras.distribution.set_distribution(keras.distribution.ModelParallel(layout_map=layout))
made = model()
before = made.layers[0].kernel.value.sharding
assert before.shard_shape((16, 8)) == (16, 2)
fk.initialize(made, recipe, seed=7)
assert made.layers[0].kernel.value.sharding == before
assert array(made.layers[0].kernel).tobytes() == bits("up/kernel", 16, 8)
assert array(made.layers[0].bias).tobytes() == bits("up/bias", 8)
print("done")
"""
MIRRORED = """
import tensorflow as tf
(cpu,) = tf.config.list_physical_devices("CPU")
tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
strategy = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
with strategy.scope():
    made = model()
    fk.initialize(made, recipe, seed=7)
parts = strategy.experimental_local_results(made.layers[0].kernel.value)
assert len(parts) == 2
assert {part.numpy().tobytes() for part in parts} == {bits("up/kernel", 16, 8)}
print("done")
"""


def runs(script, **environment):
    done = subprocess.run(
        [sys.executable, "-c", START + script],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.endswith("done\n")


@pytest.mark.skipif(keras.config.backend() != "jax", reason="of JAX")
def test_a_sharded_variable_keeps_its_layout():
    runs(SHARDED, XLA_FLAGS="--xla_force_host_platform_device_count=8")


@pytest.mark.skipif(keras.config.backend() != "tensorflow", reason="of TensorFlow")
def test_a_mirrored_variable_is_set_everywhere():
    runs(MIRRORED)
