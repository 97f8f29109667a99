"""The function that the weights of a recipe make, as the canonical order names them."""

import math

import numpy as np
import pytest
from common.keras_recipes import (
    EVERY,
    L,
    sequential,
    stream,
)

import fanwise.keras as fk
from fanwise.adapters.keras.drawing.transfer import host_array as array

pytestmark = pytest.mark.usefixtures("channels_last")


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
