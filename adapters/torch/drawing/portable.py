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
from fanwise.core.blocks import Index, block_shape
from fanwise.core.dtypes import format_of
from fanwise.core.fill import Filling, Form
from fanwise.core.fill import fill_all as core_fill_all
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


@dataclass(slots=True)
class Part:
    """Memory in which a weight lies, or a block of it.

    Attributes:
        tensor: the memory; not a sharded tensor.
        shape: the weight's.
        index: one slice per axis; None for the whole weight.
        scheme: what to draw.
        path: with a seed it chooses the stream.
        axes: the role of each axis.
    """

    tensor: Tensor
    shape: tuple[int, ...]
    index: Index | None
    scheme: Scheme
    path: str | None
    axes: str


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
    fill_all([(tensor, scheme, path, axes)], seed=seed)


def fill_all(todo: Sequence[tuple[Tensor, Scheme, str | None, str]], *, seed: int) -> None:
    """Write several tensors in one pass.

    Args:
        todo: a tensor, what to draw, its path and axes, each as in :func:`fill`.
        seed: chooses the streams.
    """
    parts = []
    for tensor, scheme, path, axes in todo:
        shape = tuple(tensor.shape)
        if sharded.is_sharded(tensor):
            for part, index in sharded.parts(tensor):
                parts.append(Part(part, shape, index, scheme, path, axes))
        else:
            parts.append(Part(tensor, shape, None, scheme, path, axes))
    write_parts(parts, seed=seed)
    for tensor, *_ in todo:
        if not tensor.is_inference():
            # What an in-place operation does, so that autograd notices.
            increment_version(tensor)


def write_parts(parts: Sequence[Part], *, seed: int) -> None:
    """Write parts of weights; those that the core writes, in one pass over all of them."""
    forms: dict[tuple[Any, ...], Form | None] = {}
    together = []
    for part in parts:
        form, tensor = None, part.tensor
        if tensor.numel() == 0:  # a rank may hold nothing of a sharded weight
            continue
        if _suits_host(tensor):
            # The objects live as long as the parts do; slices could not be looked up.
            ids = (id(part.scheme), id(part.index))
            alike = (*ids, part.shape, part.axes, tensor.stride(), tensor.dtype)
            form = forms[alike] if alike in forms else forms.setdefault(alike, _form(part))
        if form is None:
            _write_alone(part, seed)
        else:
            array = partial(_detached, tensor)
            together.append(Filling(form, part.path, tensor.data_ptr(), array))
    if together:
        core_fill_all(together, seed=seed)


def _form(part: Part) -> Form | None:
    """What the core is told of a part of its kind; None for what it does not draw."""
    law = part.scheme.law(part.shape, part.axes)
    if isinstance(law, Structured):
        return None
    tensor, index = part.tensor, part.index or _whole(part.shape)
    into = format_of(DTYPES[tensor.dtype])
    strides = tuple(stride * tensor.itemsize for stride in tensor.stride())
    return Form(law, layout(part.shape, part.axes), index, into, strides, tensor.numel())


def _write_alone(part: Part, seed: int) -> None:
    """Write what the core does not write together with others."""
    tensor, index = part.tensor.detach(), part.index or _whole(part.shape)
    law = part.scheme.law(part.shape, part.axes)
    if _suits_host(tensor):
        _on_host(tensor, part, index, seed)
    elif isinstance(law, Constant):
        # One element is enough; copy_ spreads it.
        one = replace(part, shape=(), axes="torch")
        _copied(tensor, one, (), seed)
    elif isinstance(law, Structured):
        _copied(tensor, part, index, seed)
    else:
        traced.fill(tensor, law, layout(part.shape, part.axes), index, seed=seed, path=part.path)


def _copied(tensor: Tensor, part: Part, index: Index, seed: int) -> None:
    """Draw on the host, and copy."""
    host = torch.empty(block_shape(index, part.shape), dtype=tensor.dtype, device="cpu")
    _on_host(host, part, index, seed)
    with torch.no_grad():
        tensor.copy_(host)


def _on_host(tensor: Tensor, part: Part, index: Index, seed: int) -> None:
    write(
        _bits(tensor),
        part.scheme.law(part.shape, part.axes),
        layout(part.shape, part.axes),
        index,
        seed=seed,
        path=part.path,
        into=format_of(DTYPES[tensor.dtype]),
    )


def _whole(shape: tuple[int, ...]) -> Index:
    return (slice(None),) * len(shape)


def _suits_host(tensor: Tensor) -> bool:
    """Whether the core can write into the tensor's memory; there it is the quickest way."""
    return bool(tensor.is_cpu and not tensor.is_neg())


def _bits(tensor: Tensor) -> Any:
    """The memory of a tensor as an array. NumPy has no bfloat16: the core takes the bits."""
    return (tensor.view(torch.uint16) if tensor.dtype is torch.bfloat16 else tensor).numpy()


def _detached(tensor: Tensor) -> Any:
    return _bits(tensor.detach())
