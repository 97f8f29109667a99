"""The mean and the standard deviation of tensors, computed where they lie."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from functools import reduce
from typing import Any, Final

import torch
from torch import Tensor

from fanwise.adapters.torch.drawing import sharded
from fanwise.adapters.torch.drawing.memory import host_array, suits_host
from fanwise.adapters.torch.drawing.tensors import DTYPES
from fanwise.core.moments import Moments
from fanwise.core.moments import moments as host_moments

#: Elements that are converted at a time where the core does not read them: 16 MiB in float64.
_PIECE: Final = 1 << 21


def moments(tensors: Sequence[Tensor]) -> Moments:
    """Compute the moments of the elements of tensors together; none is copied as a whole.

    Args:
        tensors: memory, as :func:`sharded.memory` gives it.
    """
    if all(map(_is_read_by_core, tensors)):
        return host_moments(map(host_array, tensors))
    pieces = (piece for tensor in tensors for piece in _pieces(tensor))
    return reduce(Moments.__add__, map(_moments_of, pieces), Moments())


def sharded_std(tensor: Any, blocks: Sequence[Tensor]) -> float:
    """Compute the standard deviation of a sharded weight; every rank of its mesh must ask.

    Args:
        tensor: that the weight lies in.
        blocks: what this rank holds of the weight.
    """
    if tensor.device_mesh.get_coordinate() is None:
        return math.nan
    return _std(moments(blocks), lambda values: sharded.totals(values, tensor))


def std_in_group(blocks: Sequence[Tensor], group: Any) -> float:
    """Compute the standard deviation of a weight of which a group's ranks have parts; all must ask.

    Args:
        blocks: what this rank holds of the weight.
        group: the processes.
    """
    return _std(moments(blocks), lambda values: sharded.totals_in_group(values, group))


def _std(held: Moments, totals: Callable[[Sequence[float]], list[float]]) -> float:
    """Compute the standard deviation of what several ranks hold, given how their numbers add up."""
    count, total = totals([held.count, held.count * held.mean])
    if not count:
        return math.nan
    mean = total / count
    (deviation,) = totals([held.deviation + held.count * (held.mean - mean) ** 2])
    return math.sqrt(deviation / count)


def _is_read_by_core(tensor: Tensor) -> bool:
    return type(tensor) is Tensor and tensor.dtype in DTYPES and suits_host(tensor)


def _pieces(tensor: Tensor) -> Iterator[Tensor]:
    """Cut a tensor along its first axes into pieces."""
    if tensor.numel() <= _PIECE:
        if tensor.numel():
            yield tensor
        return
    step = max(1, _PIECE * len(tensor) // tensor.numel())
    for part in tensor.unbind() if len(tensor) == 1 else tensor.split(step):
        yield from _pieces(part)


def _moments_of(piece: Tensor) -> Moments:
    # Metal has no float64.
    wide = piece.to(torch.float32 if piece.device.type == "mps" else torch.float64)
    mean, variance = torch.stack(torch.var_mean(wide, correction=0)[::-1]).tolist()
    return Moments(piece.numel(), mean, variance * piece.numel())
