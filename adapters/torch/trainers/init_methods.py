"""Plain tensors that are a rank's part of a weight, as Megatron's layers have them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, Final

import torch
from torch import Tensor

from fanwise.adapters.torch.drawing.engines import Setting, Source, check_engine_draws, write
from fanwise.adapters.torch.drawing.streams_in_use import note_stream
from fanwise.adapters.torch.drawing.tensors import check_tensor
from fanwise.core.blocks import Index
from fanwise.core.keys import check_path, checked_seed
from fanwise.core.sampler import check_law
from fanwise.core.uncompiled import uncompiled
from fanwise.spec.axes import TORCH, checked_pattern
from fanwise.spec.errors import FanwiseError, Phrase
from fanwise.spec.registry import SchemeLike, as_scheme
from fanwise.spec.resolved import resolve

#: Whose parts they are: a process group, or a rank and how many there are.
Group = Any
_STATE: Final = "megatron.core.parallel_state"
_GROUP_HINT: Final = (
    "Pass group=, a torch.distributed process group of the ranks that share the weight, or "
    "group=(rank, size)."
)


def init_method(
    scheme: SchemeLike,
    *,
    seed: int,
    path: str,
    axes: str | None = None,
    group: Group = None,
    rows: int | None = None,
) -> Callable[[Tensor], Tensor]:
    """Make an ``init_method`` for layers that cut their weights themselves, as Megatron's do.

    Such a layer holds a plain tensor with the attributes ``tensor_model_parallel``,
    ``partition_dim`` and ``partition_stride``, and calls its ``init_method`` with it. Here the
    shape and the fans are those of the whole weight, and the numbers those that this rank's part
    of it has, whatever the number of ranks. A tensor without the attributes is a whole weight, so
    that a layer that starts a master weight on the CPU and then cuts it gets the same.

    Args:
        scheme: a scheme or its name.
        seed: 0 ≤ seed < 2⁶⁴; the same on all ranks.
        path: of the weight in its model. Each layer needs a method of its own: one that several
            layers share would give them the same numbers.
        axes: the role of each axis; None for the scheme's own, or else ``"torch"``.
        group: the process group of the ranks that share the weight, or ``(rank, size)``; None
            for Megatron's own, those of experts for a tensor with ``allreduce = False``. Pass it
            where Megatron cuts experts over other ranks than the rest: it marks a layer of them
            only when it has started.
        rows: how many rows the whole weight has without padding, where a vocabulary is padded to
            fit the ranks; the rows behind them are zero.

    Returns:
        A function that writes into a tensor and returns it. It raises FanwiseError for a tensor
        that it cannot write, which is then untouched.

    Raises:
        FanwiseError: for bad input.

    Examples:
        >>> import torch
        >>> part = torch.empty(2, 8)  # the second half of four rows
        >>> part.tensor_model_parallel, part.partition_dim, part.partition_stride = True, 0, 1
        >>> init = init_method("he_normal", seed=0, path="up/kernel", group=(1, 2))
        >>> held = init(part).clone()
        >>> del part
        >>> whole = init_method("he_normal", seed=0, path="up/kernel")(torch.empty(4, 8))
        >>> torch.equal(held, whole[2:])
        True
    """
    chosen, seed = as_scheme(scheme), checked_seed(seed)
    pattern = chosen.pattern(axes, TORCH)
    checked_pattern(pattern)
    check_path(path)
    if rows is not None and (isinstance(rows, bool) or not isinstance(rows, int) or rows < 1):
        raise FanwiseError("a number of rows", rows, "Pass the size of the vocabulary.")

    @uncompiled
    def initialize_part(tensor: Tensor) -> Tensor:
        check_tensor(tensor)
        shape, blocks = _whole(tensor, group, rows)
        resolved = resolve(chosen, shape, pattern)
        check_law(resolved.law, path=path)
        setting = Setting(resolved, path, (tensor,), lambda: blocks)
        source = Source(seed)
        check_engine_draws(setting, source)
        if setting.random:
            note_stream(tensor, seed, path)
        if rows is not None and not setting.empty:
            with torch.no_grad():
                tensor.detach().zero_()
        write((setting,), source)
        return tensor

    return initialize_part


def _whole(
    tensor: Tensor, group: Group, rows: int | None
) -> tuple[tuple[int, ...], list[tuple[Tensor, Index]]]:
    """Return the shape of the whole weight, and the blocks of it that a tensor holds."""
    shape = tuple(tensor.shape)
    is_part = bool(getattr(tensor, "tensor_model_parallel", False))
    rank, size = _place(tensor, group) if is_part else (0, 1)
    axis = int(getattr(tensor, "partition_dim", 0)) if is_part else 0
    stride = int(getattr(tensor, "partition_stride", 1)) if is_part else 1
    if is_part and not -len(shape) <= axis < len(shape):
        hint = "Give the tensor the partition_dim of one of its axes."
        raise FanwiseError(f"a partition_dim of {len(shape)} axes", axis, hint)
    if stride < 1 or (shape and shape[axis] % stride):
        hint = "A weight of several pieces, such as gate and up, has as much of each on a rank."
        received = Phrase(f"partition_stride {stride} for {shape[axis] if shape else 0}")
        raise FanwiseError("a partition_stride that divides the axis", received, hint)
    axis %= max(len(shape), 1)
    whole = tuple(n * size if number == axis else n for number, n in enumerate(shape))
    if rows is not None:
        if not whole or rows > whole[0]:
            received = Phrase(f"rows={rows} for {whole}")
            raise FanwiseError("no more rows than the weight has", received, "Leave out rows.")
        unpadded = (rows, *whole[1:])
    else:
        unpadded = whole
    memory, blocks = tensor.detach(), []
    step = shape[axis] // stride if shape else 0
    for piece in range(stride if shape else 0):
        first = (piece * size + rank) * step
        last = min(first + step, unpadded[axis])
        if first < last:
            held, index = [], []
            for number, n in enumerate(unpadded):
                length = last - first if number == axis else min(n, shape[number])
                begin = piece * step if number == axis else 0
                held.append(slice(begin, begin + length))
                index.append(slice(first, last) if number == axis else slice(0, length))
            blocks.append((memory[tuple(held)], tuple(index)))
    return unpadded, blocks if shape else [(memory, ())]


def _place(tensor: Tensor, group: Group) -> tuple[int, int]:
    """Return this process's rank among those that share a weight, and how many they are."""
    if group is None:
        group = _of_megatron(tensor)
    if isinstance(group, tuple):
        if len(group) == 2 and all(type(n) is int for n in group) and 0 <= group[0] < group[1]:
            return group
        raise FanwiseError("a rank and a larger size", group, _GROUP_HINT)
    try:
        return torch.distributed.get_rank(group), torch.distributed.get_world_size(group)
    except (RuntimeError, ValueError, TypeError, AttributeError) as error:
        raise FanwiseError("a process group", Phrase(repr(group)), _GROUP_HINT) from error


def _of_megatron(tensor: Tensor) -> Group:
    """Return the group that Megatron cuts a tensor over."""
    state: Any = sys.modules.get(_STATE)
    if state is None or not state.is_initialized():
        received = Phrase("a tensor with tensor_model_parallel, and no group")
        raise FanwiseError("the group that shares the weight", received, _GROUP_HINT)
    # Releases before 0.9 cut experts over the ranks of the rest.
    of_experts = getattr(state, "get_expert_tensor_parallel_group", None)
    experts = None if of_experts is None else of_experts(check_initialized=False)
    if experts is not None and not getattr(tensor, "allreduce", True):
        return experts
    group = state.get_tensor_model_parallel_group()
    # While a layer of experts starts, nothing about its weight says so.
    if experts is not None and _ranks(experts) != _ranks(group):
        received = Phrase("a tensor that may be of experts, which are cut over other ranks")
        hint = (
            "Pass group=parallel_state.get_tensor_model_parallel_group(), or, for a layer of "
            "experts, get_expert_tensor_parallel_group()."
        )
        raise FanwiseError("the group that shares the weight", received, hint)
    return group


def _ranks(group: Group) -> list[int]:
    return list(torch.distributed.get_process_group_ranks(group))
