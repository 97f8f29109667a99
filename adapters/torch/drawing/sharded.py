"""Sharded tensors (DTensor): the part that this rank holds, and what ranks agree on."""

from __future__ import annotations

import itertools
import math
import sys
from collections.abc import Iterator, Sequence
from typing import Any

import torch
from torch import Tensor

from fanwise.spec.errors import FanwiseError, Phrase

#: Positions along one axis, as (start, length) of what is consecutive.
Spans = list[tuple[int, int]]
Index = tuple[slice, ...]


def is_sharded(tensor: Tensor) -> bool:
    """Tell whether a tensor is a DTensor. Its module is slow to import, so it is not."""
    module: Any = sys.modules.get("torch.distributed.tensor")
    return module is not None and isinstance(tensor, module.DTensor)


def memory(tensor: Tensor) -> Tensor:
    """Return the memory of a tensor, or of this rank's part of it, without gradients."""
    return local_part(tensor) if is_sharded(tensor) else tensor.detach()


def local_part(tensor: Any) -> Tensor:
    """Return the elements in this rank's memory."""
    with torch.no_grad():
        part: Tensor = tensor.detach().to_local()
    return part


def check(tensor: Any) -> None:
    """Raise for a sharded tensor whose elements are not each some rank's own.

    Raises:
        FanwiseError: for a placement other than shards and replicas, and for a local part
            that is not the one that the placements give this rank.
    """
    for placement in tensor.placements:
        known = placement.is_replicate() or _sharded_axis(placement) is not None
        if not known:
            hint = "Redistribute it to Replicate() or Shard(axis) first."
            received = Phrase(f"placements {tensor.placements}")
            raise FanwiseError("a DTensor of shards and replicas", received, hint)
    if tensor.device_mesh.get_coordinate() is None:
        return
    shape = tuple(sum(length for _, length in spans) for spans in _held(tensor))
    part = tuple(local_part(tensor).shape)
    if part != shape and math.prod(shape) + math.prod(part) > 0:
        hint = "Make it by distribute_tensor, or give DTensor.from_local its shape and stride."
        received = Phrase(f"a local part of shape {part}")
        raise FanwiseError(f"a DTensor whose local part has the shape {shape}", received, hint)


def parts(tensor: Any) -> Iterator[tuple[Tensor, Index]]:
    """Give the blocks of the whole tensor that this rank holds, each with its memory.

    There is one, unless an uneven axis is sharded right to left; none on a rank outside
    the tensor's mesh.
    """
    if tensor.device_mesh.get_coordinate() is None:
        return
    local = local_part(tensor)
    if local.numel() == 0:
        return
    axes = []
    for spans in _held(tensor):
        ends = itertools.accumulate(length for _, length in spans)
        axes.append(
            [
                (slice(end - length, end), slice(start, start + length))
                for (start, length), end in zip(spans, ends, strict=True)
            ]
        )
    for choice in itertools.product(*axes):
        where: tuple[Any, ...] = tuple(held for held, _ in choice)
        yield local[(*where, ...)], tuple(whole for _, whole in choice)


def totals(values: Sequence[float], tensor: Any) -> list[float]:
    """Add up numbers of the ranks that hold different parts of a tensor; each must ask."""
    # Its mesh's device: what is offloaded lies on the host, where NCCL does not speak.
    summed = torch.tensor(values, dtype=torch.float64, device=tensor.device_mesh.device_type)
    for axis, placement in enumerate(tensor.placements):
        if not placement.is_replicate():
            torch.distributed.all_reduce(summed, group=tensor.device_mesh.get_group(axis))
    return [float(total) for total in summed.tolist()]


def totals_in_group(values: Sequence[float], group: Any) -> list[float]:
    """Add up numbers of the ranks of a process group; each must ask."""
    summed = torch.tensor(values, dtype=torch.float64, device=device_of_group(group))
    torch.distributed.all_reduce(summed, group=group)
    return [float(total) for total in summed.tolist()]


def device_of_group(group: Any) -> str:
    """Return the device on which a process group speaks: NCCL does not on the host."""
    return "cuda" if torch.distributed.get_backend(group) == "nccl" else "cpu"


def _held(tensor: Any) -> list[Spans]:
    """List, for every axis of the whole tensor, the positions that this rank holds."""
    held: list[Spans] = [[(0, size)] for size in tensor.shape]
    mesh = tensor.device_mesh
    coordinate = mesh.get_coordinate()
    for number, placement in enumerate(tensor.placements):
        axis = _sharded_axis(placement)
        if axis is None:
            continue
        count, place = mesh.size(number), coordinate[number]
        # Sharded right to left, each of the parts that come after is cut, not the whole.
        factor = int(getattr(placement, "split_factor", 1))
        outer = [_chunk(held[axis], factor, part) for part in range(factor)]
        held[axis] = _join(span for part in outer for span in _chunk(part, count, place))
    return held


def _sharded_axis(placement: Any) -> int | None:
    if placement.is_replicate() or placement.is_partial():
        return None
    axis = getattr(placement, "dim", None)
    return axis if isinstance(axis, int) else None


def _chunk(spans: Spans, count: int, place: int) -> Spans:
    """Return the part at a place of ``torch.chunk`` into so many: the last ones may be short."""
    size = -(-sum(length for _, length in spans) // count)
    first, last = place * size, (place + 1) * size
    part, at = [], 0
    for start, length in spans:
        low, high = max(first - at, 0), min(last - at, length)
        if low < high:
            part.append((start + low, high - low))
        at += length
    return part


def _join(spans: Iterator[tuple[int, int]]) -> Spans:
    """Join neighbouring positions."""
    joined: Spans = []
    for start, length in spans:
        if joined and sum(joined[-1]) == start:
            joined[-1] = (joined[-1][0], joined[-1][1] + length)
        else:
            joined.append((start, length))
    return joined
