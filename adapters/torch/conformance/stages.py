"""The suite's models as the stages of a pipeline, each on a process or a few of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

import torch.distributed as dist
from numpy.typing import NDArray
from torch import Tensor, nn

from fanwise.adapters.cut_protocol import Cut, CutDraw, CutWay
from fanwise.adapters.torch.conformance.cut_models import (
    canonical,
    fully_sharded,
    gathered,
    local,
    mesh_of,
    meta,
    tensors,
)
from fanwise.adapters.torch.initialize import initialize

#: The smallest of these models has three layers, and each stage one at least.
_MODELS: Final = ("encoder", "lstm")


def _in_stages(stages: int, draw: CutDraw) -> Cut:
    """Give this process a stage, whose layers are numbered anew."""
    mesh = mesh_of(stages, draw.world // stages)
    number = mesh.get_coordinate()[0]
    names = [name for name, _ in meta(draw.model).named_children()]
    own = names[len(names) * number // stages : len(names) * (number + 1) // stages]
    layers = dict(meta(draw.model).named_children())
    part = nn.Sequential(*(layers[name] for name in own))
    if draw.world > stages:
        fully_sharded(part, mesh["b"])
    at = {str(n): name for n, name in enumerate(own)}
    return Cut(partial(_start, part, draw, at), partial(_gather, part, draw.model, at))


def _start(part: nn.Module, draw: CutDraw, at: Mapping[str, str]) -> int:
    part.to_empty(device="cpu")
    initialize(part, draw.recipe, seed=draw.seed, part_of=meta(draw.model), at=at)
    return sum(local(tensor).nbytes for tensor in tensors(part))


def _gather(part: nn.Module, name: str, at: Mapping[str, str]) -> dict[str, NDArray[Any]]:
    """Bring the stages of all processes together, by the names of the whole."""
    own: dict[str, Tensor] = {}
    for key, value in gathered(part).items():
        layer, _, rest = key.partition(".")
        own[f"{at[layer]}.{rest}"] = value
    every: list[Any] = [None] * dist.get_world_size()
    dist.all_gather_object(every, own)
    return canonical(name, {key: value for state in every for key, value in state.items()})


def _pipeline(draw: CutDraw) -> Cut:
    return _in_stages(draw.world, draw)


WAYS: Final[tuple[tuple[CutWay, Callable[[CutDraw], Cut]], ...]] = (
    (CutWay("pipeline stages", (1, 2, 3), models=_MODELS), _pipeline),
    (
        CutWay("pipeline stages × FSDP2", (2, 4, 8), models=_MODELS),
        partial(_in_stages, 2),
    ),
)
