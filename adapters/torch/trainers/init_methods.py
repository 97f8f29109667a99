"""Plain tensors that are a rank's part of a weight, as Megatron's layers have them."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from fanwise.adapters.torch.drawing.engines import Setting, Source, check_engine_draws, write
from fanwise.adapters.torch.drawing.partitions import (
    WHOLE,
    Group,
    group_of_megatron,
    is_part,
    partition,
)
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
    if is_part(tensor):
        part = partition(tensor, group_of_megatron(tensor) if group is None else group)
    else:
        part = WHOLE
    shape = part.whole(tuple(tensor.shape))
    if rows is not None:
        if not shape or rows > shape[0]:
            received = Phrase(f"rows={rows} for {shape}")
            raise FanwiseError("no more rows than the weight has", received, "Leave out rows.")
        shape = (rows, *shape[1:])
    return shape, list(part.blocks(tensor, shape))
