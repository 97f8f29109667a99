"""Which tensors of a layer are a rank's part of a weight, as Megatron's are, and which part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import torch
from torch import Tensor, nn

from fanwise.adapters.layer_weights import LayerWeight
from fanwise.adapters.torch.drawing import sharded
from fanwise.adapters.torch.drawing.partitions import (
    Group,
    Partition,
    group_of_megatron,
    is_part,
    megatron_state,
    partition,
    place_in,
)
from fanwise.adapters.torch.layers.tensor_weights import TensorWeight
from fanwise.spec.errors import FanwiseError, Phrase

#: What a rank has of the tensors of a layer, by their names, or why that is not known.
Partitions = Mapping[str, "Partition | FanwiseError"]
#: Of most layers.
NONE: Final[Partitions] = {}
_ELSE: Final = (
    "Start it by fanwise.torch.init_method, which is told the whole, or set it yourself, and leave "
    "it as it is by exclude= or a rule with init = 'keep'."
)
_EXPERT: Final = (
    "Say which it is among all, e.g. at={'mlp.experts.local_experts.0': "
    "'mlp.experts.local_experts.2'}, or leave it as it is by exclude= or a rule with init = 'keep'."
)
_SINGLE: Final = (0, 1)


def find_partitions(layer: nn.Module, tensors: Mapping[str, Tensor], group: Group) -> Partitions:
    """Find the tensors of a layer that are parts.

    Args:
        layer: that stores them.
        tensors: by their names in it.
        group: of the ranks that share what is cut, or ``(rank, size)``; None to ask the layer,
            and then Megatron.
    """
    found: dict[str, Partition | FanwiseError] = {}
    for name, tensor in tensors.items():
        if not is_part(tensor) or sharded.is_sharded(tensor):
            continue
        try:
            part = _find(layer, tensor, group)
        except FanwiseError as error:
            found[name] = FanwiseError(error.expected, error.received, f"{error.hint} {_ELSE}")
        else:
            if part.size > 1:
                found[name] = part
    return found


def whole_shapes(
    tensors: Mapping[str, Tensor], partitions: Partitions
) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """Return the shapes that tensors have in the whole model, by their names."""
    shapes = {name: tuple(tensor.shape) for name, tensor in tensors.items()}
    for name, part in partitions.items():
        if isinstance(part, Partition):
            shapes[name] = part.whole(shapes[name])
    return tuple(shapes.items())


def partitions_of(
    description: LayerWeight, partitions: Partitions
) -> tuple[Mapping[str, Partition], FanwiseError | None]:
    """Return what a rank has of one weight, and what keeps that from being set."""
    if not partitions:
        return {}, None
    own = {name: partitions[name] for name in description.parameters if name in partitions}
    parts = {name: part for name, part in own.items() if isinstance(part, Partition)}
    problem = next((part for part in own.values() if isinstance(part, FanwiseError)), None)
    if problem is None and parts and not _is_simple(description):
        received = Phrase("a part, with tensor_model_parallel, of one that is packed or grouped")
        problem = FanwiseError("a cut weight that is all of its tensor", received, _ELSE)
    return parts, problem


def with_experts_unplaced(weights: Sequence[TensorWeight]) -> Sequence[TensorWeight]:
    """Mark weights of experts of which other ranks have others under the same paths.

    Args:
        weights: of a model of which nobody says where its modules stand in the whole.
    """
    state = megatron_state()
    size = getattr(state, "get_expert_model_parallel_world_size", None)
    if size is None or size() == 1:
        return weights
    return [_unplaced(stored) if _is_of_expert(stored) else stored for stored in weights]


def _is_of_expert(stored: TensorWeight) -> bool:
    return any(not getattr(tensor, "allreduce", True) for tensor in stored.tensors.values())


def _unplaced(stored: TensorWeight) -> TensorWeight:
    received = Phrase("an expert's, which is another one on each rank")
    error = FanwiseError("at=, which expert of the whole model it is", received, _EXPERT)
    return replace(stored, weight=replace(stored.weight, obstacle=error))


def _is_simple(description: LayerWeight) -> bool:
    """Tell whether a cut of a weight's tensor is the same cut of the weight."""
    return description.whole and description.groups == 1 and not description.followers


def _find(layer: nn.Module, tensor: Tensor, group: Group) -> Partition:
    """Return which part a tensor is.

    Raises:
        FanwiseError: where that is not known.
    """
    shared = _group(layer, tensor, group)
    if place_in(shared)[1] > 1 and not hasattr(tensor, "partition_dim"):
        # Megatron's state space layers: several things in one tensor, each cut by itself.
        received = Phrase("a tensor with tensor_model_parallel alone")
        raise FanwiseError("a partition_dim, which axis is cut", received, "")
    return partition(tensor, shared)


def _group(layer: nn.Module, tensor: Tensor, given: Group) -> Group:
    """Return the ranks that share a tensor: what its layer says, or is told, or Megatron's."""
    own = getattr(layer, "tp_group", None)
    if own is not None and torch.distributed.is_available():
        is_group = isinstance(own, torch.distributed.ProcessGroup)
        if is_group and given is not None and place_in(given) != place_in(own):
            received = Phrase(f"group= {place_in(given)}, and a layer with {place_in(own)}")
            hint = "Leave out group=: the layers know theirs."
            raise FanwiseError("the group that shares the weight", received, hint)
        if is_group:
            return own
    if given is not None:
        return given
    if megatron_state() is None and _is_alone(layer):
        return _SINGLE
    is_expert = getattr(layer, "is_expert", None)
    return group_of_megatron(tensor, is_expert=is_expert if type(is_expert) is bool else None)


def _is_alone(layer: nn.Module) -> bool:
    """Tell whether a marked weight can only be whole: by its layer, or as it is of one process."""
    distributed = torch.distributed
    if not (distributed.is_available() and distributed.is_initialized()):
        return True
    if distributed.get_world_size() == 1:
        return True
    # Copies of data parallelism, in layers that keep both sizes, as Megatron's do.
    end = "_per_partition"
    own = vars(layer)
    sizes = [(n, own.get(name.removesuffix(end))) for name, n in own.items() if name.endswith(end)]
    return bool(sizes) and all(part == size for part, size in sizes)
