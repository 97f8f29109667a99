"""Weights for accelerators: drawn there, by the adapter of the backend, not on the host."""

from __future__ import annotations

from typing import Any, Final

import keras

from fanwise.spec.laws import ConstantLaw, Law, StructuredLaw
from fanwise.spec.resolved import Resolved

#: Devices of torch whose memory the core writes, or that have none.
_OF_HOST: Final = ("cpu", "meta")


def draws(law: Law) -> bool:
    """Tell whether a weight is to be drawn on the device that the backend's new tensors lie on."""
    return not isinstance(law, ConstantLaw | StructuredLaw) and is_accelerator()


def is_accelerator() -> bool:
    """Tell whether that is an accelerator; TensorFlow is always given what the host has drawn."""
    match keras.config.backend():
        case "torch":
            import torch

            return torch.device(_torch_device()).type not in _OF_HOST
        case "jax" if keras.distribution.distribution() is None:
            from fanwise.adapters.jax.drawing.portable import lies_on_host

            return not lies_on_host()
    return False


def draw(resolved: Resolved, dtype: str, *, seed: int, path: str | None) -> Any:
    """Draw an elementwise weight there, as a tensor of the backend."""
    if keras.config.backend() == "jax":
        from fanwise.adapters.jax.drawing import portable
        from fanwise.adapters.jax.drawing.dtypes import resolved_dtype

        into = resolved_dtype(dtype)
        return portable.draw(resolved, key=None, seed=seed, path=path, dtype=into)
    import torch

    from fanwise.adapters.torch.drawing.portable import MemoryBlock, write_blocks

    tensor = torch.empty(resolved.shape, dtype=getattr(torch, dtype), device=_torch_device())
    if tensor.numel():
        write_blocks([MemoryBlock(tensor, resolved, None, path)], seed=seed)
    return tensor


def _torch_device() -> Any:
    from keras.src.backend.torch.core import get_device

    return get_device()
