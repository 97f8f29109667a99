"""The weights of a torch model, with their values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from torch import Tensor, nn
from torch.nn.utils.parametrizations import _WeightNorm
from torch.nn.utils.weight_norm import WeightNorm

from fanwise.adapters.stored_weights import StoredTensor, StoredWeight
from fanwise.adapters.torch.layers.computed import ComputedWeight
from fanwise.adapters.torch.layers.declared_parameters import with_declarations
from fanwise.adapters.torch.layers.declared_ties import check_declared_ties
from fanwise.adapters.torch.layers.file_tensors import file_tensors, with_known_values
from fanwise.adapters.torch.layers.models import check_python, model_weights
from fanwise.adapters.torch.layers.state_names import state_names
from fanwise.adapters.torch.layers.stored_tensors import (
    ComputedValues,
    absent_tensor,
    computed_tensor,
    memory_of,
    part_of_tensor,
    stored_tensor,
)
from fanwise.adapters.torch.layers.tensor_weights import TensorWeight
from fanwise.adapters.torch.layers.wrappers import named_layers
from fanwise.core.uncompiled import uncompiled
from fanwise.spec.errors import FanwiseError, Phrase

#: What computes a weight that is the one that was drawn.
_KEEPS_LAW: Final = frozenset({WeightNorm, _WeightNorm})


@uncompiled
def stored_weights(model: nn.Module, *, declared: bool = True) -> tuple[StoredWeight, ...]:
    """List the weights of a model as the rules of a recipe see them, with their values.

    Values are read when they are asked for, in blocks, and nothing is copied that lies on the
    host. A weight that a layer computes has the values that it computes now. What has no values
    here (on the meta device, on other ranks, packed) raises where it is read.

    Args:
        model: any module.
        declared: whether to find what classes of other libraries declare, by their code.

    Returns:
        The rows of :func:`fanwise.torch.paths`, with the names of ``state_dict``.

    Raises:
        FanwiseError: for anything but a module, or one with parameters without a shape.

    Examples:
        >>> import torch
        >>> layer = nn.Linear(2, 1)
        >>> nn.init.ones_(layer.weight).dtype
        torch.float32
        >>> kernel, _ = stored_weights(nn.Sequential(layer))
        >>> kernel.weight.path, kernel.names, kernel.values().tolist()
        ('0/kernel', ('0.weight',), [[1.0, 1.0]])
    """
    check_python(model)
    weights: Sequence[TensorWeight] = model_weights(model)
    if declared:
        weights = with_declarations(model, weights).weights
    return with_values(model, weights)


def weights_and_tensors(
    model: nn.Module,
) -> tuple[tuple[StoredWeight, ...], dict[str, StoredTensor]]:
    """List the weights of a model, and the tensors that a file of it holds.

    Of what a model on the meta device does not draw, its own code may tell the values.

    Args:
        model: any module.

    Returns:
        The weights, and the tensors of ``state_dict``, each under its first name.

    Raises:
        FanwiseError: as :func:`stored_weights` does, and for ties that are declared and broken.
    """
    check_python(model)
    declared = with_declarations(model, model_weights(model))
    check_declared_ties(list(named_layers(model)))
    _check_whole(declared.weights)
    drawn = [tensor for stored in declared.weights for tensor in stored.every_tensor()]
    drawn += [t for stored in declared.weights for _, t, _ in stored.follower_tensors()]
    tensors = file_tensors(model, declared, drawn)
    stored = with_known_values(with_values(model, declared.weights), tensors)
    return tuple(map(_told_as_computed, declared.weights, stored)), tensors


def _told_as_computed(weight: TensorWeight, stored: StoredWeight) -> StoredWeight:
    """Say of a weight that a layer computes with it, as with vectors of its own."""
    if not weight.computed:
        return stored
    held = {name: replace(t, is_computed=True) for name, t in stored.tensors.items()}
    return replace(stored, tensors=held)


def with_values(model: nn.Module, weights: Sequence[TensorWeight]) -> tuple[StoredWeight, ...]:
    """Give the weights of a model their values, to be read in blocks.

    Args:
        model: any module.
        weights: all weights of it.
    """
    names = state_names(model)
    values = ComputedValues()
    return tuple(_stored_weight(stored, names, values) for stored in weights)


def stored_tensors(tensors: Mapping[str, Tensor]) -> dict[str, StoredTensor]:
    """Describe the tensors of a state dict, of which any block can be read.

    One that is shared has its first name, and the others as aliases. What else a state dict holds,
    such as the extra state of a layer, is left out.

    Args:
        tensors: by their names.
    """
    names: dict[object, list[str]] = {}
    for name, tensor in tensors.items():
        if isinstance(tensor, Tensor):
            names.setdefault(memory_of(tensor), []).append(name)
    return {
        name: replace(stored_tensor(name, tensors[name]), aliases=tuple(others))
        for name, *others in names.values()
    }


def _stored_weight(
    stored: TensorWeight, names: Mapping[int, tuple[str, ...]], values: ComputedValues
) -> StoredWeight:
    """Describe one weight of a model with its values."""
    tensors = {}
    for name, tensor in stored.tensors.items():
        source = stored.computed.get(name)
        part = stored.partitions.get(name)
        if part is not None:
            called, *others = names.get(id(tensor), (_called(stored, name),))
            whole = part.whole(tuple(tensor.shape))
            tensors[name] = replace(part_of_tensor(called, tensor, whole), aliases=tuple(others))
        elif source is None or source.stores_values:
            called, *others = names.get(id(tensor), (_called(stored, name),))
            tensors[name] = replace(stored_tensor(called, tensor), aliases=tuple(others))
        else:
            tensors[name] = computed_tensor(_called(stored, name), source, values)
    if not tensors:
        name = stored.description.parameter
        tensors[name] = absent_tensor(_called(stored, name), _obstacle(stored))
    formulas = filter(None, map(_formula, stored.computed.values()))
    described = (place.description for place in stored.places)
    # The row that is zero under any of its names, such as a head that is a padded table too.
    description = next((d for d in described if d.zero_row is not None), stored.description)
    description = replace(stored.description, zero_row=description.zero_row)
    return StoredWeight(stored.weight, description, tensors, ", ".join(dict.fromkeys(formulas)))


def _check_whole(weights: Sequence[TensorWeight]) -> None:
    """Raise for parts of weights: a file has whole ones."""
    cut = [stored.weight.path for stored in weights if stored.partitions]
    if cut:
        received = Phrase(f"parts of {', '.join(cut[:3])}{' and others' if cut[3:] else ''}")
        hint = "Pass the model as one rank alone makes it, on the meta device."
        raise FanwiseError("a model of whole weights", received, hint)


def _called(stored: TensorWeight, name: str) -> str:
    """Return the name that state_dict would have for what a layer computes."""
    path, below = stored.weight.path, stored.description.path
    return f"{path.removesuffix(below).replace('/', '.')}{name}"


def _obstacle(stored: TensorWeight) -> FanwiseError:
    return stored.weight.obstacle or FanwiseError("a tensor", Phrase("none"), "Exclude the weight.")


def _formula(source: ComputedWeight) -> str:
    """Name what a weight comes out of, where that changes its law."""
    if not source.has_law:
        return "a formula of what was drawn"
    if source.stores_values or not isinstance(source.formula, tuple):
        return ""
    changing = _changing(source.formula)
    return ", ".join(cls.__name__.removeprefix("_") for cls in changing)


def _changing(formula: tuple[object, ...]) -> Iterator[type]:
    for part in formula:
        if isinstance(part, type) and part not in _KEEPS_LAW:
            yield part
