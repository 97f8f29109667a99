"""Builds of a model of any framework, and of them what tells how many there have been."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any, Final

from fanwise.adapters.builds import ModelBuilds
from fanwise.adapters.extras import explain_missing
from fanwise.adapters.held_models import FLAX, KERAS, TORCH
from fanwise.adapters.progress import Progress
from fanwise.adapters.stored_weights import StoredWeight
from fanwise.spec.errors import FanwiseError, Phrase
from fanwise.spec.recipe import Recipe

#: The adapter of each framework, and its class of builds.
_CLASSES: Final = {
    TORCH: ("torch", "TorchBuilds"),
    KERAS: ("keras", "KerasBuilds"),
    FLAX: ("jax", "JaxBuilds"),
}


def builds_of(factory: Callable[..., Any], framework: str, **call: Any) -> ModelBuilds:
    """Return the builds of a model.

    Args:
        factory: builds the model.
        framework: as recipes call it.
        **call: what a linen module, or a function of Haiku, is called with.

    Raises:
        FanwiseError: for what builds no model of that framework.
        ModuleNotFoundError: where the framework is not installed, saying how to install it.
    """
    if call and framework != FLAX:
        hint = "Leave it out: it is for a module of linen, or a function of Haiku."
        received = Phrase(", ".join(call))
        raise FanwiseError(f"nothing that a model of {framework} is called with", received, hint)
    adapter, name = _CLASSES[framework]
    with explain_missing(f"fanwise.{adapter}"):
        module = importlib.import_module(f"fanwise.adapters.{adapter}.builds")
    builds: ModelBuilds = getattr(module, name)(factory, **call)
    return builds


class CountedBuilds:
    """Builds of a model that tell of each one: see ``ModelBuilds``.

    Args:
        builds: of the model.
        count: how many there will be.
        progress: told before each of them.
    """

    def __init__(self, builds: ModelBuilds, count: int, progress: Progress) -> None:
        self.framework = builds.framework
        self._builds = builds
        self._count = count
        self._begun = 0
        self._progress = progress

    def build(self, seed: int) -> Any:
        """Build the model under a seed."""
        self._tell(f"building it under seed {seed}")
        return self._builds.build(seed)

    def outline(self) -> Any:
        """Build the model without memory for its values; None where that cannot be done."""
        return self._builds.outline()

    def weights(self, model: Any) -> tuple[StoredWeight, ...]:
        """List the weights of a model that was built."""
        return self._builds.weights(model)

    def drawn(self, model: Any, recipe: Recipe, seed: int) -> tuple[StoredWeight, ...]:
        """Start a model by a recipe, and list its weights."""
        self._tell("starting it by the recipe")
        return self._builds.drawn(model, recipe, seed)

    def _tell(self, title: str) -> None:
        self._progress(self._begun, self._count, title)
        self._begun += 1
