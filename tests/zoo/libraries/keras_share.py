"""A share of the models of Keras, for the backends that do not judge all of them."""

from __future__ import annotations

from typing import Final

from zoo.libraries import keras_applications, keras_hub

_NAMES: Final = ("MobileNet", "MobileNetV3Small")

MODELS: Final = (
    *(model for model in keras_applications.MODELS if model.name in _NAMES),
    *keras_hub.MODELS[1::9],
)
