"""The models of keras.applications: of every family one, and of the small ones all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import keras

from zoo.zoo_model import ZooModel

_SMALL: Final = (64, 64, 3)
#: Those that take no smaller images.
_LARGER: Final = {
    "InceptionResNetV2": (96, 96, 3),
    "InceptionV3": (96, 96, 3),
    "Xception": (96, 96, 3),
}
_NAMES: Final = (
    "ConvNeXtTiny",
    "ConvNeXtSmall",
    "DenseNet121",
    "DenseNet169",
    "EfficientNetB0",
    "EfficientNetB1",
    "EfficientNetV2B0",
    "EfficientNetV2B1",
    "InceptionResNetV2",
    "InceptionV3",
    "MobileNet",
    "MobileNetV2",
    "MobileNetV3Small",
    "MobileNetV3Large",
    "ResNet50",
    "ResNet101",
    "ResNet50V2",
    "Xception",
)


def _build(name: str, **options: Any) -> Callable[[int], keras.Model]:
    shape = _LARGER.get(name, _SMALL)
    given = {"weights": None, "input_shape": shape, "classes": 10, **options}
    return lambda _: getattr(keras.applications, name)(**given)


def _transfer(_: int) -> keras.Model:
    """Build a new head on a frozen body, as the guide to transfer learning does."""
    body = keras.applications.MobileNetV2(
        weights=None, include_top=False, input_shape=_SMALL, pooling="avg"
    )
    body.trainable = False
    inputs = keras.Input(_SMALL)
    hidden = keras.layers.Dropout(0.2)(body(inputs, training=False))
    return keras.Model(inputs, keras.layers.Dense(3)(hidden))


MODELS: Final = (
    *(ZooModel(name, _build(name)) for name in _NAMES),
    # Their heads are dense layers of a hundred million weights.
    *(
        ZooModel(name, _build(name, include_top=False, pooling="avg"))
        for name in ("VGG16", "VGG19")
    ),
    ZooModel("MobileNetV2, frozen, with a new head", _transfer),
)
