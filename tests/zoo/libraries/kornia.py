"""Networks of Kornia: descriptors and detectors of points, matchers, and models of images."""

from __future__ import annotations

from typing import Final

from kornia import feature
from kornia.models.dexined import DexiNed
from kornia.models.rrdbnet import RRDBNet
from kornia.models.small_sr import SmallSRNet
from kornia.models.tiny_vit import TinyViT
from kornia.models.vit import VisionTransformer
from kornia.models.vit_mobile import MobileViT
from kornia.models.yunet import YuNet

from zoo.seeded import torch_model
from zoo.zoo_model import ZooModel

MODELS: Final[tuple[ZooModel, ...]] = (
    torch_model("DISK", feature.DISK),
    torch_model("HardNet", feature.HardNet, pretrained=False),
    torch_model("HardNet8", feature.HardNet8, pretrained=False),
    torch_model("HyNet", feature.HyNet, pretrained=False),
    torch_model("KeyNet", feature.KeyNet, pretrained=False),
    torch_model("LAFAffNetShapeEstimator", feature.LAFAffNetShapeEstimator, pretrained=False),
    torch_model("LoFTR", feature.LoFTR, pretrained=None),
    torch_model("OriNet", feature.OriNet, pretrained=False),
    torch_model("SOLD2_detector", feature.SOLD2_detector, pretrained=False),
    torch_model("SOSNet", feature.SOSNet, pretrained=False),
    torch_model("TFeat", feature.TFeat, pretrained=False),
    torch_model("DexiNed", DexiNed, pretrained=False),
    torch_model("MobileViT", MobileViT, patch_size=(2, 2)),
    torch_model(
        "RRDBNet", RRDBNet, num_in_ch=3, num_out_ch=3, num_feat=16, num_block=2, num_grow_ch=8
    ),
    torch_model("SmallSRNet", SmallSRNet, upscale_factor=2, pretrained=False),
    torch_model("TinyViT", TinyViT, num_classes=10),
    torch_model(
        "VisionTransformer",
        VisionTransformer,
        image_size=32,
        patch_size=8,
        embed_dim=32,
        depth=2,
        num_heads=4,
    ),
    torch_model("YuNet", YuNet, "test", False),
)
