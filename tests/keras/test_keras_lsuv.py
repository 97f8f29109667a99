"""LSUV of Keras models: variances before the activations, and what is left as it was."""

import keras
import numpy as np
import pytest
from keras import layers

import fanwise
import fanwise.keras
from fanwise.adapters.keras.drawing.transfer import host_values
from fanwise.spec.errors import FanwiseError

BATCH = (np.random.default_rng(0).standard_normal((64, 12)) * 3 + 1).astype(np.float32)


def mlp(*widths, activation="relu"):
    hidden = [
        layers.Dense(width, activation=activation, name=f"layer_{number}")
        for number, width in enumerate(widths)
    ]
    return keras.Sequential([keras.Input((12,)), *hidden])


def copies(model):
    return [np.array(host_values(weight.value)) for weight in model.weights]


def assert_same(model, kept):
    for weight, value in zip(model.weights, kept, strict=True):
        np.testing.assert_array_equal(host_values(weight.value), value)


@pytest.mark.parametrize("activation", ["relu", "softmax", None])
def test_variances_before_the_activations(activation):
    model = mlp(40, 30, 5, activation=activation)
    functions = [layer.activation for layer in model.layers]
    report = fanwise.keras.lsuv(model, BATCH, seed=3, tolerance=1e-3)
    assert [row.path for row in report.layers] == ["layer_0", "layer_1", "layer_2"]
    assert report.converged
    signal = BATCH
    for layer, row, function in zip(model.layers, report.layers, functions, strict=True):
        assert layer.activation is function
        kernel = host_values(layer.kernel.value)
        linear = signal @ kernel + host_values(layer.bias.value)
        assert linear.var() == pytest.approx(1, abs=2e-3)
        start = fanwise.sample("orthogonal", kernel.shape, seed=3, path=f"{row.path}/kernel")
        np.testing.assert_allclose(kernel / row.factor, start, rtol=1e-4, atol=1e-6)
        signal = host_values(keras.ops.convert_to_tensor(function(linear)))


def test_what_is_scaled_and_what_is_left():
    inputs = keras.Input((12,))
    x = layers.Reshape((12, 1))(inputs)
    x = layers.Conv1D(8, 3, activation="relu", name="conv")(x)
    x = layers.BatchNormalization(name="norm")(x)
    x = layers.Dropout(0.5, name="drop")(x)
    x = layers.DepthwiseConv1D(3, activation="relu", name="deep")(x)
    x = layers.Conv1DTranspose(6, 3, name="up")(x)
    x = layers.MultiHeadAttention(2, 4, name="attention")(x, x)
    x = layers.LSTM(6, name="memory")(x)
    x = layers.EinsumDense("ab,bc->ac", 6, bias_axes="c", activation="tanh", name="mix")(x)
    frozen = layers.Dense(6, name="frozen")
    frozen.trainable = False
    model = keras.Model(inputs, layers.Dense(3, name="head")(frozen(x)))
    kept = copies(model)
    report = fanwise.keras.lsuv(model, BATCH, seed=0)
    assert [row.path for row in report.layers] == ["conv", "deep", "up", "mix", "head"]
    assert report.converged
    assert {"norm/scale", "attention/query/kernel", "frozen/kernel"} <= {*report.left_alone}
    changed = {
        weight.path.partition("/")[0]
        for weight, value in zip(model.weights, kept, strict=True)
        if not np.array_equal(host_values(weight.value), value)
    }
    assert changed <= {"conv", "deep", "up", "mix", "head"}
    assert {"conv", "deep", "up", "mix", "head"} - changed == set()


def test_a_layer_that_is_called_twice():
    inputs = keras.Input((12,))
    twice = layers.Dense(12, activation="relu", name="twice")
    model = keras.Model(inputs, twice(twice(inputs)))
    (row,) = fanwise.keras.lsuv(model, BATCH, seed=0).layers
    assert row.note == "called 2 times"
    assert abs(row.after - 1) < 0.1


def test_the_weights_that_are_there():
    model = mlp(20, 8)
    kept = copies(model)
    report = fanwise.keras.lsuv(model, BATCH, start=None, tolerance=0.01)
    for row, layer, kernel in zip(report.layers, model.layers, kept[::2], strict=True):
        np.testing.assert_allclose(host_values(layer.kernel.value), kernel * row.factor, rtol=1e-5)
    again = fanwise.keras.lsuv(model, BATCH, start=None, tolerance=0.01)
    assert [row.passes for row in again.layers] == [0, 0]


def test_a_layer_alone():
    layer = layers.Dense(4, activation="relu")
    layer.build((None, 12))
    (row,) = fanwise.keras.lsuv(layer, BATCH, seed=0).layers
    assert (row.path, row.class_name) == ("", "Dense")


@pytest.mark.parametrize(
    ("batch", "said"),
    [
        (np.zeros((3, 12), np.float32), "an output that varies"),
        (np.full((3, 12), np.nan, np.float32), "an output that varies"),
        (np.zeros((3, 5), np.float32), "a model that runs"),
    ],
)
def test_on_an_error_the_model_is_as_it_was(batch, said):
    model = mlp(8, 4)
    kept, functions = copies(model), [layer.activation for layer in model.layers]
    with pytest.raises(FanwiseError, match=said):
        fanwise.keras.lsuv(model, batch, seed=0)
    assert_same(model, kept)
    assert [layer.activation for layer in model.layers] == functions


@pytest.mark.parametrize("options", [{}, {"seed": 0, "start": None}, {"seed": 0, "most": 0}])
def test_bad_options(options):
    model = mlp(4)
    kept = copies(model)
    with pytest.raises(FanwiseError):
        fanwise.keras.lsuv(model, BATCH, **options)
    assert_same(model, kept)


def test_what_is_no_built_model():
    for model in (layers.Dense(3), BATCH):
        with pytest.raises(FanwiseError, match="a built Keras model"):
            fanwise.keras.lsuv(model, BATCH, seed=0)
