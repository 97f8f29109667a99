"""The nano models of kyolo."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import kyolo

from zoo.zoo_model import ZooModel


def _build(name: str) -> Callable[[int], Any]:
    return lambda _: getattr(kyolo, name)(weights=None, input_shape=(64, 64, 3))


MODELS: Final = tuple(ZooModel(name, _build(name)) for name in ("yolo11n", "yolov8n"))
