"""The tensors of a state dict, a pytree or a file as weights that the rules of a recipe find."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from importlib import import_module
from typing import Any, Final

from fanwise.adapters.names_in_files.keras_names import keras_weights
from fanwise.adapters.names_in_files.model_names import matched_weights
from fanwise.adapters.names_in_files.torch_names import torch_weights
from fanwise.adapters.stored_weights import StoredTensor, StoredWeight
from fanwise.spec.errors import FanwiseError, Phrase, short_repr

TORCH, KERAS, FLAX = "torch", "keras", "flax"
#: Whose adapter reads the names of Flax.
_JAX: Final = "jax"
#: By which names the tensors of a framework are known; the first that fits some name counts.
_LOOKS: Final = (
    (KERAS, re.compile(r"(?:.*/)?vars/\d+|.*/(?:gamma|beta|moving_mean|embeddings)(?::0)?")),
    (FLAX, re.compile(r"(?:params|batch_stats)[/.].+|.+[/.](?:kernel|embedding)(?:[/.]value)?")),
    (TORCH, re.compile(r"(?:.+\.)?(?:weight|bias|running_mean|in_proj_weight|weight_ih\w*)")),
)


def named_weights(
    tensors: Mapping[str, StoredTensor], framework: str = "", model: Any = None
) -> tuple[StoredWeight, ...]:
    """Read tensors as the weights of a model, by that model, or else by names and shapes alone.

    By names alone some things cannot be told, such as the groups of a convolution, or whether a
    square convolution is turned. Where a weight is in doubt, its ``guess`` says by what it was
    decided, and its ``readings`` are what else it may be.

    Args:
        tensors: by the names that their file or state dict has for them.
        framework: whose names they are: ``"torch"``, ``"keras"`` or ``"flax"``; ``""`` to tell it
            by their look.
        model: whose weights they are; it may have no memory, on torch's meta device, or as an
            abstract model of Flax. None to go by names.

    Returns:
        The weights, with their paths, roles, kinds and axes; counts, buffers and the like are left
        out.

    Raises:
        FanwiseError: where the framework cannot be told, where there is nothing, and for tensors
            that are not those of the model.

    Examples:
        >>> import numpy as np
        >>> values = {"up.weight": np.zeros((8, 4)), "up.bias": np.zeros(8)}
        >>> stored = {name: StoredTensor.of(name, array) for name, array in values.items()}
        >>> [(w.weight.path, w.weight.kind) for w in named_weights(stored)]
        [('up/kernel', 'dense'), ('up/bias', 'dense')]
    """
    if not tensors:
        hint = "Pass the weights of a model."
        raise FanwiseError("at least one tensor", Phrase("none"), hint)
    if model is not None:
        from fanwise.adapters.held_models import weights_of

        _, weights = weights_of(model, framework or None)
        return matched_weights(tensors, weights)
    framework = framework or framework_of(tensors)
    if framework == TORCH:
        return tuple(torch_weights(tensors))
    if framework == KERAS:
        return tuple(keras_weights(tensors))
    if framework == FLAX:
        return _flax_weights(tensors)
    raise FanwiseError("framework to be 'torch', 'keras' or 'flax'", framework, "Correct it.")


def _flax_weights(tensors: Mapping[str, StoredTensor]) -> tuple[StoredWeight, ...]:
    """Read a pytree as JAX's adapter does, which needs JAX."""
    try:
        adapter = import_module(f"fanwise.adapters.{_JAX}.stored_weights")
    except ImportError as error:
        hint = "Install it with 'pip install jax flax'."
        raise FanwiseError("the package jax, for names of Flax", Phrase("none"), hint) from error
    weights: tuple[StoredWeight, ...] = adapter.weights_by_names(tensors)
    return weights


def framework_of(names: Iterable[str]) -> str:
    """Tell a framework by the names that it gives to tensors.

    Args:
        names: of all tensors.

    Raises:
        FanwiseError: where they are not those of one framework.

    Examples:
        >>> framework_of(["encoder.0.weight"]), framework_of(["params/Dense_0/kernel"])
        ('torch', 'flax')
    """
    every = list(names)
    for framework, look in _LOOKS:
        if any(look.fullmatch(name) for name in every):
            return framework
    listed = Phrase(", ".join(map(short_repr, sorted(every)[:3])))
    hint = "Pass framework='torch', 'keras' or 'flax'."
    raise FanwiseError("names by which a framework is known", listed, hint)
