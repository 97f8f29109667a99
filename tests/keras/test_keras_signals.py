"""Signals through the layers of a Keras model."""

import keras
import numpy as np
import pytest

from fanwise import FanwiseError
from fanwise.adapters.keras.drawing.transfer import host_array as array
from fanwise.adapters.keras.signals import layer_check

X = np.random.default_rng(1).standard_normal((64, 256)).astype("float32")


def tower(scale, layers=6):
    init = keras.initializers.VarianceScaling(scale, distribution="untruncated_normal", seed=0)
    inner = [keras.layers.Dense(256, "relu", kernel_initializer=init) for _ in range(layers)]
    for number, layer in enumerate(inner):
        layer.kernel_initializer = init.clone()
        layer.kernel_initializer.seed = number
    return keras.Sequential([keras.Input((256,)), *inner])


def test_he_keeps_both_signals_and_others_do_not():
    def ratios(scale):
        layers = layer_check(tower(scale), X).layers
        return (
            layers[-1].activation / layers[0].activation,
            layers[0].gradient / layers[-1].gradient,
        )

    kept, faded, grown = (ratios(scale) for scale in (2.0, 1.0, 4.0))
    for place in (0, 1):
        assert faded[place] < 0.5 * kept[place] < 0.5 * 0.5 * grown[place]


def test_figures_are_those_of_the_layers():
    model = keras.Sequential(
        [keras.Input((8,)), keras.layers.Dense(4), keras.layers.Activation("tanh")]
    )
    x = X[:5, :8]
    found = layer_check(model, x, loss=lambda out: keras.ops.sum(out**2))
    hidden = array(model.layers[0](x))
    grad = 2 * np.tanh(hidden) * (1 - np.tanh(hidden) ** 2)
    assert [one.class_name for one in found.layers] == ["Dense", "Activation"]
    assert found.layers[0].path == "dense"
    assert found.layers[0].activation == pytest.approx(float(hidden.std()), rel=1e-5)
    assert found.layers[0].gradient == pytest.approx(float(grad.std()), rel=1e-4)


def test_nothing_changes():
    model = keras.Sequential([keras.Input((8,)), keras.layers.BatchNormalization()])
    before = [array(one).copy() for one in model.weights]
    layer_check(model, X[:, :8], training=True)
    assert all((array(one) == was).all() for one, was in zip(model.weights, before, strict=True))
    assert "call" not in vars(model.layers[0])


def test_bad_input():
    with pytest.raises(FanwiseError, match="a built Keras model"):
        layer_check("model", X)
    with pytest.raises(FanwiseError, match="a built Keras model"):
        layer_check(keras.layers.Dense(3), X)
    with pytest.raises(FanwiseError, match="a scalar as loss"):
        layer_check(tower(2.0, 1), X, loss=lambda out: out)


def test_layers_of_one_name_are_all_seen_and_described_ones_whole():
    inputs = keras.Input((3, 4))
    x = keras.layers.TimeDistributed(keras.layers.Dense(4, name="d"), name="a")(inputs)
    x = keras.layers.TimeDistributed(keras.layers.Dense(4, name="d"), name="b")(x)
    x = keras.layers.MultiHeadAttention(2, 2, name="attention")(x, x)
    outputs = keras.layers.LSTM(5, name="lstm")(x)
    model = keras.Model(inputs, outputs)
    check = layer_check(model, np.ones((2, 3, 4), "float32"))
    names = [layer.class_name for layer in check.layers]
    assert names.count("Dense") == 2 * 3  # each of the two runs once for each step
    assert names.count("MultiHeadAttention") == 1
    assert names.count("LSTM") == 1
    assert "EinsumDense" not in names
