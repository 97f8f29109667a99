"""The tensors of a pickle of torch, read from the storages that they lie in."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

from fanwise.adapters.files.faults import broken, quoted
from fanwise.adapters.files.numbers import NUMBERS
from fanwise.adapters.files.regions import refused, stored
from fanwise.adapters.files.sources import Bytes
from fanwise.adapters.files.torch_names import Storage, TorchTensor
from fanwise.adapters.stored_weights import StoredTensor

#: How often tensors may share what is stored: views of one storage could be without number.
_MOST_SHARED: Final = 16
_SPARE: Final = 1 << 24


def stored_tensors(
    tensors: dict[str, TorchTensor], source_of: Callable[[Storage], Bytes]
) -> dict[str, StoredTensor]:
    """Return tensors that are read from their storages.

    Args:
        tensors: by their names.
        source_of: returns the bytes of a storage.

    Raises:
        FanwiseError: where a tensor leaves its storage, or all together claim many times what is
            stored.
    """
    result, claimed = {}, 0
    room: dict[str, int] = {}
    for name, tensor in tensors.items():
        result[name], size = _stored(name, tensor, source_of)
        claimed += math.prod(result[name].shape)
        if tensor.storage is not None:
            room[tensor.storage.key] = size
    if claimed > _MOST_SHARED * sum(room.values()) + _SPARE:
        raise broken(f"tensors of the {sum(room.values())} bytes stored", f"{claimed} elements")
    return result


def _stored(
    name: str, tensor: TorchTensor, source_of: Callable[[Storage], Bytes]
) -> tuple[StoredTensor, int]:
    """Return a tensor, and how many bytes its storage has."""
    shape = list(tensor.shape) if isinstance(tensor.shape, list | tuple) else None
    if tensor.storage is None:
        return refused(name, shape or [], tensor.dtype, tensor.reason), 0
    if tensor.dtype not in NUMBERS:
        reason = f"which is stored as {tensor.dtype}"
        return refused(name, shape or [], tensor.dtype, reason), 0
    number = NUMBERS[tensor.dtype]
    source = source_of(tensor.storage)
    if type(tensor.offset) is not int or tensor.offset < 0:
        raise broken(f"an offset of {quoted(name)}", quoted(tensor.offset))
    offset = (tensor.storage.start + tensor.offset) * number.storage.itemsize
    return stored(name, source, number, offset, shape, tensor.strides), source.size  # type: ignore[arg-type]
