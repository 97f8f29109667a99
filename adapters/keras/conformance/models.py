"""The models of the conformance suite, in Keras."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import keras
from keras import layers, ops


def _mlp() -> Any:
    x = inputs = keras.Input((6,))
    x = ops.relu(layers.Dense(16, name="up")(x))
    return keras.Model(inputs, layers.Dense(4, name="down")(x))


def _resnet() -> Any:
    def conv(name: str) -> Any:
        return layers.Conv2D(8, 3, padding="same", use_bias=False, name=name)

    def norm(name: str) -> Any:
        return layers.BatchNormalization(epsilon=1e-5, name=name)

    inputs = keras.Input((8, 8, 3))
    x = ops.relu(norm("norm")(conv("stem")(inputs)))
    inner = ops.relu(norm("norm1")(conv("conv1")(x)))
    x = ops.relu(x + norm("norm2")(conv("conv2")(inner)))
    return keras.Model(inputs, layers.Dense(4, name="head")(ops.mean(x, (1, 2))))


def _convnet() -> Any:
    inputs = keras.Input((8, 8, 3))
    x = ops.relu(layers.Conv2D(6, 3, padding="same", name="first")(inputs))
    x = ops.relu(layers.DepthwiseConv2D(3, padding="same", name="depth")(x))
    x = ops.relu(layers.Conv2D(8, 3, padding="same", groups=2, name="grouped")(x))
    return keras.Model(inputs, layers.Conv2DTranspose(5, 2, strides=2, name="up")(x))


def _encoder(kernels: str = "glorot_uniform") -> Any:
    how = {"kernel_initializer": kernels}
    inputs = keras.Input((7, 8))
    attended = layers.MultiHeadAttention(2, 4, name="attention", **how)(inputs, inputs)
    x = layers.LayerNormalization(epsilon=1e-5, name="norm1")(inputs + attended)
    inner = ops.gelu(layers.Dense(16, name="up", **how)(x), approximate=True)
    x = x + layers.Dense(8, name="down", **how)(inner)
    return keras.Model(inputs, layers.LayerNormalization(epsilon=1e-5, name="norm2")(x))


def _lstm() -> Any:
    inputs = keras.Input((7,), dtype="int32")
    x = layers.Embedding(11, 6, name="embed")(inputs)
    x = layers.LSTM(5, return_sequences=True, name="lstm")(x)
    return keras.Model(inputs, layers.Dense(3, name="head")(x))


BUILDERS: Final[dict[str, Callable[..., Any]]] = {
    "mlp": _mlp,
    "resnet": _resnet,
    "convnet": _convnet,
    "encoder": _encoder,
    "lstm": _lstm,
}
