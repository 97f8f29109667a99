"""The networks and layers of Haiku."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import haiku as hk
import jax.numpy as jnp

from zoo.judges.jax_builds import Transformed
from zoo.zoo_model import ZooModel

_IMAGE: Final = jnp.ones((1, 64, 64, 3))
_ROWS: Final = jnp.ones((2, 32))
_STEPS: Final = jnp.ones((5, 2, 32))


def _residual(*, bottleneck: bool) -> Callable[[Any], Any]:
    return lambda x: hk.nets.ResNet(
        (1, 2, 1, 1), 10, bottleneck=bottleneck, channels_per_group=(32, 64, 96, 128)
    )(x, is_training=True)


def _stacked(x: Any) -> Any:
    def layer(x: Any) -> Any:
        return x + hk.Linear(32)(hk.LayerNorm(-1, create_scale=True, create_offset=True)(x))

    return hk.experimental.layer_stack(4)(layer)(x)


def _unrolled(make: Callable[[], Any]) -> Callable[[Any], Any]:
    return lambda x: hk.dynamic_unroll(make(), x, make().initial_state(2))


def _attention(x: Any) -> Any:
    attend = hk.MultiHeadAttention(4, 16, w_init=hk.initializers.VarianceScaling(2.0))
    return attend(x, x, x)


def _transposed(x: Any) -> Any:
    return hk.Conv2D(3, 3)(hk.Conv2DTranspose(16, 4, stride=2)(hk.Conv2D(48, 3)(x)))


def _separable(x: Any) -> Any:
    return hk.SeparableDepthwiseConv2D(16, 3)(hk.DepthwiseConv2D(8, 3)(x))


def _autoencoder(x: Any) -> Any:
    code = hk.Conv2D(16, 4, stride=2)(x)
    quantized = hk.nets.VectorQuantizer(16, 64, 0.25)(code, is_training=True)
    return hk.Conv2DTranspose(3, 4, stride=2)(quantized["quantize"])


def _language_model(x: Any) -> Any:
    hidden = hk.Embed(99, 32)(jnp.zeros(x.shape[:1], jnp.int32))
    return hk.Linear(99, with_bias=False)(hk.RMSNorm(-1)(hk.Linear(32)(hidden)))


_MODELS: Final[Mapping[str, tuple[Callable[[Any], Any], Any]]] = {
    "nets.MLP": (lambda x: hk.nets.MLP([64, 64, 10])(x), _ROWS),
    "nets.MLP, wide at its start": (
        lambda x: hk.nets.MLP([64, 10], w_init=hk.initializers.VarianceScaling(2.0))(x),
        _ROWS,
    ),
    "nets.MobileNetV1": (
        lambda x: hk.nets.MobileNetV1(num_classes=10)(x, is_training=True),
        _IMAGE,
    ),
    "nets.ResNet": (_residual(bottleneck=False), _IMAGE),
    "nets.ResNet, of bottlenecks": (_residual(bottleneck=True), _IMAGE),
    "nets.VectorQuantizer": (_autoencoder, _IMAGE),
    "MultiHeadAttention": (_attention, _ROWS),
    "Conv2DTranspose": (_transposed, _IMAGE),
    "SeparableDepthwiseConv2D": (_separable, _IMAGE),
    "LSTM": (_unrolled(lambda: hk.LSTM(16)), _STEPS),
    "GRU": (_unrolled(lambda: hk.GRU(16)), _STEPS),
    "VanillaRNN": (_unrolled(lambda: hk.VanillaRNN(16)), _STEPS),
    "layer_stack": (_stacked, _ROWS),
    "Embed": (_language_model, _ROWS),
}


def _built(name: str, seed: int) -> Transformed:
    function, inputs = _MODELS[name]
    return Transformed(hk.transform_with_state(function), (inputs,), seed)


MODELS: Final = tuple(
    ZooModel(name, lambda seed, name=name: _built(name, seed)) for name in _MODELS
)
