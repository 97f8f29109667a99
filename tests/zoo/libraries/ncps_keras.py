"""The recurrences of ncps, in Keras."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import keras
from ncps import wirings
from ncps.keras import LTC, CfC

from zoo.zoo_model import ZooModel


def _sequential(make: Callable[[], Any]) -> Callable[[int], keras.Model]:
    return lambda _: keras.Sequential([keras.Input((10, 4)), make()])


MODELS: Final = (
    ZooModel("CfC", _sequential(lambda: CfC(8))),
    ZooModel("CfC, wired", _sequential(lambda: CfC(wirings.AutoNCP(16, 4)))),
    ZooModel("CfC, with mixed memory", _sequential(lambda: CfC(8, mixed_memory=True))),
    ZooModel("LTC", _sequential(lambda: LTC(8))),
    ZooModel("LTC, wired", _sequential(lambda: LTC(wirings.AutoNCP(16, 4)))),
)
