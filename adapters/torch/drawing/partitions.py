"""Plain tensors that are a rank's part of a weight, by the marks that Megatron's layers make."""

from __future__ import annotations

import operator
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import torch
from torch import Tensor

from fanwise.core.blocks import Index
from fanwise.spec.errors import FanwiseError, Phrase

#: Whose parts they are: a process group, or a rank and how many there are.
Group = Any
_STATE: Final = "megatron.core.parallel_state"
GROUP_HINT: Final = (
    "Pass group=, a torch.distributed process group of the ranks that share the weight, or "
    "group=(rank, size)."
)


@dataclass(frozen=True)
class Partition:
    """Which part of a weight a rank holds.

    Attributes:
        axis: that is cut.
        stride: how many pieces the axis has, such as gate and up, of each of which a rank has a
            part.
        rank, size: of the rank, among those that share the weight.
        group: their process group; None where only the rank is known.
    """

    axis: int
    stride: int
    rank: int
    size: int
    group: Any = None

    def whole(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        """Return the shape of the weight of which a tensor of some shape is the part."""
        return tuple(n * self.size if axis == self.axis else n for axis, n in enumerate(shape))

    def blocks(self, tensor: Tensor, shape: tuple[int, ...]) -> Iterator[tuple[Tensor, Index]]:
        """Give the blocks of the weight that lie in a tensor, each with its memory.

        Args:
            tensor: the rank's part.
            shape: of the weight; maybe with fewer rows, if those behind them are padding.
        """
        memory = tensor.detach()
        if not shape:
            yield memory, ()
            return
        step = tensor.shape[self.axis] // self.stride
        for piece in range(self.stride):
            first = (piece * self.size + self.rank) * step
            last = min(first + step, shape[self.axis])
            if first < last:
                held, index = [], []
                for axis, size in enumerate(shape):
                    is_cut = axis == self.axis
                    length = last - first if is_cut else min(size, tensor.shape[axis])
                    begin = piece * step if is_cut else 0
                    held.append(slice(begin, begin + length))
                    index.append(slice(first, last) if is_cut else slice(0, length))
                yield memory[tuple(held)], tuple(index)


#: Of a weight that is not cut.
WHOLE: Final = Partition(0, 1, 0, 1)


def is_part(tensor: Tensor) -> bool:
    """Tell whether a tensor is marked as a part of a weight; of one rank that is all of it."""
    return bool(getattr(tensor, "tensor_model_parallel", False))


def partition(tensor: Tensor, group: Group) -> Partition:
    """Read the marks of a tensor that is a part.

    Args:
        tensor: with the attributes that Megatron's layers give it.
        group: of the ranks that share the weight, or ``(rank, size)``.

    Raises:
        FanwiseError: for marks that do not fit the tensor, and for what is no group.
    """
    shape = tuple(tensor.shape)
    rank, size = place_in(group)
    axis = _number(tensor, "partition_dim", 0)
    stride = _number(tensor, "partition_stride", 1)
    if not -len(shape) <= axis < len(shape):
        hint = "Give the tensor the partition_dim of one of its axes."
        raise FanwiseError(f"a partition_dim of {len(shape)} axes", axis, hint)
    if stride < 1 or shape[axis] % stride:
        hint = "A weight of several pieces, such as gate and up, has as much of each on a rank."
        received = Phrase(f"partition_stride {stride} for {shape[axis]}")
        raise FanwiseError("a partition_stride that divides the axis", received, hint)
    shared = None if isinstance(group, tuple) else group
    return Partition(axis % len(shape), stride, rank, size, shared)


def _number(tensor: Tensor, name: str, usual: int) -> int:
    """Return a mark that is a number; of a tensor that does not have it, the usual one."""
    value = getattr(tensor, name, usual)
    try:
        return operator.index(value)
    except TypeError:
        hint = f"Give the tensor a {name} as Megatron does, such as {usual}."
        raise FanwiseError(f"a number as {name}", value, hint) from None


def place_in(group: Group) -> tuple[int, int]:
    """Return this process's rank among those that share a weight, and how many they are."""
    if isinstance(group, tuple):
        if len(group) == 2 and all(type(n) is int for n in group) and 0 <= group[0] < group[1]:
            return group
        raise FanwiseError("a rank and a larger size", group, GROUP_HINT)
    try:
        place = torch.distributed.get_rank(group), torch.distributed.get_world_size(group)
    except (RuntimeError, ValueError, TypeError, AttributeError) as error:
        raise FanwiseError("a process group", Phrase(repr(group)), GROUP_HINT) from error
    if place[0] < 0:
        received = Phrase("a group that this process is not in")
        raise FanwiseError("the group that shares the weight", received, GROUP_HINT)
    return place


def megatron_state() -> Any:
    """Return Megatron's state of its groups; None where it has not been set up."""
    state: Any = sys.modules.get(_STATE)
    return None if state is None or not state.is_initialized() else state


def group_of_megatron(tensor: Tensor, *, is_expert: bool | None = None) -> Group:
    """Return the group that Megatron cuts a tensor over.

    Args:
        tensor: that is a part.
        is_expert: whether its layer is an expert's; None where nothing says so.

    Raises:
        FanwiseError: without Megatron's groups, and where it may be either of two.
    """
    state = megatron_state()
    if state is None:
        received = Phrase("a tensor with tensor_model_parallel, and no group")
        raise FanwiseError("the group that shares the weight", received, GROUP_HINT)
    # Releases before 0.9 cut experts over the ranks of the rest.
    of_experts = getattr(state, "get_expert_tensor_parallel_group", None)
    experts = None if of_experts is None else of_experts(check_initialized=False)
    if experts is not None and (is_expert or not getattr(tensor, "allreduce", True)):
        return experts
    group = state.get_tensor_model_parallel_group()
    # While a layer of experts starts, nothing about its weight says so.
    if is_expert is None and experts is not None and _ranks(experts) != _ranks(group):
        received = Phrase("a tensor that may be of experts, which are cut over other ranks")
        hint = (
            "Pass group=parallel_state.get_tensor_model_parallel_group(), or, for a layer of "
            "experts, get_expert_tensor_parallel_group()."
        )
        raise FanwiseError("the group that shares the weight", received, hint)
    return group


def _ranks(group: Group) -> list[int]:
    return list(torch.distributed.get_process_group_ranks(group))
