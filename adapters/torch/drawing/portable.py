"""``engine="portable"``: the stream of the specification, written into a tensor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

import torch
from torch import Tensor

from fanwise.adapters.torch.drawing import accelerators
from fanwise.adapters.torch.drawing.memory import host_array
from fanwise.adapters.torch.drawing.memory import suits_host as suits_host  # noqa: PLC0414 (usual.py asks it here)
from fanwise.adapters.torch.drawing.tensors import DTYPES
from fanwise.core.blocks import Index, block_shape
from fanwise.core.dtypes import format_of
from fanwise.core.fill import Filling, Form
from fanwise.core.fill import fill_all as core_fill_all
from fanwise.core.sampler import write
from fanwise.spec.laws import ConstantLaw, StructuredLaw
from fanwise.spec.resolved import Resolved, resolve

_FORMATS: Final = {dtype: format_of(name) for dtype, name in DTYPES.items()}


@dataclass(slots=True)
class MemoryBlock:
    """Memory in which a weight lies, or a block of it.

    Attributes:
        tensor: the memory; not a sharded tensor.
        resolved: the scheme on the shape of the whole weight.
        index: one slice per axis; None for the whole weight.
        path: with a seed it chooses the stream.
    """

    tensor: Tensor
    resolved: Resolved
    index: Index | None
    path: str | None


def write_blocks(blocks: Sequence[MemoryBlock], *, seed: int) -> None:
    """Write weights, or blocks of them, whatever the strides and the device of the memory.

    The core writes straight into the memory of a CPU tensor, in one pass over all of them. On
    another device the stream is computed there; only what is structured is drawn on the host and
    copied.

    Args:
        blocks: memory, and the weight that lies there.
        seed: with their paths it chooses the streams.
    """
    together: list[Filling] = []
    on_devices: list[accelerators.Request] = []
    for block in blocks:
        tensor = block.tensor
        if tensor.numel() == 0:  # a rank may hold nothing of a sharded weight
            continue
        on_host, law = suits_host(tensor), block.resolved.law
        if on_host and not isinstance(law, StructuredLaw):
            form = _form(block.resolved, block.index, tensor)
            array = partial(_detached, tensor)
            together.append(Filling(form, block.path, tensor.data_ptr(), array))
        elif on_host or isinstance(law, ConstantLaw | StructuredLaw):
            _write_alone(block, seed)
        else:
            on_devices.append((tensor.detach(), block.resolved, block.index, block.path))
    if on_devices:
        accelerators.fill_all(on_devices, seed=seed)
    if together:
        core_fill_all(together, seed=seed)


def _form(resolved: Resolved, index: Index | None, tensor: Tensor) -> Form:
    """Describe memory to the core."""
    into, itemsize = _FORMATS[tensor.dtype], tensor.itemsize
    strides = tuple([stride * itemsize for stride in tensor.stride()])
    return Form(resolved, index, into, strides, tensor.numel())


def _write_alone(block: MemoryBlock, seed: int) -> None:
    """Write what the core does not write together with others."""
    tensor, resolved = block.tensor.detach(), block.resolved
    if suits_host(tensor):
        _on_host(tensor, block, seed)
    elif isinstance(resolved.law, ConstantLaw):
        _spread(tensor, replace(block, resolved=resolve(resolved.scheme, ()), index=None), seed)
    else:
        _copied(tensor, block, seed)


def _spread(tensor: Tensor, element: MemoryBlock, seed: int) -> None:
    """Draw one element of a constant on the host, and fill with it."""
    host = torch.empty((), dtype=tensor.dtype, device="cpu")
    _on_host(host, element, seed)
    with torch.no_grad():
        # copy_ would spread it on the host first, and copy all of that.
        tensor.fill_(host)


def _copied(tensor: Tensor, block: MemoryBlock, seed: int) -> None:
    """Draw on the host, and copy."""
    shape = block.resolved.shape
    held = shape if block.index is None else block_shape(block.index, shape)
    host = torch.empty(held, dtype=tensor.dtype, device="cpu")
    _on_host(host, block, seed)
    with torch.no_grad():
        tensor.copy_(host)


def _on_host(tensor: Tensor, block: MemoryBlock, seed: int) -> None:
    into = _FORMATS[tensor.dtype]
    write(host_array(tensor), block.resolved, block.index, seed=seed, path=block.path, into=into)


def _detached(tensor: Tensor) -> Any:
    return host_array(tensor.detach())
