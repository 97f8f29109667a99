"""The memory of a tensor: whether there is any, whether it is enough, whether it is all its own."""

from __future__ import annotations

import sys
from typing import Any, Final

import torch
from torch import Tensor

from fanwise.adapters.torch.drawing import sharded

#: The classes of most tensors; a subclass may keep its elements elsewhere.
PLAIN: Final = frozenset({Tensor, torch.nn.Parameter})
#: Devices on which every element has an address; elsewhere a tensor may only seem to have one.
ADDRESSED: Final = frozenset({"cpu", "cuda"})


def is_fake(tensor: Tensor) -> bool:
    """Tell whether a tensor, or this rank's part of it, is a FakeTensor."""
    module: Any = sys.modules.get("torch._subclasses.fake_tensor")
    if module is None:
        return False
    held = sharded.local_part(tensor) if sharded.is_sharded(tensor) else tensor
    return isinstance(held, module.FakeTensor)


def holds_nothing(tensor: Tensor) -> bool:
    """Tell whether a tensor is one by its shape alone: on the meta device, or fake."""
    return tensor.is_meta or (type(tensor) not in PLAIN and is_fake(tensor))


def is_allocated(tensor: Tensor) -> bool:
    """Tell whether all elements of a tensor lie in memory that is allocated.

    They do not where the storage was resized or freed, as sharding does it to weights that are
    not needed at the time.
    """
    if tensor.device.type not in ADDRESSED or tensor.numel() == 0:
        return True
    end = tensor.storage_offset() * tensor.itemsize + byte_length(tensor)
    return bool(tensor.data_ptr() != 0 and end <= tensor.untyped_storage().nbytes())


def byte_length(tensor: Tensor) -> int:
    """Return how many bytes lie between the first and the end of the last of some elements."""
    if tensor.is_contiguous():
        return int(tensor.numel() * tensor.itemsize)
    steps = zip(tensor.stride(), tensor.shape, strict=True)
    return int((1 + sum([stride * (size - 1) for stride, size in steps])) * tensor.itemsize)


def suits_host(tensor: Tensor) -> bool:
    """Tell whether the core can work on a tensor's memory; there it is the quickest way."""
    return bool(tensor.is_cpu and not tensor.is_neg())


def host_array(tensor: Tensor) -> Any:
    """Return the memory of a tensor as an array. NumPy has no bfloat16: the core takes the bits."""
    return (tensor.view(torch.uint16) if tensor.dtype is torch.bfloat16 else tensor).numpy()
