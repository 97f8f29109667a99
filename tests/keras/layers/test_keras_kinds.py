"""Every layer's weights from a recipe: their paths, kinds, fans and values."""

import keras
import numpy as np
import pytest
from common.keras_recipes import EVERY, GRU, LSTM, PAIR, L, gates, same, sequential

import fanwise.keras as fk
from fanwise.adapters.keras.drawing.transfer import host_array as array

pytestmark = pytest.mark.usefixtures("channels_last")


def plain(*variables):
    """Variables whose storage is in canonical order."""
    return lambda layer: [array(getattr(layer, name)) for name in variables]


def transposed(layer):
    return [np.swapaxes(array(layer.kernel), -1, -2), array(layer.bias)]


def attention(layer):
    inner = (layer._query_dense, layer._key_dense, layer._value_dense, layer._output_dense)
    return [array(v) for dense in inner for v in (dense.kernel, dense.bias)]


HEADS = tuple(f"{n}/{w}" for n in ("query", "key", "value", "out") for w in ("kernel", "bias"))
NORM = ("scale", "offset")
SEPARABLE = ("depthwise/kernel", "pointwise/kernel", "pointwise/bias")

# Cases: inputs, a layer, its kind and its kernel's fans; its weights' paths, and their values.


BOTH = plain("kernel", "bias")


def pair(shape, layer, kind, fans, values=BOTH):
    return shape, layer, kind, fans, PAIR, values


def separable(shape, layer, fans):
    values = plain("depthwise_kernel", "pointwise_kernel", "bias")
    return shape, layer, "depthwise_conv", fans, SEPARABLE, values


def embedding(layer, *variables):
    paths = ("embedding", "reverse/kernel")[: len(variables)]
    return (4,), layer, "embedding", (11, 6), paths, plain(*variables)


def norm(layer, paths, *variables):
    return (4, 6), layer, "norm", None, paths, plain(*variables)


def cell(layer, kind, paths, values):
    return (4, 6), layer, kind, (6, 5), paths, values


def lstm(layer):
    return cell(layer, "lstm", LSTM, gates(4, (0, 1, 2, 3), 1))


def einsum(layer, fans, axis):
    """An einsum whose kernel has its inputs along one axis."""
    values = lambda layer: [np.moveaxis(array(layer.kernel), axis, 0), array(layer.bias)]  # noqa: E731
    return pair((4, 6), layer, "dense", fans, values)


LAYERS = {
    "Dense": pair((3,), L.Dense(5), "dense", (3, 5)),
    "EinsumDense": einsum(L.EinsumDense("abc,dec->abde", (None, 2, 3), bias_axes="de"), (6, 6), 2),
    "EinsumDense batch": einsum(L.EinsumDense("abc,cbd->abd", (4, 3), bias_axes="bd"), (6, 3), 1),
    "Conv1D": pair((7, 3), L.Conv1D(5, 2), "conv", (6, 10)),
    "Conv2D": pair((7, 7, 3), L.Conv2D(5, 2), "conv", (12, 20)),
    "Conv3D": pair((7, 7, 7, 3), L.Conv3D(5, 2), "conv", (24, 40)),
    "grouped": pair((7, 7, 6), L.Conv2D(4, 3, groups=2), "conv", (27, 18)),
    "as many groups as channels": pair(
        (7, 7, 3), L.Conv2D(6, 3, groups=3), "depthwise_conv/grouped", (9, 18)
    ),
    "Conv1DTranspose": pair((7, 3), L.Conv1DTranspose(5, 2), "conv_transpose", (6, 10), transposed),
    "Conv2DTranspose": pair(
        (7, 7, 3), L.Conv2DTranspose(5, 2), "conv_transpose", (12, 20), transposed
    ),
    "Conv3DTranspose": pair(
        (5, 5, 5, 3), L.Conv3DTranspose(5, 2), "conv_transpose", (24, 40), transposed
    ),
    "DepthwiseConv1D": pair(
        (7, 3), L.DepthwiseConv1D(4, depth_multiplier=2), "depthwise_conv", (4, 8)
    ),
    "DepthwiseConv2D": pair(
        (7, 7, 3), L.DepthwiseConv2D(3, depth_multiplier=2), "depthwise_conv", (9, 18)
    ),
    "DepthwiseConv2D of one channel": pair(
        (7, 7, 1), L.DepthwiseConv2D(3, depth_multiplier=2), "conv", (9, 18)
    ),
    "SeparableConv1D": separable((7, 3), L.SeparableConv1D(5, 4, depth_multiplier=2), (4, 8)),
    "SeparableConv2D": separable((7, 7, 3), L.SeparableConv2D(5, 3), (9, 9)),
    "Embedding": embedding(L.Embedding(11, 6), "embeddings"),
    "BatchNormalization": norm(
        L.BatchNormalization(),
        (*NORM, "mean", "variance"),
        "gamma",
        "beta",
        "moving_mean",
        "moving_variance",
    ),
    "LayerNormalization": norm(L.LayerNormalization(axis=(1, 2)), NORM, "gamma", "beta"),
    "GroupNormalization": norm(L.GroupNormalization(2), NORM, "gamma", "beta"),
    "SimpleRNN": cell(L.SimpleRNN(5), "rnn", LSTM[:3], gates(1, (0,))),
    "GRU": cell(L.GRU(5), "gru", GRU, gates(3, (1, 0, 2))),
    "GRU of one bias": cell(L.GRU(5, reset_after=False), "gru", GRU[:3], gates(3, (1, 0, 2))),
    "LSTM": lstm(L.LSTM(5)),
    "LSTM without a forget bias": lstm(L.LSTM(5, unit_forget_bias=False)),
    "RNN": lstm(L.RNN(L.LSTMCell(5))),
    "ConvLSTM1D": (
        (4, 9, 6),
        L.ConvLSTM1D(5, 3),
        "conv_lstm",
        (18, 15),
        LSTM,
        gates(4, (0, 1, 2, 3), 1),
    ),
}
# What older versions of Keras do not have.
if hasattr(L, "RMSNormalization"):
    LAYERS["RMSNormalization"] = norm(L.RMSNormalization(), ("scale",), "scale")
if hasattr(L, "ReversibleEmbedding"):
    LAYERS["ReversibleEmbedding"] = embedding(L.ReversibleEmbedding(11, 6), "embeddings")
    LAYERS["ReversibleEmbedding untied"] = embedding(
        L.ReversibleEmbedding(11, 6, tie_weights=False), "embeddings", "reverse_embeddings"
    )
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
    assert (first.role, first.kind, first.rule) == (paths[0].rpartition("/")[2], kind, 1)
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
    kinds = [(row.path, row.kind, row.fan_in, row.fan_out) for row in rows]
    assert kinds[:2] == [
        ("one/depthwise/kernel", "depthwise_conv", 9, 18),
        ("one/pointwise/kernel", "conv", 6, 5),
    ]


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
    assert {row.kind for row in found.rows} == {"attention"}
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
