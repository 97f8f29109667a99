"""The small models of kimm."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import kimm

from zoo.zoo_model import ZooModel

_NAMES: Final = (
    "EfficientNetLiteB0",
    "GhostNetW050",
    "LCNet035",
    "MobileNetV2W050",
    "MobileNetV3W050Small",
    "MobileViTV2W050",
    "RegNetX002",
    "TinyNetE",
    "VisionTransformerTiny16",
)


def _build(name: str) -> Callable[[int], Any]:
    given = {"weights": None, "input_shape": (96, 96, 3), "classes": 10}
    return lambda _: getattr(kimm.models, name)(**given)


MODELS: Final = tuple(ZooModel(name, _build(name)) for name in _NAMES)
