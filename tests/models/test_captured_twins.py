"""A recipe that was captured from a model of transformers starts its twin of keras_hub."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from common import keras_hub_models as hub
from common import transformers_models as library

import fanwise
import fanwise.keras
import fanwise.torch
from fanwise.adapters.captures import captured
from fanwise.adapters.keras.stored_weights import stored_weights as keras_weights
from fanwise.adapters.recipes import planned_weights
from fanwise.adapters.torch.stored_weights import stored_weights

#: Recipes whose [names] both libraries' models have, with what transformers calls the model.
MODELS = {"llama": "LlamaModel", "bert": "BertModel", "roberta": "RobertaModel"}


def build(name: str, seed: int) -> torch.nn.Module:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return getattr(library, name)(MODELS[name])


def start_of(law) -> tuple[str, float, float]:
    return type(law).__name__, round(law.mean, 9), round(law.std, 9)


@pytest.fixture(scope="module", params=MODELS)
def named_recipe(request):
    builds = [stored_weights(build(request.param, seed)) for seed in range(4)]
    found = captured(builds, "torch", model=request.param)
    assert not found.unresolved
    names = fanwise.recipe(request.param).names
    # What either model lacks of the names needs no weight.
    return request.param, replace(found.recipe, names=names, unused=("**",))


def test_the_twin_gets_the_laws_of_the_model(named_recipe) -> None:
    name, recipe = named_recipe
    ours = planned_weights(recipe, stored_weights(build(name, 0)), framework="torch").plans
    theirs = planned_weights(recipe, keras_weights(getattr(hub, name)()), framework="keras").plans
    laws = {planned.weight.path: start_of(planned.resolved.law) for _, planned in ours}
    twins = {planned.weight.path: start_of(planned.resolved.law) for _, planned in theirs}
    common = laws.keys() & twins.keys()
    assert len(common) > len(laws) / 2
    assert {path: twins[path] for path in common} == {path: laws[path] for path in common}


def test_the_twin_gets_the_bits_of_the_model(named_recipe) -> None:
    name, recipe = named_recipe
    model, twin = build(name, 0), getattr(hub, name)()
    fanwise.torch.initialize(model, recipe, seed=5)
    fanwise.keras.initialize(twin, recipe, seed=5)
    path = "blocks/1/mlp/down/kernel"
    names = dict(recipe.names)

    def values(weights, framework):
        for stored, planned in planned_weights(recipe, weights, framework=framework).plans:
            if planned.weight.path == path:
                return stored.values()
        raise AssertionError(names[framework])

    np.testing.assert_array_equal(
        values(stored_weights(model), "torch").T, values(keras_weights(twin), "keras")
    )
