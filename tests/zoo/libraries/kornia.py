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

from zoo.seeded import seeded
from zoo.zoo_model import ZooModel

MODELS: Final[tuple[ZooModel, ...]] = (
    seeded("DISK", feature.DISK),
    seeded("HardNet", feature.HardNet, pretrained=False),
    seeded("HardNet8", feature.HardNet8, pretrained=False),
    seeded("HyNet", feature.HyNet, pretrained=False),
    seeded("KeyNet", feature.KeyNet, pretrained=False),
    seeded("LAFAffNetShapeEstimator", feature.LAFAffNetShapeEstimator, pretrained=False),
    seeded("LoFTR", feature.LoFTR, pretrained=None),
    seeded("OriNet", feature.OriNet, pretrained=False),
    seeded("SOLD2_detector", feature.SOLD2_detector, pretrained=False),
    seeded("SOSNet", feature.SOSNet, pretrained=False),
    seeded("TFeat", feature.TFeat, pretrained=False),
    seeded("DexiNed", DexiNed, pretrained=False),
    seeded("MobileViT", MobileViT, patch_size=(2, 2)),
    seeded("RRDBNet", RRDBNet, num_in_ch=3, num_out_ch=3, num_feat=16, num_block=2, num_grow_ch=8),
    seeded("SmallSRNet", SmallSRNet, upscale_factor=2, pretrained=False),
    seeded("TinyViT", TinyViT, num_classes=10),
    seeded(
        "VisionTransformer",
        VisionTransformer,
        image_size=32,
        patch_size=8,
        embed_dim=32,
        depth=2,
        num_heads=4,
    ),
    seeded("YuNet", YuNet, "test", False),
)
