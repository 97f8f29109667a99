"""A share of the models of Keras, for the backends that do not judge all of them."""

from __future__ import annotations

from typing import Final

from zoo.libraries import keras_applications, keras_hub

MODELS: Final = (*keras_applications.MODELS[::7], *keras_hub.MODELS[1::9])
