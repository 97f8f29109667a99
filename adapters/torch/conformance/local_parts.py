"""A layer that cuts its weight itself, as Megatron's do: a plain tensor that says what it is of."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final

import torch
import torch.distributed as dist
from numpy.typing import NDArray
from torch import Tensor

from fanwise.adapters.cut_protocol import Cut, CutDraw, CutWay
from fanwise.adapters.torch.conformance.cut_models import canonical, meta
from fanwise.adapters.torch.trainers.init_methods import init_method

#: What the suite's recipe gives the one weight, which is cut.
_PLACE: Final = ("he_normal", "up/kernel")


def _cut(axis: int, draw: CutDraw) -> Cut:
    shape = list(meta(draw.model).up.weight.shape)
    shape[axis] //= draw.world
    parts: list[Tensor] = []

    def start() -> int:
        part: Any = torch.empty(shape)
        part.tensor_model_parallel, part.partition_dim, part.partition_stride = True, axis, 1
        scheme, path = _PLACE
        group = (dist.get_rank(), draw.world)
        parts.append(init_method(scheme, seed=draw.seed, path=path, group=group)(part))
        return int(parts[0].nbytes)

    return Cut(start, partial(_gather, axis, parts, draw.model))


def _gather(axis: int, parts: list[Tensor], name: str) -> dict[str, NDArray[Any]]:
    own = parts[0].detach().contiguous()
    every = [torch.empty_like(own) for _ in range(dist.get_world_size())]
    dist.all_gather(every, own)
    return canonical(name, {"up.weight": torch.cat(every, axis)})


WAYS: Final[tuple[tuple[CutWay, Callable[[CutDraw], Cut]], ...]] = tuple(
    (
        CutWay(f"Megatron, partition_dim={axis}", (1, 2, 3, 4, 8), models=("wide",)),
        partial(_cut, axis),
    )
    for axis in (0, 1)
)
