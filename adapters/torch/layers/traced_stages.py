"""A part of a model that was traced: its layers have lost their classes, and keep their names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from torch import Tensor, nn

from fanwise.adapters.layer_weights import PARAMETER
from fanwise.adapters.torch.drawing.partitions import Group
from fanwise.adapters.torch.layers.description import torch_class
from fanwise.adapters.torch.layers.obstacles import find_obstacle
from fanwise.adapters.torch.layers.partitioned import (
    find_partitions,
    partitions_of,
    whole_shapes,
)
from fanwise.adapters.torch.layers.stage_places import StagePlaces
from fanwise.adapters.torch.layers.tensor_weights import TensorWeight
from fanwise.adapters.torch.layers.wrappers import find_child, named_layers


def described_by_whole(
    model: nn.Module,
    weights: Sequence[TensorWeight],
    whole: nn.Module,
    of_whole: Sequence[TensorWeight],
    places: StagePlaces,
    group: Group = None,
) -> list[TensorWeight]:
    """Describe what layers without a class store by the layers that the whole has in their places.

    Args:
        model: a part of a model.
        weights: its weights.
        whole: the whole model.
        of_whole: its weights.
        places: where the part stands.
        group: of the ranks that share what layers cut themselves.

    Returns:
        The weights of the part, those of such layers as the whole has them.
    """
    if not any(stored.description.kind == PARAMETER for stored in weights):
        return list(weights)
    named = named_layers(model, remove_duplicate=False)
    layers = {places.prefix(path): (path, layer) for path, layer in named}
    paths: dict[int, list[str]] = {}
    for path, layer in named_layers(whole, remove_duplicate=False):
        paths.setdefault(id(layer), []).append(path)
    found: list[TensorWeight] = []
    for stored in of_whole:
        for place in stored.places:
            for path in paths[id(place.layer)]:
                own, layer = layers.get(path, ("", None))
                if layer is not None and torch_class(layer) is None:
                    found += _described(own, layer, place, group)
    covered = {id(tensor) for stored in found for tensor in stored.tensors.values()}
    others = [w for w in weights if not w.tensors or id(w.tensor) not in covered]
    return [*others, *found]


def _described(
    path: str, layer: nn.Module, place: TensorWeight, group: Group
) -> list[TensorWeight]:
    """Return a weight of the whole in the tensors of a layer of the part, if all of them are there.

    A parameter of no known layer is described alike in both.
    """
    if place.description.kind == PARAMETER or place.computed:
        return []
    tensors = {name: _find(layer, name) for name in place.tensors}
    held = {name: tensor for name, tensor in tensors.items() if tensor is not None}
    if not held or len(held) < len(tensors):
        return []
    own = [tensor for tensor in held.values() if isinstance(tensor, nn.Parameter)]
    trains = any(tensor.requires_grad for tensor in own) if own else place.weight.trains
    partitions = find_partitions(layer, held, group)
    shape = place.description.shape_in(dict(whole_shapes(held, partitions)))
    parts, unplaced = partitions_of(place.description, partitions)
    weight = replace(
        place.weight,
        path=path + place.description.path,
        shape=shape,
        trains=trains,
        obstacle=unplaced
        or find_obstacle(place.weight, place.description, tuple(held.values()), {}),
    )
    followers = tuple(
        (name, start)
        for name, start in place.description.followers
        if _find(layer, name) is not None
    )
    description = replace(place.description, followers=followers)
    return [TensorWeight(weight, description, held, layer, partitions=parts)]


def _find(layer: nn.Module, name: str) -> Tensor | None:
    """Look up a parameter or a buffer under a dotted name."""
    *way, last = name.split(".")
    owner: nn.Module | None = layer
    for word in way:
        owner = None if owner is None else find_child(owner, word)
    if owner is None:
        return None
    tables = (owner._parameters, owner._buffers)  # noqa: SLF001 (no names are joined)
    return next((table[last] for table in tables if last in table), None)
