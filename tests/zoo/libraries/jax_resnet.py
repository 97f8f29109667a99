"""Models of jax_resnet."""

from __future__ import annotations

from typing import Any, Final

import jax.numpy as jnp
import jax_resnet

from zoo.judges.jax_builds import Linen
from zoo.zoo_model import ZooModel

#: Of each model, the blocks of its stages: few, where the library's own have many.
_MODELS: Final[dict[str, dict[str, Any]]] = {
    "ResNet18": {},
    "ResNet50": {"stage_sizes": [1, 1, 1, 1]},
    "ResNetD18": {},
    "ResNetD50": {"stage_sizes": [1, 1, 1, 1]},
    "ResNeXt50": {"stage_sizes": [1, 1, 1, 1]},
    "WideResNet50": {"stage_sizes": [1, 1, 1, 1]},
    "ResNeSt50": {"stage_sizes": [1, 1, 1, 1]},
    "ResNeSt50Fast": {"stage_sizes": [1, 1, 1, 1]},
}


def _built(name: str, seed: int) -> Linen:
    make = getattr(jax_resnet, name)
    module = make(n_classes=10, hidden_sizes=(16, 32, 48, 64), **_MODELS[name])
    return Linen(module, (jnp.ones((1, 64, 64, 3)),), seed)


MODELS: Final = tuple(
    ZooModel(name, lambda seed, name=name: _built(name, seed)) for name in _MODELS
)
