"""Models of flaxmodels; its GPT-2 and StyleGAN2 do not run with a JAX of 2026."""

from __future__ import annotations

from typing import Any, Final

import flaxmodels
import jax.numpy as jnp

from zoo.judges.jax_builds import Linen
from zoo.zoo_model import ZooModel

_NEW: Final[dict[str, Any]] = {"pretrained": None, "normalize": False}


def _residual(seed: int) -> Linen:
    module = flaxmodels.ResNet18(output="logits", num_classes=10, **_NEW)
    return Linen(module, (jnp.ones((1, 64, 64, 3)),), seed, {"train": True})


def _plain(seed: int) -> Linen:
    module = flaxmodels.VGG16(output="activations", include_head=False, **_NEW)
    return Linen(module, (jnp.ones((1, 32, 32, 3)),), seed, {"train": False})


MODELS: Final = (ZooModel("ResNet18", _residual), ZooModel("VGG16", _plain))
