"""The models of vision that bundled recipes cite, of libraries that need torchvision."""

from __future__ import annotations

from typing import Final

from fanwise.adapters.recipe_sources import sources_of
from zoo.libraries.cited import cited_model

_LIBRARIES: Final = ("timm", "torchvision", "DiT")
MODELS: Final = tuple(
    cited_model(source)
    for source in sources_of("torch")
    if source.library in _LIBRARIES and source.installed
)
