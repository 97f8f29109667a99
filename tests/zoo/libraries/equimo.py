"""Models of equimo, in Equinox."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import jax
from equimo.models import (
    attnet,
    convnext,
    lowformer,
    mlla,
    mobilenet,
    partialformer,
    reduceformer,
    shvit,
    vit,
    vssd,
)
from equimo.models import fastervit as faster

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
    "SHViT": (shvit.SHViT, {"num_classes": 10}),
    "MobileNetv3, small": (mobilenet.mobilenetv3_small, {"in_channels": 3, "num_classes": 10}),
    "AttNet": (attnet.attnet_xxs, {"in_channels": 3, "num_classes": 10}),
    "LowFormer": (lowformer.lowformer_backbone_b0, {"in_channels": 3, "num_classes": 10}),
    "ReduceFormer": (reduceformer.reduceformer_backbone_b1, {"in_channels": 3, "num_classes": 10}),
    "Mlla": (
        mlla.Mlla,
        {
            "img_size": 64,
            "in_channels": 3,
            "dim": 16,
            "depths": [1, 1, 1, 1],
            "num_heads": [1, 2, 2, 4],
            "num_classes": 10,
        },
    ),
    "Vssd": (
        vssd.Vssd,
        {
            "img_size": 64,
            "in_channels": 3,
            "dim": 16,
            "depths": [1, 1, 1, 1],
            "num_heads": [1, 2, 2, 4],
            "num_classes": 10,
        },
    ),
    "FasterViT": (
        faster.FasterViT,
        {
            "img_size": 64,
            "in_channels": 3,
            "dim": 16,
            "in_dim": 16,
            "num_heads": [1, 2, 2, 4],
            "hat": [False, False, True, False],
            "depths": [1, 1, 1, 1],
            "window_size": [8, 8, 4, 2],
            "ct_size": 2,
            "num_classes": 10,
        },
    ),
    "PartialFormer": (
        partialformer.PartialFormer,
        {
            "img_size": 64,
            "in_channels": 3,
            "dim": 16,
            "num_heads": [1, 2, 2, 4],
            "depths": [1, 1, 1, 1],
            "foreground_ratios": 0.5,
            "num_classes": 10,
        },
    ),
}


def _built(name: str, seed: int) -> Any:
    make, options = _MODELS[name]
    return make(**options, key=jax.random.key(seed))


MODELS: Final = tuple(
    ZooModel(name, lambda seed, name=name: _built(name, seed)) for name in _MODELS
)
