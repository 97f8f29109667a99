"""The blocks of a weight in a process's memory: what its spans have of its tensors."""

from __future__ import annotations

from collections.abc import Iterator

from torch import Tensor

from fanwise.adapters.layer_weights import Span
from fanwise.adapters.torch.drawing import sharded
from fanwise.core.blocks import Index


def tensor_blocks(tensor: Tensor) -> Iterator[tuple[Tensor, Index]]:
    """Give the blocks of a tensor that this process holds."""
    if sharded.is_sharded(tensor):
        return sharded.parts(tensor)
    return iter([(tensor.detach(), tuple(slice(0, size) for size in tensor.shape))])


def cut_block(memory: Tensor, held: Index, span: Span, ndim: int) -> tuple[Tensor, Index] | None:
    """Cut what a span has of a block of a tensor; None if it has nothing of it.

    Args:
        memory: that of the block.
        held: the block, a slice for each axis of the tensor.
        span: a block of the tensor, and the block of the weight that lies there.
        ndim: the number of axes of the weight.
    """
    view, axis, offsets = memory, 0, []
    for number, part in enumerate(held):
        at = span.at[number] if number < len(span.at) else slice(None)
        start, stop = _ends(at, part.stop)
        low, high = max(start, part.start), min(stop, part.stop)
        if low >= high:
            return None
        if isinstance(at, slice):
            view = view.narrow(axis, low - part.start, high - low)
            offsets.append((low - start, high - start))
            axis += 1
        else:
            view = view.select(axis, low - part.start)
    index, remaining = [], iter(offsets)
    for axis in range(ndim):
        part = span.part[axis] if axis < len(span.part) else slice(None)
        if isinstance(part, slice):
            low, high = next(remaining)
            begin = part.start or 0
            index.append(slice(begin + low, begin + high))
        else:
            view = view.unsqueeze(axis)
            index.append(slice(part, part + 1))
    return view, tuple(index)


def _ends(at: slice | int, end: int) -> tuple[int, int]:
    """Return where a slice or an integer begins and ends on an axis."""
    if isinstance(at, slice):
        return at.start or 0, end if at.stop is None else at.stop
    return at, at + 1
