"""Models of segmentation_models_pytorch: each architecture, and encoders of each family."""

from __future__ import annotations

from typing import Any, Final

import segmentation_models_pytorch as smp

from zoo.seeded import torch_model
from zoo.zoo_model import ZooModel

_ARCHITECTURES: Final[tuple[tuple[Any, str], ...]] = (
    (smp.DeepLabV3, "mobilenet_v2"),
    (smp.DeepLabV3Plus, "mobilenet_v2"),
    (smp.FPN, "resnet18"),
    (smp.Linknet, "resnet18"),
    (smp.MAnet, "mobilenet_v2"),
    (smp.PAN, "mobilenet_v2"),
    (smp.PSPNet, "resnet18"),
    (smp.Segformer, "mit_b0"),
    (smp.UPerNet, "mobilenet_v2"),
    (smp.Unet, "resnet18"),
    (smp.UnetPlusPlus, "mobilenet_v2"),
    (smp.Unet, "densenet121"),
    (smp.Unet, "dpn68"),
    (smp.Unet, "efficientnet-b0"),
    (smp.Unet, "mit_b0"),
    (smp.Unet, "mobileone_s0"),
    (smp.Unet, "resnext50_32x4d"),
    (smp.Unet, "se_resnet50"),
    (smp.Unet, "timm-efficientnet-b0"),
    (smp.Unet, "timm-regnetx_002"),
    (smp.Unet, "tu-convnextv2_atto"),
    (smp.Unet, "xception"),
)

MODELS: Final[tuple[ZooModel, ...]] = (
    *(
        torch_model(f"{make.__name__} of {encoder}", make, encoder, encoder_weights=None)
        for make, encoder in _ARCHITECTURES
    ),
    torch_model(
        "DPT of tu-vit_tiny_patch16_224",
        smp.DPT,
        "tu-vit_tiny_patch16_224",
        encoder_weights=None,
        encoder_depth=4,
    ),
    torch_model(
        "Unet with attention and a classifier",
        smp.Unet,
        "resnet18",
        encoder_weights=None,
        decoder_attention_type="scse",
        aux_params={"classes": 4},
    ),
)
