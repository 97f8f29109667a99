"""Temporal convolutional networks of keras-tcn."""

from __future__ import annotations

from typing import Any, Final

import keras
from tcn import TCN

from zoo.zoo_model import ZooModel


def _build(**options: Any) -> keras.Model:
    return keras.Sequential([keras.Input((10, 4)), TCN(8, **options)])


MODELS: Final = (
    ZooModel("TCN", lambda _: _build()),
    ZooModel("TCN, with batch norm", lambda _: _build(use_batch_norm=True)),
    ZooModel("TCN, with layer norm", lambda _: _build(use_layer_norm=True)),
)
