"""Builds of a Keras model under several seeds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import keras

from fanwise.adapters.builds import (
    KnownWeights,
    LastModel,
    called,
    check_factory,
    seeded_numbers,
)
from fanwise.adapters.keras.initialize import initialize
from fanwise.adapters.keras.layers.process_state import (
    count_names_anew,
    seed_backend,
    unchanged_process,
)
from fanwise.adapters.keras.stored_weights import stored_weights
from fanwise.adapters.stored_weights import StoredWeight
from fanwise.spec.errors import FanwiseError, Phrase
from fanwise.spec.recipe import Recipe

_HINT: Final = "Pass a function that builds the model anew each time, e.g. lambda: Model(config)."


class KerasBuilds:
    """A function that builds a Keras model, called under seeds: see ``ModelBuilds``.

    Args:
        factory: the function; it takes nothing, and returns a built model.

    Raises:
        FanwiseError: for anything but a function.
    """

    framework = "keras"

    def __init__(self, factory: Callable[[], keras.layers.Layer]) -> None:
        check_factory(factory)
        self._factory = factory
        self._known = KnownWeights()
        self._last = LastModel()

    def build(self, seed: int) -> keras.layers.Layer:
        """Build the model under a seed; what Keras counts goes on where it was before."""
        with unchanged_process(), seeded_numbers(seed):
            seed_backend(seed)
            count_names_anew()
            model = called(self._factory)
        if not isinstance(model, keras.layers.Layer):
            received = Phrase(f"an object of class {type(model).__qualname__}")
            raise FanwiseError("a function that returns a Keras model", received, _HINT)
        self._last.check_new(model, "model", _HINT)
        return model

    def outline(self) -> None:
        """Build nothing: a variable of Keras has memory from the start."""

    def weights(self, model: Any) -> tuple[StoredWeight, ...]:
        """List the weights of a model that was built."""
        return self._known.of(stored_weights(model, declared=not self._known))

    def drawn(self, model: Any, recipe: Recipe, seed: int) -> tuple[StoredWeight, ...]:
        """Start a model by a recipe, and list its weights."""
        initialize(model, recipe, seed=seed, report=False)
        return self.weights(model)
