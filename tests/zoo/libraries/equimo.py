"""Models of equimo, in Equinox; its others take too much memory, or minutes to compile."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import jax
from equimo.models import convnext, vit

from zoo.zoo_model import ZooModel

_VIT: Final = {
    "img_size": 32,
    "in_channels": 3,
    "dim": 32,
    "patch_size": 8,
    "num_heads": [2],
    "depths": [2],
    "num_classes": 10,
}
_STAGES: Final = {"in_channels": 3, "num_classes": 10, "depths": [1, 1, 1, 1]}
_MODELS: Final[Mapping[str, tuple[Callable[..., Any], Mapping[str, Any]]]] = {
    "VisionTransformer": (vit.VisionTransformer, _VIT),
    "VisionTransformer, with registers": (vit.VisionTransformer, {**_VIT, "reg_tokens": 4}),
    "VisionTransformer, scaled layers": (vit.VisionTransformer, {**_VIT, "init_values": 1e-5}),
    "ConvNeXt": (convnext.ConvNeXt, {**_STAGES, "dims": [16, 32, 48, 64]}),
}


def _built(name: str, seed: int) -> Any:
    make, options = _MODELS[name]
    return make(**options, key=jax.random.key(seed))


MODELS: Final = tuple(
    ZooModel(name, lambda seed, name=name: _built(name, seed)) for name in _MODELS
)
