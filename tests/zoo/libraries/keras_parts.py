"""Small models of the layers of Keras itself, as its users put them together."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import keras
from keras import initializers, layers

from zoo.zoo_model import ZooModel

_STEPS: Final = (10, 16)
_IMAGE: Final = (16, 16, 4)
_VECTOR: Final = (40,)


def _stack(shape: tuple[int, ...], *make: Callable[[], Any]) -> Callable[[int], keras.Model]:
    return lambda _: keras.Sequential([keras.Input(shape), *(layer() for layer in make)])


def _scaled(shape: Any, dtype: Any = None) -> Any:
    return 0.3 * keras.random.normal(shape, dtype=dtype)


class _Block(layers.Layer):
    """A block of a transformer with a scale of its own."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.norm = layers.LayerNormalization()
        self.attention = layers.MultiHeadAttention(
            4, width // 4, kernel_initializer=initializers.RandomNormal(stddev=0.05)
        )
        self.unused = layers.Dropout(0.1)

    def build(self, shape: Any) -> None:
        self.norm.build(shape)
        self.attention.build(shape, shape)
        self.scale = self.add_weight(shape=(shape[-1],), initializer=initializers.Constant(1e-4))

    def call(self, inputs: Any) -> Any:
        hidden = self.norm(inputs)
        return inputs + self.scale * self.attention(hidden, hidden)


class _Subclassed(keras.Model):
    """Blocks in a list, a token, and a head of zeros."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks = [_Block(16) for _ in range(3)]
        self.head = layers.Dense(5, kernel_initializer="zeros")
        self.never_called = layers.Dense(5)
        self.token = self.add_weight(
            shape=(1, 1, 16), initializer=initializers.RandomNormal(stddev=0.02), name="token"
        )

    def build(self, shape: Any) -> None:
        for block in self.blocks:
            block.build(shape)
        self.head.build(shape)

    def call(self, inputs: Any) -> Any:
        for block in self.blocks:
            inputs = block(inputs)
        return self.head(inputs + self.token)


def _subclassed(_: int) -> keras.Model:
    model = _Subclassed()
    model.build((2, *_STEPS))
    return model


def _shared(_: int) -> keras.Model:
    inputs = keras.Input(_VECTOR)
    twice = layers.Dense(40)
    hidden = twice(twice(inputs))
    return keras.Model(inputs, [hidden, layers.Dense(7)(hidden)])


def _nested(_: int) -> keras.Model:
    inner = keras.Sequential([layers.Dense(8), keras.Sequential([layers.Dense(6)])])
    return keras.Sequential([keras.Input(_VECTOR), inner, layers.Dense(30)])


def _grouped_query(_: int) -> keras.Model:
    inputs = keras.Input(_STEPS)
    return keras.Model(inputs, layers.GroupQueryAttention(8, 4, 2)(inputs, inputs))


def _attention(_: int) -> keras.Model:
    inputs = keras.Input(_STEPS)
    hidden = layers.MultiHeadAttention(4, 8, value_dim=6)(inputs, inputs)
    hidden = layers.AdditiveAttention()([hidden, hidden])
    return keras.Model(inputs, layers.EinsumDense("abc,cde->abde", (None, 3, 20))(hidden))


def _lora(_: int) -> keras.Model:
    model = keras.Sequential(
        [
            keras.Input((6,)),
            layers.Embedding(20, 30),
            layers.EinsumDense("abc,cd->abd", (None, 20)),
            layers.Dense(30),
        ]
    )
    for layer in model.layers:
        layer.enable_lora(4)
    return model


def _frozen(_: int) -> keras.Model:
    body = keras.Sequential(
        [keras.Input(_IMAGE), layers.Conv2D(16, 3, name="conv"), layers.BatchNormalization()]
    )
    body.trainable = False
    return keras.Sequential([keras.Input(_IMAGE), body, layers.Flatten(), layers.Dense(4)])


def _seeded(_: int) -> keras.Model:
    return keras.Sequential(
        [
            keras.Input(_VECTOR),
            layers.GaussianNoise(0.1, seed=3),
            layers.Dense(50),
            layers.Dropout(0.5, seed=4),
            layers.Dense(9),
        ]
    )


MODELS: Final = (
    ZooModel("subclassed", _subclassed),
    ZooModel("shared, with two outputs", _shared),
    ZooModel("nested", _nested),
    ZooModel("GroupQueryAttention", _grouped_query),
    ZooModel("attention and EinsumDense", _attention),
    ZooModel("LoRA", _lora),
    ZooModel("frozen", _frozen),
    ZooModel("layers with seeds", _seeded),
    *(
        ZooModel(
            f"dense in {policy}",
            _stack(
                _VECTOR,
                lambda policy=policy: layers.Dense(60, dtype=policy, bias_initializer="normal"),
                lambda policy=policy: layers.LayerNormalization(dtype=policy),
                lambda policy=policy: layers.Dense(50, dtype=policy, activation="softmax"),
            ),
        )
        for policy in ("bfloat16", "float16", "mixed_bfloat16")
    ),
    ZooModel(
        "initializers of all kinds",
        _stack(
            _VECTOR,
            lambda: layers.Dense(60, kernel_initializer="he_uniform"),
            lambda: layers.Dense(60, kernel_initializer={"class_name": "LecunNormal"}),
            lambda: layers.Dense(60, kernel_initializer=initializers.HeNormal),
            lambda: layers.Dense(60, kernel_initializer=_scaled),
            lambda: layers.Dense(60, kernel_initializer="orthogonal"),
            lambda: layers.Dense(60, bias_initializer=initializers.Constant(0.25)),
            lambda: layers.Dense(60, kernel_initializer=initializers.TruncatedNormal(stddev=0.4)),
        ),
    ),
    ZooModel(
        "an array as a constant",
        _stack(
            _VECTOR,
            lambda: layers.Dense(
                3, bias_initializer=initializers.Constant(keras.ops.arange(3, dtype="float32"))
            ),
        ),
    ),
    ZooModel(
        "recurrences",
        _stack(
            _STEPS,
            lambda: layers.Bidirectional(layers.LSTM(20, return_sequences=True)),
            lambda: layers.GRU(24, return_sequences=True, reset_after=False),
            lambda: layers.RNN([layers.LSTMCell(10), layers.GRUCell(12)], return_sequences=True),
            lambda: layers.SimpleRNN(
                30, recurrent_initializer=initializers.Identity(), return_sequences=True
            ),
            lambda: layers.TimeDistributed(layers.Dense(12)),
        ),
    ),
    ZooModel(
        "ConvLSTM2D", _stack((5, 8, 8, 3), lambda: layers.ConvLSTM2D(6, 3, recurrent_dropout=0.1))
    ),
    ZooModel(
        "convolutions",
        _stack(
            _IMAGE,
            lambda: layers.SeparableConv2D(8, 3),
            lambda: layers.PReLU(alpha_initializer=initializers.Constant(0.25)),
            lambda: layers.DepthwiseConv2D(3, depth_multiplier=2),
            lambda: layers.GroupNormalization(4),
            lambda: layers.Conv2DTranspose(6, 3),
            lambda: layers.SpectralNormalization(layers.Conv2D(8, 3, groups=2)),
            lambda: (
                layers.BatchNormalization(renorm=True)
                if "renorm" in layers.BatchNormalization.__init__.__code__.co_varnames
                else layers.BatchNormalization()
            ),
            lambda: layers.RMSNormalization(),
        ),
    ),
)
