"""What a torch model keeps beside its weights, put back after it has run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn
from torch.nn.parameter import is_lazy


@contextmanager
def kept_state(model: nn.Module) -> Iterator[None]:
    """Put back, whatever happens, what running a model changes.

    That is its buffers, the modes of its modules, and the states of torch's generators on its
    devices.
    """
    modes = [(module, module.training) for module in model.modules()]
    tables = [(module._buffers, dict(module._buffers)) for module in model.modules()]  # noqa: SLF001
    buffers = [buffer for _, table in tables for buffer in table.values() if _has_values(buffer)]
    values = [(buffer, buffer.clone()) for buffer in buffers]
    try:
        with torch.random.fork_rng(devices=_cuda_devices(model)):
            yield
    finally:
        for module, mode in modes:
            module.training = mode
        for present, table in tables:
            # A module may have put other tensors in their places.
            if not any(is_lazy(buffer) for buffer in table.values()):
                present.clear()
                present.update(table)
        with torch.no_grad():
            for buffer, value in values:
                buffer.copy_(value)


def _has_values(buffer: Tensor | None) -> bool:
    return buffer is not None and not buffer.is_meta and not is_lazy(buffer)


def _cuda_devices(model: nn.Module) -> list[int]:
    tensors = (*model.parameters(), *model.buffers())
    return sorted({tensor.device.index for tensor in tensors if tensor.is_cuda})
