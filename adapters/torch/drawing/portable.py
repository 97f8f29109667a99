"""``engine="portable"``: the stream of the specification, written into a tensor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import torch
from torch import Tensor
from torch.autograd.graph import increment_version

from fanwise.adapters.torch.drawing import device as traced
from fanwise.adapters.torch.drawing import sharded
from fanwise.adapters.torch.drawing.tensors import DTYPES
from fanwise.core.blocks import Index, block_shape, whole
from fanwise.core.dtypes import format_of
from fanwise.core.fill import Filling, Form
from fanwise.core.fill import fill_all as core_fill_all
from fanwise.core.sampler import write
from fanwise.spec.laws import Constant, Structured
from fanwise.spec.resolved import Resolved, resolve


def draw_seed(generator: torch.Generator | None) -> int:
    """A seed from torch's generator (its default one if None), so that it governs."""
    device = "cpu" if generator is None else generator.device
    # What randint does, in one call less.
    words = torch.empty(2, device=device, dtype=torch.int64)
    low, high = words.random_(0, 1 << 32, generator=generator).tolist()
    return int(low | high << 32)


@dataclass(slots=True)
class Part:
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


def fill(tensor: Tensor, resolved: Resolved, *, seed: int, path: str | None) -> None:
    """Write a scheme into a tensor, whatever its strides, its device and its sharding.

    The core writes straight into the memory of a CPU tensor. On another device the stream
    is computed by torch operations there; only what is structured is drawn on the host and
    copied. Of a sharded tensor every rank draws the part that it holds, with the fans of the
    whole.

    Args:
        tensor: where to write.
        resolved: the scheme on the tensor's shape.
        seed, path: they choose the stream.
    """
    fill_all([(tensor, resolved, path)], seed=seed)


def fill_all(todo: Sequence[tuple[Tensor, Resolved, str | None]], *, seed: int) -> None:
    """Write several tensors in one pass.

    Args:
        todo: a tensor, what to draw, and its path, each as in :func:`fill`.
        seed: chooses the streams.
    """
    parts = []
    for tensor, resolved, path in todo:
        if sharded.is_sharded(tensor):
            for part, index in sharded.parts(tensor):
                parts.append(Part(part, resolved, index, path))
        else:
            parts.append(Part(tensor, resolved, None, path))
    write_parts(parts, seed=seed)
    for tensor, *_ in todo:
        if not tensor.is_inference():
            # What an in-place operation does, so that autograd notices.
            increment_version(tensor)


def write_parts(parts: Sequence[Part], *, seed: int) -> None:
    """Write parts of weights; those that the core writes, in one pass over all of them."""
    together = []
    for part in parts:
        tensor = part.tensor
        if tensor.numel() == 0:  # a rank may hold nothing of a sharded weight
            continue
        if _suits_host(tensor) and not isinstance(part.resolved.law, Structured):
            form = _form(part.resolved, part.index, tensor)
            array = partial(_detached, tensor)
            together.append(Filling(form, part.path, tensor.data_ptr(), array))
        else:
            _write_alone(part, seed)
    if together:
        core_fill_all(together, seed=seed)


def _form(resolved: Resolved, index: Index | None, tensor: Tensor) -> Form:
    """Describe memory to the core."""
    into, itemsize = format_of(DTYPES[tensor.dtype]), tensor.itemsize
    strides = tuple([stride * itemsize for stride in tensor.stride()])
    return Form(resolved, index, into, strides, tensor.numel())


def _write_alone(part: Part, seed: int) -> None:
    """Write what the core does not write together with others."""
    tensor, resolved = part.tensor.detach(), part.resolved
    if _suits_host(tensor):
        _on_host(tensor, part, seed)
    elif isinstance(resolved.law, Constant):
        # One element is enough; copy_ spreads it.
        _copied(tensor, replace(part, resolved=resolve(resolved.scheme, ()), index=None), seed)
    elif isinstance(resolved.law, Structured):
        _copied(tensor, part, seed)
    else:
        index = part.index or whole(resolved.shape)
        traced.fill(tensor, resolved.law, resolved.layout, index, seed=seed, path=part.path)


def _copied(tensor: Tensor, part: Part, seed: int) -> None:
    """Draw on the host, and copy."""
    shape = part.resolved.shape
    block = shape if part.index is None else block_shape(part.index, shape)
    host = torch.empty(block, dtype=tensor.dtype, device="cpu")
    _on_host(host, part, seed)
    with torch.no_grad():
        tensor.copy_(host)


def _on_host(tensor: Tensor, part: Part, seed: int) -> None:
    into = format_of(DTYPES[tensor.dtype])
    write(_bits(tensor), part.resolved, part.index, seed=seed, path=part.path, into=into)


def _suits_host(tensor: Tensor) -> bool:
    """Whether the core can write into the tensor's memory; there it is the quickest way."""
    return bool(tensor.is_cpu and not tensor.is_neg())


def _bits(tensor: Tensor) -> Any:
    """The memory of a tensor as an array. NumPy has no bfloat16: the core takes the bits."""
    return (tensor.view(torch.uint16) if tensor.dtype is torch.bfloat16 else tensor).numpy()


def _detached(tensor: Tensor) -> Any:
    return _bits(tensor.detach())
