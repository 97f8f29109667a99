"""The models that bundled recipes cite, of the libraries that are installed: Keras's."""

from __future__ import annotations

from typing import Any, Final

import keras

from fanwise.adapters.keras.conformance.recipe_starts import build_source
from fanwise.adapters.recipe_sources import RecipeSource, sources_of
from zoo.zoo_model import ZooModel


def _model(source: RecipeSource) -> ZooModel:
    def build(seed: int) -> Any:
        keras.utils.set_random_seed(seed)
        return build_source(source)

    return ZooModel(str(source), build, source.recipe, {**source.vars, "only": source.only})


_SOURCES: Final = sources_of(f"keras-{keras.config.backend()}")
MODELS: Final = tuple(_model(source) for source in _SOURCES if source.installed)
