"""The models of torch libraries that the conformance suite lets these start, for the recipes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any, Final

import torch
from torch import nn

from fanwise.adapters.protocol import Started
from fanwise.adapters.recipe_sources import RecipeSource
from fanwise.adapters.recipes import planned_weights
from fanwise.adapters.torch.conformance.starts import values_of
from fanwise.adapters.torch.layers.declared_parameters import with_declarations
from fanwise.adapters.torch.layers.models import model_weights
from fanwise.spec.errors import FanwiseError, did_you_mean
from fanwise.spec.recipe import recipe


def start_recipe(source: RecipeSource, seed: int) -> list[Started]:
    """Return what a recipe sets of a model as its library starts it.

    Raises:
        FanwiseError: for a library that no model is built of here.
    """
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(seed)
        model = build_source(source)
    chosen = recipe(source.recipe, **source.vars)
    weights = with_declarations(model, model_weights(model)).weights
    plans = planned_weights(chosen, weights, framework="torch").plans
    return [
        Started(planned, values_of(stored))
        for stored, planned in plans
        if source.judges(planned.weight.path)
    ]


def build_source(source: RecipeSource) -> nn.Module:
    """Build the model of a source, as its library starts it.

    Raises:
        FanwiseError: for a library that no model is built of here.
    """
    if source.library not in _BUILDERS:
        raise FanwiseError("a library", source.library, did_you_mean(source.library, _BUILDERS))
    return _BUILDERS[source.library](source.module, source.model, source.config)


def _of_config(module: str, name: str, config: Mapping[str, Any]) -> nn.Module:
    """Make a model of transformers, from the configuration of its class."""
    cls = getattr(import_module(module), name)
    model: nn.Module = cls(cls.config_class(**config))
    return model


def _by_name(module: str, name: str, config: Mapping[str, Any]) -> nn.Module:
    """Make a model of timm, which has a registry."""
    model: nn.Module = import_module(module).create_model(name, **config)
    return model


def _of_models(module: str, name: str, config: Mapping[str, Any]) -> nn.Module:
    """Make a model of torchvision or of a copy of DiT, by its function or class."""
    model: nn.Module = getattr(import_module(f"{module}.models"), name)(**config)
    return model


def _by_class(module: str, name: str, config: Mapping[str, Any]) -> nn.Module:
    """Make a model of diffusers, of its class."""
    model: nn.Module = getattr(import_module(module), name)(**config)
    return model


def _of_torch(module: str, name: str, config: Mapping[str, Any]) -> nn.Module:
    """Make a layer of torch that is a model."""
    model: nn.Module = getattr(import_module(f"{module}.nn"), name)(**config)
    return model


def _of_nanochat(module: str, name: str, config: Mapping[str, Any]) -> nn.Module:
    """Make nanochat's model, whose weights have no values before it is asked to start."""
    gpt: Any = import_module(f"{module}.gpt")
    model: nn.Module = getattr(gpt, name)(gpt.GPTConfig(**config))
    model.init_weights()
    return model


def _with_lora(module: str, name: str, config: Mapping[str, Any]) -> nn.Module:
    """Add adapters of peft to two layers of torch."""
    peft = import_module(module)
    base = nn.Sequential(nn.Linear(1000, 900), nn.ReLU(), nn.Linear(900, 1000))
    model: nn.Module = peft.get_peft_model(base, getattr(peft, name)(**config))
    return model


_BUILDERS: Final[dict[str, Callable[[str, str, Mapping[str, Any]], nn.Module]]] = {
    "transformers": _of_config,
    "timm": _by_name,
    "torchvision": _of_models,
    "diffusers": _by_class,
    "torch": _of_torch,
    "peft": _with_lora,
    "nanochat": _of_nanochat,
    "DiT": _of_models,
}
