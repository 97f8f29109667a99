"""Detectors of effdet, whose backbones come from timm."""

from __future__ import annotations

from typing import Final

import effdet
from effdet.config import get_efficientdet_config
from torch import nn

from zoo.seeded import torch_model
from zoo.zoo_model import ZooModel

_NAMES: Final = (
    "cspresdet50",
    "efficientdet_d0",
    "efficientdet_lite0",
    "efficientdetv2_dt",
    "mobiledetv3_large",
    "tf_efficientdet_d0",
    "tf_efficientdet_lite0",
)


def _detector(name: str) -> nn.Module:
    config = get_efficientdet_config(name)
    made: nn.Module = effdet.EfficientDet(config, pretrained_backbone=False)
    return made


MODELS: Final[tuple[ZooModel, ...]] = tuple(torch_model(name, _detector, name) for name in _NAMES)
