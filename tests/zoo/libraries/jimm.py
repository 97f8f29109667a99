"""Models of jimm (jax-image-models), in Flax nnx."""

from __future__ import annotations

from typing import Any, Final

import jax
from flax import nnx
from jimm import models

from zoo.zoo_model import ZooModel

_IMAGES: Final = {"img_size": 32, "patch_size": 8, "num_layers": 2, "num_heads": 2, "mlp_dim": 64}
_VISION: Final = {
    "image_resolution": 32,
    "vision_layers": 2,
    "vision_hidden_size": 64,
    "vision_patch_size": 8,
}
_TEXT: Final = {
    "context_length": 16,
    "vocab_size": 99,
    "text_hidden_size": 64,
    "num_text_heads": 2,
    "num_text_layers": 2,
}
_MODELS: Final[dict[str, dict[str, Any]]] = {
    "VisionTransformer": {**_IMAGES, "hidden_size": 32, "num_classes": 10},
    "DINOv2Model": {**_IMAGES, "hidden_size": 32},
    "DINOv3Model": {**_IMAGES, "hidden_size": 32},
    "CLIP": {**_VISION, **_TEXT},
    "CLIPTextModel": _TEXT,
    "CLIPVisionModel": {**_VISION, "projection_dim": 32},
    "SigLIP": {**_VISION, **_TEXT},
    "SigLIPTextModel": _TEXT,
    "SigLIPVisionModel": _VISION,
}

#: Its parameters are annotated with the axis of a mesh, and cannot be made without one.
_MESH: Final = jax.make_mesh((1,), ("fsdp",), axis_types=(jax.sharding.AxisType.Auto,))


def _built(name: str, seed: int) -> Any:
    with jax.set_mesh(_MESH):
        return getattr(models, name)(**_MODELS[name], rngs=nnx.Rngs(seed))


MODELS: Final = tuple(
    ZooModel(name, lambda seed, name=name: _built(name, seed)) for name in _MODELS
)
