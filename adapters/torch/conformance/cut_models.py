"""What the ways to cut share: models without memory, meshes, and whole weights gathered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.distributed.device_mesh import DeviceMesh, init_device_mesh
from torch.distributed.fsdp import fully_shard
from torch.distributed.tensor import DTensor

from fanwise.adapters.torch.conformance.models import BUILDERS
from fanwise.adapters.torch.conformance.weights import weights


class Wide(nn.Module):
    """One large dense layer."""

    def __init__(self) -> None:
        super().__init__()
        self.up = nn.Linear(3072, 12288, bias=False)


def meta(name: str) -> nn.Module:
    """Build a model of the suite on the meta device."""
    with torch.device("meta"):
        return Wide() if name == "wide" else BUILDERS[name]()


def tensors(model: nn.Module) -> Iterator[Tensor]:
    """Give its parameters and buffers."""
    yield from model.parameters()
    yield from model.buffers()


def local(tensor: Tensor) -> Tensor:
    """Return the part of this process."""
    return tensor.to_local() if isinstance(tensor, DTensor) else tensor


def mesh_of(*shape: int) -> DeviceMesh:
    """Form a mesh of all processes, with the axes a, b and c."""
    return init_device_mesh("cpu", shape, mesh_dim_names=("a", "b", "c")[: len(shape)])


def fully_sharded(model: nn.Module, mesh: DeviceMesh, **how: Any) -> nn.Module:
    """Shard every layer, and then the rest, by FSDP2."""
    for layer in model.children():
        fully_shard(layer, mesh=mesh, **how)
    return fully_shard(model, mesh=mesh, **how)


def gathered(model: nn.Module) -> dict[str, Tensor]:
    """Return the whole weights of a model by the names that it has without a wrapper."""
    return {
        key.removeprefix("module."): value.full_tensor() if isinstance(value, DTensor) else value
        for key, value in model.state_dict().items()
    }


def canonical(name: str, state: Mapping[str, Tensor]) -> dict[str, NDArray[Any]]:
    """Read whole weights in a plain model."""
    plain = meta(name)
    plain.load_state_dict(state, assign=True)
    return weights(plain)
