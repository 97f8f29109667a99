"""``engine="portable"``: the stream of the specification, written into a tensor."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.autograd.graph import increment_version

from fanwise.adapters.torch.tensors import DTYPES
from fanwise.core import sample
from fanwise.spec.scheme import Scheme


def draw_seed(generator: torch.Generator | None) -> int:
    """A seed from torch's generator (its default one if None), so that it governs."""
    device = "cpu" if generator is None else generator.device
    words = torch.randint(0, 1 << 32, (2,), generator=generator, device=device, dtype=torch.int64)
    low, high = words.tolist()
    return int(low | high << 32)


def fill(tensor: Tensor, scheme: Scheme, *, seed: int, path: str | None, axes: str) -> None:
    """Write a scheme into a tensor, whatever its strides and its device.

    The core writes straight into the memory of a CPU tensor; for another device the
    weight is drawn on the host and copied.

    Args:
        tensor: where to write.
        scheme: what to draw.
        seed, path: they choose the stream.
        axes: the role of each axis.
    """
    if tensor.device.type == "cpu" and not tensor.is_neg():
        _write(tensor.detach(), scheme, seed, path, axes)
        if not tensor.is_inference():
            # What an in-place operation does, so that autograd notices.
            increment_version(tensor)
        return
    host = torch.empty(tensor.shape, dtype=tensor.dtype, device="cpu")
    _write(host, scheme, seed, path, axes)
    with torch.no_grad():
        tensor.copy_(host)


def _write(tensor: Tensor, scheme: Scheme, seed: int, path: str | None, axes: str) -> None:
    # NumPy has no bfloat16 of its own: the core takes the bits.
    bits = tensor.view(torch.uint16) if tensor.dtype is torch.bfloat16 else tensor
    sample(
        scheme,
        tuple(tensor.shape),
        seed=seed,
        path=path,
        axes=axes,
        dtype=DTYPES[tensor.dtype],
        out=bits.numpy(),
    )
