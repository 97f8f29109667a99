"""``engine="portable"``: the stream of the specification, written into a tensor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor
from torch.autograd.graph import increment_version

from fanwise.adapters.torch import sharded, traced
from fanwise.adapters.torch.tensors import DTYPES
from fanwise.core.blocks import Index, block_shape
from fanwise.core.dtypes import format_of
from fanwise.core.fill import Filling
from fanwise.core.fill import fill_all as write_together
from fanwise.core.sampler import write
from fanwise.spec.axes import layout
from fanwise.spec.laws import Constant, Structured
from fanwise.spec.scheme import Scheme


def draw_seed(generator: torch.Generator | None) -> int:
    """A seed from torch's generator (its default one if None), so that it governs."""
    device = "cpu" if generator is None else generator.device
    # What randint does, in one call less.
    words = torch.empty(2, device=device, dtype=torch.int64)
    low, high = words.random_(0, 1 << 32, generator=generator).tolist()
    return int(low | high << 32)


def fill(tensor: Tensor, scheme: Scheme, *, seed: int, path: str | None, axes: str) -> None:
    """Write a scheme into a tensor, whatever its strides, its device and its sharding.

    The core writes straight into the memory of a CPU tensor. On another device the stream
    is computed by torch operations there; only what is structured is drawn on the host and
    copied. Of a sharded tensor every rank draws the part that it holds, with the fans of the
    whole.

    Args:
        tensor: where to write.
        scheme: what to draw.
        seed, path: they choose the stream.
        axes: the role of each axis.
    """
    shape = tuple(tensor.shape)
    if sharded.is_sharded(tensor):
        for part, index in sharded.parts(tensor):
            block(part, shape, index, scheme, seed, path, axes)
    else:
        block(tensor.detach(), shape, (slice(None),) * len(shape), scheme, seed, path, axes)
    if not tensor.is_inference():
        # What an in-place operation does, so that autograd notices.
        increment_version(tensor)


def fill_all(todo: Sequence[tuple[Tensor, Scheme, str | None, str]], *, seed: int) -> None:
    """Write several tensors; those that the core writes, in one pass over all of them.

    Args:
        todo: a tensor, what to draw, its path and axes, each as in :func:`fill`.
        seed: chooses the streams.
    """
    together = []
    for tensor, scheme, path, axes in todo:
        law = scheme.law(tuple(tensor.shape), axes)
        plain = not sharded.is_sharded(tensor) and _suits_host(tensor)
        if plain and not isinstance(law, Structured):
            whole = (slice(None),) * tensor.ndim
            bits = _bits(tensor.detach())
            into = format_of(DTYPES[tensor.dtype])
            found = layout(tuple(tensor.shape), axes)
            together.append(Filling(bits, law, found, whole, path, into))
            if not tensor.is_inference():
                increment_version(tensor)
        else:
            fill(tensor, scheme, seed=seed, path=path, axes=axes)
    if together:
        write_together(together, seed=seed)


def block(
    tensor: Tensor,
    shape: tuple[int, ...],
    index: Index,
    scheme: Scheme,
    seed: int,
    path: str | None,
    axes: str,
) -> None:
    """Write the block at an index of a weight of a shape into its memory."""
    if _suits_host(tensor):
        _on_host(tensor, shape, index, scheme, seed, path, axes)
        return
    law = scheme.law(shape, axes)
    if not isinstance(law, (Constant, Structured)):
        traced.fill(tensor, law, layout(shape, axes), index, seed=seed, path=path)
        return
    # Of a constant one element is enough; copy_ spreads it.
    if isinstance(law, Constant):
        shape, index, axes = (), (), "torch"
    host = torch.empty(block_shape(index, shape), dtype=tensor.dtype, device="cpu")
    _on_host(host, shape, index, scheme, seed, path, axes)
    with torch.no_grad():
        tensor.copy_(host)


def _suits_host(tensor: Tensor) -> bool:
    """Whether the core can write into the tensor's memory; there it is the quickest way."""
    return bool(tensor.device.type == "cpu" and not tensor.is_neg())


def _on_host(
    tensor: Tensor,
    shape: tuple[int, ...],
    index: Index,
    scheme: Scheme,
    seed: int,
    path: str | None,
    axes: str,
) -> None:
    write(
        _bits(tensor),
        scheme.law(shape, axes),
        layout(shape, axes),
        index,
        seed=seed,
        path=path,
        into=format_of(DTYPES[tensor.dtype]),
    )


def _bits(tensor: Tensor) -> Any:
    """The memory of a tensor as an array. NumPy has no bfloat16: the core takes the bits."""
    return (tensor.view(torch.uint16) if tensor.dtype is torch.bfloat16 else tensor).numpy()
