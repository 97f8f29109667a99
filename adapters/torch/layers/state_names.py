"""The names that torch has for the tensors of a model, those of ``state_dict``."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping

from torch import Tensor, nn

from fanwise.adapters.torch.layers.tensor_weights import TensorWeight
from fanwise.adapters.torch.layers.wrappers import named_layers

#: The name, after that of its layer, of what a layer keeps that is no tensor.
_EXTRA_STATE = "_extra_state"


def state_names(model: nn.Module) -> dict[int, tuple[str, ...]]:
    """Return the names of every parameter and buffer of a model, by its identity.

    A tensor that is shared has several, and so has one below a wrapper: with and without it.
    """
    names: dict[int, dict[str, None]] = {}
    for name, tensor in _named_tensors(model):
        names.setdefault(id(tensor), {})[name] = None
    return {key: tuple(several) for key, several in names.items()}


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


def _named_tensors(model: nn.Module) -> Iterator[tuple[str, Tensor]]:
    yield from model.named_parameters(remove_duplicate=False)
    yield from model.named_buffers(remove_duplicate=False)
    for path, layer in named_layers(model):
        prefix = _dotted(path)
        tables = layer.named_parameters(recurse=False), layer.named_buffers(recurse=False)
        for name, tensor in itertools.chain(*tables):
            yield prefix + name, tensor


def _dotted(path: str) -> str:
    return path.replace("/", ".")
