"""Weights on accelerators: the one place that chooses what draws them.

On CUDA and ROCm that is the kernels in Triton, where it is installed; on other devices the stream
in torch operations. The bits are the same.
"""

from __future__ import annotations

import importlib.util
import warnings
from collections.abc import Sequence
from functools import cache
from typing import Final

import torch
from torch import Tensor

from fanwise.adapters.torch.drawing import device as operations
from fanwise.adapters.torch.drawing.tensors import DTYPES
from fanwise.core.blocks import Index, whole
from fanwise.core.keys import stream_key, stream_keys
from fanwise.spec.registry import scheme
from fanwise.spec.resolved import Resolved, resolve

#: Memory, the weight that lies there, its block that does (None: all of it), and its path.
Request = tuple[Tensor, Resolved, Index | None, str | None]

#: Torch calls AMD's devices by this name too.
_DEVICES: Final = ("cuda",)


def fill_all(requests: Sequence[Request], *, seed: int) -> None:
    """Draw elementwise weights where they lie, those of a device in few launches.

    Args:
        requests: what to draw, into memory with any strides, none of it empty.
        seed: with their paths it chooses the streams.
    """
    by_device: dict[torch.device, list[Request]] = {}
    for request in requests:
        tensor, resolved, index, path = request
        # The memory of a negated view holds the negatives.
        if has_kernels(tensor.device) and not tensor.is_neg():
            by_device.setdefault(tensor.device, []).append(request)
            continue
        index = whole(resolved.shape) if index is None else index
        operations.fill(tensor, resolved.law, resolved.layout, index, seed=seed, path=path)
    for where, alike in by_device.items():
        _by_kernels(alike, where, seed)


@cache
def has_kernels(device: torch.device) -> bool:
    """Tell whether the kernels draw on a device: tried once, as they are compiled there.

    Warns:
        RuntimeWarning: where Triton is installed and does not work.
    """
    if device.type not in _DEVICES or importlib.util.find_spec("triton") is None:
        return False
    trial = torch.empty(4, device=device)
    try:
        _by_kernels([(trial, resolve(scheme("uniform"), (4,)), None, None)], device, 0)
    except Exception as error:  # noqa: BLE001 (torch's operations give the same result)
        told = f"Triton is installed but does not work; drawing without it, slower: {error!r}"
        warnings.warn(told, RuntimeWarning, stacklevel=2)
        return False
    return True


def _by_kernels(requests: Sequence[Request], device: torch.device, seed: int) -> None:
    # Triton takes a while to import.
    from fanwise.adapters.torch.drawing import triton_launches
    from fanwise.adapters.torch.drawing.triton_entries import forms

    if len(requests) == 1:
        keys = [stream_key(seed, requests[0][3])]
    else:
        keys = stream_keys(seed, [path for _, _, _, path in requests])
    entries = []
    for (tensor, resolved, index, _), key in zip(requests, keys, strict=True):
        address = tensor.data_ptr()
        aligned = address % (4 * tensor.itemsize) == 0
        into = DTYPES[tensor.dtype]
        planned = forms(resolved, index, tensor.stride(), into, aligned=aligned)
        entries.extend([form.entry(address, key) for form in planned])
    triton_launches.launch(entries, device)
