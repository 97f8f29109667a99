"""The model of bottleneck_transformer_flax, in Flax linen."""

from __future__ import annotations

from typing import Final

import jax.numpy as jnp
from bottleneck_transformer_flax import BoTNet, BoTNetConfig

from zoo.judges.jax_builds import Linen
from zoo.zoo_model import ZooModel


def _built(seed: int) -> Linen:
    config = BoTNetConfig(stage_sizes=[1, 1, 1, 1], num_classes=10, initial_filters=16, head_dim=16)
    return Linen(BoTNet(config), (jnp.ones((1, 64, 64, 3)),), seed)


MODELS: Final = (ZooModel("BoTNet", _built),)
