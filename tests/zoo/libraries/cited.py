"""The models that bundled recipes cite, of the libraries that are installed: torch's."""

from __future__ import annotations

from typing import Final

from fanwise.adapters.recipe_sources import RecipeSource, sources_of
from fanwise.adapters.torch.conformance.recipe_starts import build_source
from zoo.seeded import torch_model
from zoo.zoo_model import ZooModel


def _model(source: RecipeSource) -> ZooModel:
    built = torch_model(str(source), build_source, source)
    return ZooModel(built.name, built.build, source.recipe, {**source.vars, "only": source.only})


MODELS: Final = tuple(_model(source) for source in sources_of("torch") if source.installed)
