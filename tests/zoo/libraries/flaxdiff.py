"""Models of flaxdiff, in Flax linen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import jax.numpy as jnp
from flaxdiff.models import simple_dit, simple_mmdit, simple_unet, simple_vit, ssm_dit

from zoo.judges.jax_builds import Linen
from zoo.zoo_model import ZooModel

_CALL: Final = (jnp.ones((1, 16, 16, 3)), jnp.ones((1,)), jnp.ones((1, 4, 32)))
_PATCHES: Final = {"patch_size": 4, "emb_features": 32, "num_layers": 2, "num_heads": 2}
_MODELS: Final[Mapping[str, tuple[Callable[..., Any], Mapping[str, Any]]]] = {
    "Unet": (
        simple_unet.Unet,
        {
            "emb_features": 32,
            "feature_depths": [16, 32],
            "attention_configs": [None, {"heads": 2}],
            "num_res_blocks": 1,
            "num_middle_res_blocks": 1,
        },
    ),
    "SimpleDiT": (simple_dit.SimpleDiT, _PATCHES),
    "SimpleMMDiT": (simple_mmdit.SimpleMMDiT, _PATCHES),
    "SimpleUDiT": (simple_vit.SimpleUDiT, _PATCHES),
    "UViT": (simple_vit.UViT, {**_PATCHES, "num_layers": 2}),
    "HybridSSMAttentionDiT": (ssm_dit.HybridSSMAttentionDiT, _PATCHES),
}

MODELS: Final = tuple(
    ZooModel(name, lambda seed, given=given: Linen(given[0](**given[1]), _CALL, seed))
    for name, given in _MODELS.items()
)
