"""The smallest networks of efficientnet_pytorch."""

from __future__ import annotations

from typing import Final

from efficientnet_pytorch import EfficientNet

from zoo.seeded import torch_model
from zoo.zoo_model import ZooModel

MODELS: Final[tuple[ZooModel, ...]] = tuple(
    torch_model(name, EfficientNet.from_name, name)
    for name in ("efficientnet-b0", "efficientnet-b1", "efficientnet-b2")
)
