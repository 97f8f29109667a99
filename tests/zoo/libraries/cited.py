"""The models of torch that bundled recipes cite, of libraries that need no torchvision."""

from __future__ import annotations

from typing import Final

from fanwise.adapters.recipe_sources import RecipeSource, sources_of
from fanwise.adapters.torch.conformance.recipe_starts import build_source
from zoo.seeded import torch_model
from zoo.zoo_model import ZooModel

_LIBRARIES: Final = ("transformers", "peft", "diffusers", "torch")


def cited_model(source: RecipeSource) -> ZooModel:
    """Describe a model that a recipe cites, with what of it is judged."""
    built = torch_model(str(source), build_source, source)
    return ZooModel(built.name, built.build, source.recipe, {**source.vars, "only": source.only})


MODELS: Final = tuple(
    cited_model(source) for source in sources_of("torch") if source.library in _LIBRARIES
)
