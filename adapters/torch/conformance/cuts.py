"""The suite's models, cut in each way that torch has: real process groups, gloo, on the CPU."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final

import torch.distributed as dist
from numpy.typing import NDArray
from torch import nn
from torch.distributed.device_mesh import DeviceMesh
from torch.distributed.fsdp import CPUOffloadPolicy, fully_shard
from torch.distributed.tensor import Replicate, Shard, distribute_module, distribute_tensor
from torch.distributed.tensor.parallel import (
    ColwiseParallel,
    RowwiseParallel,
    parallelize_module,
)

from fanwise.adapters.cut_protocol import Cut, CutDraw, CutWay, Seat
from fanwise.adapters.torch.conformance import local_parts, stages
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

_EVERY: Final = (1, 2, 3, 4, 8)
#: How the layers of the suite's models are cut by tensor parallelism; others stay whole.
_STYLES: Final[Mapping[str, Callable[[], Any]]] = {
    "up": ColwiseParallel,
    "down": RowwiseParallel,
    "embed": RowwiseParallel,
    "head": ColwiseParallel,
}


def take_seat(seat: Seat) -> None:
    """Form the process group."""
    where = f"tcp://{seat.addresses[0]}"
    size = len(seat.addresses)
    dist.init_process_group("gloo", init_method=where, rank=seat.rank, world_size=size)


def cut(draw: CutDraw) -> Cut:
    """Cut a model of the meta device; it is allocated and drawn when it is started."""
    if draw.way in _OWN:
        return _OWN[draw.way][1](draw)
    model = _WAYS[draw.way][1](meta(draw.model), draw.world)
    in_place = not any(tensor.is_meta for tensor in tensors(model))
    gather = partial(_gather, model, draw.model)
    return Cut(partial(_start, model, draw), gather, in_place)


def _gather(model: nn.Module, name: str) -> Mapping[str, NDArray[Any]]:
    return canonical(name, gathered(model))


def _start(model: nn.Module, draw: CutDraw) -> int:
    if any(tensor.is_meta for tensor in tensors(model)):
        model.to_empty(device="cpu")
    initialize(model, draw.recipe, seed=draw.seed)
    return sum(local(tensor).nbytes for tensor in tensors(model))


def _fsdp(model: nn.Module, world: int) -> nn.Module:
    return fully_sharded(model, mesh_of(world))


def _offloaded(model: nn.Module, world: int) -> nn.Module:
    """Each part lies on the host while it is not used; it is not pinned, so no GPU is needed."""
    policy = CPUOffloadPolicy(pin_memory=False)
    return fully_sharded(model, mesh_of(world), offload_policy=policy)


def _hsdp(model: nn.Module, world: int) -> nn.Module:
    return fully_sharded(model, mesh_of(world // 2, 2))


def _with_columns_sharded(model: nn.Module, world: int) -> nn.Module:
    """FSDP2 by other axes than the first, where that divides evenly, as it must."""
    mesh = mesh_of(world)

    def place(parameter: nn.Parameter) -> Shard | None:
        last = parameter.ndim - 1
        return Shard(last) if parameter.shape[last] % world == 0 else None

    return fully_shard(model, mesh=mesh, shard_placement_fn=place)


def _tensor_parallel(model: nn.Module, mesh: DeviceMesh) -> nn.Module:
    styles = {name: make() for name, make in _STYLES.items() if hasattr(model, name)}
    return parallelize_module(model, mesh, styles)


def _tp(model: nn.Module, world: int) -> nn.Module:
    return _tensor_parallel(model, mesh_of(world))


def _tp_and_fsdp(model: nn.Module, world: int) -> nn.Module:
    """Both cut the same axis of some weights, so that parts are strided."""
    mesh = mesh_of(world // 2, 2)
    return fully_sharded(_tensor_parallel(model, mesh["b"]), mesh["a"])


def _tp_and_hsdp(model: nn.Module, world: int) -> nn.Module:
    mesh = mesh_of(2, world // 4, 2)
    return fully_sharded(_tensor_parallel(model, mesh["c"]), mesh["a", "b"])


def _placed(axis: int | None, model: nn.Module, world: int) -> nn.Module:
    """Place every parameter alike: cut along its first or its last axis, or not at all."""
    return _placed_over(mesh_of(world), [axis], model)


def _on_three_axes(model: nn.Module, world: int) -> nn.Module:
    """Cut the first axis twice, and the last one between: parts of uneven sizes, and none."""
    return _placed_over(mesh_of(2, world // 4, 2), [0, -1, 0], model)


def _placed_over(mesh: DeviceMesh, cuts: Sequence[int | None], model: nn.Module) -> nn.Module:
    def place(name: str, layer: nn.Module, mesh: DeviceMesh) -> None:
        del name
        for key, parameter in list(layer.named_parameters(recurse=False)):
            at = [Replicate() if axis is None else Shard(axis % parameter.ndim) for axis in cuts]
            placed = distribute_tensor(parameter, mesh, at, src_data_rank=None)
            layer.register_parameter(key, nn.Parameter(placed))

    return distribute_module(model, mesh, place)


def _data_parallel(model: nn.Module, world: int) -> nn.Module:
    del world  # that of the process group
    whole = model.to_empty(device="cpu")
    for parameter in whole.parameters():
        nn.init.zeros_(parameter)
    return nn.parallel.DistributedDataParallel(whole)


#: Each way by its name: the worlds that it is judged in, and what cuts a model so.
_WAYS: Final[Mapping[str, tuple[tuple[int, ...], Callable[[nn.Module, int], nn.Module]]]] = {
    "FSDP2": (_EVERY, _fsdp),
    "FSDP2, last axes": (_EVERY, _with_columns_sharded),
    "FSDP2, CPU offload": (_EVERY, _offloaded),
    "HSDP": ((2, 4, 8), _hsdp),
    "tensor parallel": (_EVERY, _tp),
    "tensor parallel × FSDP2": ((2, 4, 8), _tp_and_fsdp),
    "tensor parallel × HSDP": ((4, 8), _tp_and_hsdp),
    "DTensor, Shard(0)": (_EVERY, partial(_placed, 0)),
    "DTensor, Shard(-1)": (_EVERY, partial(_placed, -1)),
    "DTensor, Replicate()": (_EVERY, partial(_placed, None)),
    "DTensor, three axes": ((4, 8), _on_three_axes),
    "DistributedDataParallel": (_EVERY, _data_parallel),
}
#: Those that start something else than a whole model.
_OWN: Final[Mapping[str, tuple[CutWay, Callable[[CutDraw], Cut]]]] = {
    way.name: (way, cut_so) for way, cut_so in (*stages.WAYS, *local_parts.WAYS)
}
CUTS: Final = (
    *(CutWay(name, worlds) for name, (worlds, _) in _WAYS.items()),
    *(way for way, _ in _OWN.values()),
)
