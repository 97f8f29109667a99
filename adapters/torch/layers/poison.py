"""Memory of a known pattern for a torch model that was built without any."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.parameter import is_lazy

from fanwise.adapters.unwritten_values import BOOL_POISONS, POISONS, Elements, StartedTensor

#: Tensors that are more than a block of memory.
_LAYOUT: Final = torch.strided


def poisoned(model: nn.Module, poison: int) -> None:
    """Give the tensors of a model that are on the meta device memory that is filled with a byte.

    A tensor that has several names, or is in a list, stays one; what has memory keeps its values.

    Args:
        model: as it was built on the meta device.
        poison: the byte; truth values get another one.
    """
    memories: dict[int, tuple[Tensor, Tensor]] = {}
    for _, _, tensor in _tensors(model):
        if tensor.is_meta and _has_memory(tensor) and id(tensor) not in memories:
            memories[id(tensor)] = tensor, _memory_for(tensor, poison)
    swapped = {
        key: memory for key, (tensor, memory) in memories.items() if not _swap(tensor, memory)
    }
    _replace(model, swapped)


def started_tensors(model: nn.Module, poison: int) -> dict[str, StartedTensor]:
    """Return the bytes of all tensors of a model, by the first of their names.

    Args:
        model: after its start.
        poison: what its memory was filled with; a tensor that is still on the meta device is as
            unwritten as one that holds it.
    """
    started: dict[str, StartedTensor] = {}
    seen = set()
    for name, kind, tensor in _tensors(model):
        if id(tensor) in seen or not _has_memory(tensor):
            continue
        seen.add(id(tensor))
        is_bool = tensor.dtype == torch.bool
        elements = _elements(tensor, _poison_of(tensor, poison))
        started[name] = StartedTensor(kind, tuple(tensor.shape), elements, is_bool)
    return started


def _tensors(model: nn.Module) -> Iterator[tuple[str, str, Tensor]]:
    """Name the tensors of a model: parameters and buffers, then plain attributes."""
    for name, parameter in model.named_parameters(remove_duplicate=False):
        yield name, "parameter", parameter
    for name, buffer in model.named_buffers(remove_duplicate=False):
        yield name, "buffer", buffer
    for path, module in model.named_modules(remove_duplicate=False):
        computed = {getattr(hook, "name", None) for hook in module._forward_pre_hooks.values()}  # noqa: SLF001
        for name, value in vars(module).items():
            # What a hook computes before each call, as the old weight_norm does, is not set.
            if isinstance(value, Tensor) and name not in computed:
                yield f"{path}.{name}" if path else name, "attribute", value


def _has_memory(tensor: Tensor) -> bool:
    """Whether a tensor is, or could be, a block of memory."""
    return not is_lazy(tensor) and tensor.layout is _LAYOUT and not tensor.is_quantized


def _memory_for(tensor: Tensor, poison: int) -> Tensor:
    """Return a tensor like one of the meta device, in memory that is filled with a byte."""
    with torch.no_grad():
        memory = torch.empty_like(tensor.detach(), device="cpu")
        _bytes_of(memory).fill_(_poison_of(tensor, poison))
    if isinstance(tensor, nn.Parameter):
        memory = nn.Parameter(memory, requires_grad=tensor.requires_grad)
    else:
        memory.requires_grad_(tensor.requires_grad)
    if type(tensor) is not type(memory):
        memory.__class__ = type(tensor)
    memory.__dict__.update(vars(tensor))
    return memory


def _poison_of(tensor: Tensor, poison: int) -> int:
    return BOOL_POISONS[POISONS.index(poison)] if tensor.dtype == torch.bool else poison


def _swap(tensor: Tensor, memory: Tensor) -> bool:
    """Put memory into a tensor wherever it is referred to; say whether that was possible."""
    try:
        torch.utils.swap_tensors(tensor, memory)
    except RuntimeError:  # something refers to it weakly, as torch's recurrent layers do
        return False
    return True


def _replace(model: nn.Module, memories: dict[int, Tensor]) -> None:
    """Put other tensors in the place of some, by their ids."""
    if not memories:
        return
    for module in model.modules():
        places: list[tuple[dict[str, Tensor | None], Callable[[str, Tensor], None]]] = [
            (module._parameters, lambda name, new, module=module: setattr(module, name, new)),  # type: ignore[misc] # noqa: SLF001
            (module._buffers, module._buffers.__setitem__),  # noqa: SLF001
            (vars(module), vars(module).__setitem__),
        ]
        for table, put in places:
            for name, value in list(table.items()):
                if isinstance(value, Tensor) and id(value) in memories:
                    put(name, memories[id(value)])


def _bytes_of(tensor: Tensor) -> Tensor:
    """Return the memory of a dense tensor as bytes."""
    return torch.empty(0, dtype=torch.uint8).set_(tensor.untyped_storage())


def _elements(tensor: Tensor, poison: int) -> Elements:
    """Return the bytes of the elements of a tensor, or the poison where there are none."""
    size = tensor.element_size()
    if tensor.is_meta:
        return np.full((tensor.numel(), size), poison, dtype=np.uint8)
    with torch.no_grad():
        dense = torch.empty(tensor.shape, dtype=tensor.dtype)
        dense.copy_(tensor.detach())
        return _bytes_of(dense).numpy().reshape(-1, size)  # type: ignore[no-any-return]
