"""Builds of a torch model under several seeds."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any, Final

import torch
from torch import nn

from fanwise.adapters.builds import (
    KnownWeights,
    LastModel,
    called,
    check_factory,
    seeded_numbers,
)
from fanwise.adapters.stored_weights import StoredWeight
from fanwise.adapters.torch.drawing.seeded_process import seeded_torch
from fanwise.adapters.torch.initialize import initialize
from fanwise.adapters.torch.layers.models import check_python
from fanwise.adapters.torch.stored_weights import stored_weights
from fanwise.spec.errors import FanwiseError, Phrase
from fanwise.spec.recipe import Recipe

_HINT: Final = "Pass a function that builds the model anew each time, e.g. lambda: Model(config)."


class TorchBuilds:
    """A function that builds a torch model, called under seeds: see ``ModelBuilds``.

    Args:
        factory: the function; it takes nothing, and returns a module.

    Raises:
        FanwiseError: for anything but a function.
    """

    framework = "torch"

    def __init__(self, factory: Callable[[], nn.Module]) -> None:
        check_factory(factory)
        self._factory = factory
        self._known = KnownWeights()
        self._last = LastModel()

    def build(self, seed: int) -> nn.Module:
        """Build the model under a seed of torch, NumPy and Python."""
        with seeded_numbers(seed), seeded_torch(seed):
            model = called(self._factory)
        if not isinstance(model, nn.Module):
            received = Phrase(f"an object of class {type(model).__qualname__}")
            raise FanwiseError("a function that returns a torch.nn.Module", received, _HINT)
        check_python(model)
        self._last.check_new(model, "module", _HINT)
        return model

    def outline(self) -> nn.Module | None:
        """Build the model on the meta device; None where its own code wants values."""
        try:
            with torch.device("meta"), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return self.build(0)
        except FanwiseError:
            return None

    def weights(self, model: Any) -> tuple[StoredWeight, ...]:
        """List the weights of a model that was built."""
        return self._known.of(stored_weights(model, declared=not self._known))

    def drawn(self, model: Any, recipe: Recipe, seed: int) -> tuple[StoredWeight, ...]:
        """Start a model by a recipe, and list its weights."""
        initialize(model, recipe, seed=seed, report=False)
        return self.weights(model)
