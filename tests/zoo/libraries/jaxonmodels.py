"""Models of jaxonmodels, in Equinox."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import jax
import jax.numpy as jnp
from jaxonmodels.models import (
    convnext,
    efficientnet,
    resnet,
    swin_transformer,
)

from zoo.zoo_model import ZooModel

_CALLS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "resnet18": lambda key: resnet._resnet18(key, 10, jnp.float32),
    "resnet50": lambda key: resnet._resnet50(key, 10, jnp.float32),
    "resnext50_32x4d": lambda key: resnet._resnext50_32x4d(key, 10, jnp.float32),
    "convnext_tiny": lambda key: convnext._convnext_tiny(key, False, 10, jnp.float32),
    "efficientnet_b0": lambda key: efficientnet._efficientnet_b0(key, 10, jnp.float32),
    "efficientnet_v2_s": lambda key: efficientnet._efficientnet_v2_s(key, 10, jnp.float32),
    "swin_t": lambda key: swin_transformer._swin_t(key, False, 10, jnp.float32),
    "swin_v2_t": lambda key: swin_transformer._swin_v2_t(key, False, 10, jnp.float32),
}


def _built(name: str, seed: int) -> Any:
    model = _CALLS[name](jax.random.key(seed))
    return model[0] if isinstance(model, tuple) else model


MODELS: Final = tuple(ZooModel(name, lambda seed, name=name: _built(name, seed)) for name in _CALLS)
