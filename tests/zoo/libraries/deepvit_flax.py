"""The model of deepvit_flax, in Flax linen."""

from __future__ import annotations

from typing import Final

import jax.numpy as jnp
from deepvit_flax import deepvit

from zoo.judges.jax_builds import Linen
from zoo.zoo_model import ZooModel


def _built(pool: str, seed: int) -> Linen:
    module = deepvit.DeepViT(
        image_size=32, patch_size=8, num_classes=10, dim=32, depth=2, heads=2, mlp_dim=64, pool=pool
    )
    return Linen(module, (jnp.ones((1, 32, 32, 3)),), seed)


MODELS: Final = (
    ZooModel("DeepViT", lambda seed: _built("cls", seed)),
    ZooModel("DeepViT, by means", lambda seed: _built("mean", seed)),
)
