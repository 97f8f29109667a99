"""The names that torch has for the tensors of a model, those of ``state_dict``."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Mapping

from torch import nn

from fanwise.adapters.torch.layers.tensor_weights import TensorWeight
from fanwise.adapters.torch.layers.wrappers import named_layers

#: The name, after that of its layer, of what a layer keeps that is no tensor.
_EXTRA_STATE = "_extra_state"


def state_names(model: nn.Module) -> dict[int, tuple[str, ...]]:
    """Return the names of every parameter and buffer of a model, by its identity.

    A tensor that is shared has several, and so has one below a wrapper: with and without it.
    """
    names: dict[int, dict[str, None]] = {}
    for spelling in (_full_names(model), _names_without_wrappers(model)):
        for key, several in spelling.items():
            names.setdefault(key, {}).update(dict.fromkeys(several))
    return {key: tuple(several) for key, several in names.items()}


def missing_tensors(model: nn.Module, listed: Collection[str]) -> frozenset[int]:
    """Return the identities of the tensors of which every name is missing.

    What a checkpoint has under one of several names, as the table that is a model's head too, is
    not missing, although a loader lists its other names.

    Args:
        model: whose tensors they are.
        listed: the names that a checkpoint does not have, with all wrappers or with none.
    """
    missing = set(listed)
    return frozenset(
        key
        for spelling in (_full_names(model), _names_without_wrappers(model))
        for key, names in spelling.items()
        if missing.issuperset(names)
    )


def extra_state_names(model: nn.Module) -> tuple[str, ...]:
    """Return the names of what layers keep that is no tensor."""
    return tuple(
        f"{_dotted(path)}{_EXTRA_STATE}"
        for path, layer in named_layers(model)
        if type(layer).get_extra_state is not nn.Module.get_extra_state
    )


def names_of_weight(stored: TensorWeight, names: Mapping[int, tuple[str, ...]]) -> tuple[str, ...]:
    """Return the names of the tensors that a weight lies in, at all of its places.

    Args:
        stored: a weight of the model.
        names: those of :func:`state_names`.
    """
    tensors = (tensor for place in stored.places for tensor in place.sources)
    return tuple(dict.fromkeys(n for tensor in tensors for n in names.get(id(tensor), ())))


def _full_names(model: nn.Module) -> dict[int, list[str]]:
    """Return the names of every tensor as ``state_dict`` has them."""
    names: dict[int, list[str]] = {}
    parameters = model.named_parameters(remove_duplicate=False)
    for name, tensor in itertools.chain(parameters, model.named_buffers(remove_duplicate=False)):
        names.setdefault(id(tensor), []).append(name)
    return names


def _names_without_wrappers(model: nn.Module) -> dict[int, list[str]]:
    """Return the names of every tensor as ``state_dict`` of the bare model has them."""
    names: dict[int, list[str]] = {}
    for path, layer in named_layers(model, remove_duplicate=False):
        tables = layer.named_parameters(recurse=False), layer.named_buffers(recurse=False)
        for name, tensor in itertools.chain(*tables):
            names.setdefault(id(tensor), []).append(_dotted(path) + name)
    return names


def _dotted(path: str) -> str:
    return path.replace("/", ".")
