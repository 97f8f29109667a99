"""The models of Keras's libraries that the conformance suite lets these start, for the recipes."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any, Final

from numpy.typing import NDArray

from fanwise.adapters.keras.conformance.starts import seeded, values_of
from fanwise.adapters.keras.layers.declared import with_starts
from fanwise.adapters.keras.layers.models import model_weights
from fanwise.adapters.protocol import Started
from fanwise.adapters.recipe_sources import RecipeSource
from fanwise.adapters.recipes import planned_weights
from fanwise.spec.errors import FanwiseError, did_you_mean
from fanwise.spec.recipe import recipe

#: Where in a library its models are.
_MODULES: Final = {"keras-hub": "keras_hub.models", "keras": "keras.applications"}


def start_recipe(
    source: RecipeSource, seed: int, array: Callable[[Any], NDArray[Any]]
) -> list[Started]:
    """Give what a recipe sets of a model as its library starts it.

    Raises:
        FanwiseError: for a library that no model is built of here.
    """
    with seeded(seed):
        weights = with_starts(model_weights(build_source(source)))
    chosen = recipe(source.recipe, **source.vars)
    plans = planned_weights(chosen, weights, framework="keras").plans
    return [
        Started(planned, values_of(stored, array))
        for stored, planned in plans
        if source.judges(planned.weight.path)
    ]


def build_source(source: RecipeSource) -> Any:
    """Build the model of a source, as its library starts it.

    Raises:
        FanwiseError: for a library that no model is built of here.
    """
    if source.library not in _MODULES:
        raise FanwiseError("a library", source.library, did_you_mean(source.library, _MODULES))
    make = getattr(import_module(_MODULES[source.library]), source.model)
    return make(**_arguments(source.config))


def _arguments(config: Any) -> dict[str, Any]:
    """Return the settings of a model, with the shapes in them as Keras takes them."""
    return {
        name: tuple(value) if name.endswith("shape") else value for name, value in config.items()
    }
