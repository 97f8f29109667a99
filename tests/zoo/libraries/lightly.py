"""Heads of self-supervised learning in lightly, and the backbones of its own."""

from __future__ import annotations

from typing import Any, Final

from lightly.models import modules
from lightly.models.modules import heads

from zoo.seeded import torch_model
from zoo.zoo_model import ZooModel

_SIZES: Final = (32, 24, 16)
_HEADS: Final = (
    heads.BYOLPredictionHead,
    heads.BYOLProjectionHead,
    heads.BarlowTwinsProjectionHead,
    heads.MMCRProjectionHead,
    heads.MSNProjectionHead,
    heads.MoCoProjectionHead,
    heads.NNCLRPredictionHead,
    heads.NNCLRProjectionHead,
    heads.SimCLRProjectionHead,
    heads.SimSiamPredictionHead,
    heads.SimSiamProjectionHead,
    heads.SwaVProjectionHead,
    heads.TiCoProjectionHead,
    heads.VICRegProjectionHead,
)


def _masked() -> Any:
    from timm.models.vision_transformer import VisionTransformer

    vit = VisionTransformer(img_size=32, patch_size=8, embed_dim=32, depth=2, num_heads=4)
    return modules.MaskedVisionTransformerTIMM(vit=vit)


MODELS: Final[tuple[ZooModel, ...]] = (
    *(torch_model(head.__name__, head, *_SIZES) for head in _HEADS),
    torch_model("DINOProjectionHead", heads.DINOProjectionHead, 32, 24, 16, 48),
    torch_model("SwaVPrototypes", heads.SwaVPrototypes, 16, [24, 32]),
    torch_model("MaskedVisionTransformerTIMM", _masked),
)
