"""The layers of Equinox, and what its users build of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import equinox as eqx
import jax

from zoo.zoo_model import ZooModel

_nn = eqx.nn


def _convolutions(key: Any) -> Any:
    keys = jax.random.split(key, 4)
    return _nn.Sequential(
        [
            _nn.Conv2d(3, 16, 3, key=keys[0]),
            _nn.GroupNorm(4, 16),
            _nn.Conv2d(16, 16, 3, groups=16, key=keys[1]),
            _nn.ConvTranspose2d(16, 8, 4, key=keys[2]),
            _nn.PReLU(0.25),
            _nn.Conv2d(8, 10, 1, use_bias=False, key=keys[3]),
        ]
    )


def _normalized(key: Any) -> Any:
    return _nn.make_with_state(_nn.Sequential)(
        [_nn.Linear(16, 32, key=key), _nn.BatchNorm(32, "batch", mode="batch")]
    )[0]


def _stacked(key: Any) -> Any:
    keys = jax.random.split(key, 3)
    return {"blocks": eqx.filter_vmap(lambda key: _nn.MLP(16, 16, 32, 1, key=key))(keys)}


def _twice_stacked(key: Any) -> Any:
    keys = jax.random.split(key, (2, 3))
    make = eqx.filter_vmap(eqx.filter_vmap(lambda key: _nn.Linear(16, 24, key=key)))
    return {"blocks": make(keys)}


def _spectral(key: Any) -> Any:
    linear = _nn.Linear(16, 32, key=key)
    return _nn.make_with_state(_nn.SpectralNorm)(linear, "weight", key=key)[0]


def _zero_head(key: Any) -> Any:
    model = _nn.MLP(16, 4, 32, 2, key=key)
    last = model.layers[-1]
    return eqx.tree_at(lambda m: m.layers[-1].weight, model, 0.0 * last.weight)


class _Language(eqx.Module):
    embedding: Any
    attention: Any
    norm: Any
    head: Any

    def __init__(self, key: Any) -> None:
        keys = jax.random.split(key, 3)
        self.embedding = _nn.Embedding(99, 32, key=keys[0])
        self.attention = _nn.MultiheadAttention(4, 32, use_query_bias=True, key=keys[1])
        self.norm = _nn.RMSNorm(32)
        self.head = _nn.Linear(32, 99, use_bias=False, key=keys[2])


_MODELS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "MLP": lambda key: _nn.MLP(16, 10, 64, 3, key=key),
    "MLP with a last layer of zeros": _zero_head,
    "convolutions": _convolutions,
    "BatchNorm": _normalized,
    "SpectralNorm": _spectral,
    "WeightNorm": lambda key: _nn.WeightNorm(_nn.Linear(16, 32, key=key)),
    "LSTMCell": lambda key: {"cell": _nn.LSTMCell(16, 32, key=key)},
    "GRUCell": lambda key: {"cell": _nn.GRUCell(16, 32, key=key)},
    "language model": _Language,
    "MLPs by filter_vmap": _stacked,
    "Linear by filter_vmap twice": _twice_stacked,
}

MODELS: Final = tuple(
    ZooModel(name, lambda seed, make=make: make(jax.random.key(seed)))
    for name, make in _MODELS.items()
)
