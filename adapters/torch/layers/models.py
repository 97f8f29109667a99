"""The weights of a torch model, each with the tensors that it lies in."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

import torch
from torch import Tensor, nn
from torch.nn.parameter import is_lazy

from fanwise.adapters.layer_weights import PARAMETER, LayerWeight, Span
from fanwise.adapters.torch.drawing import sharded
from fanwise.adapters.torch.layers.description import describe, find_tensor
from fanwise.core.blocks import Index
from fanwise.spec.errors import FanwiseError, Phrase
from fanwise.spec.plan import Weight
from fanwise.spec.recipe import role_of

#: Names that wrappers put into a path, of compilation, checkpointing and sharding.
_WRAPPERS: Final = frozenset({"_orig_mod", "_checkpoint_wrapped_module", "_fsdp_wrapped_module"})
_DATA_PARALLEL: Final = (nn.DataParallel, nn.parallel.DistributedDataParallel)


@dataclass(frozen=True)
class TensorWeight:
    """A weight of a model, and where it is stored.

    Attributes:
        weight: as a recipe sees it, under the path that the model gives it.
        description: where it lies in the tensors of its layer.
        tensors: those that it lies in, maybe with other weights, by their names in the layer.
        layer: whose weight it is.
    """

    weight: Weight
    description: LayerWeight
    tensors: Mapping[str, Tensor]
    layer: nn.Module

    @property
    def tensor(self) -> Tensor:
        """The first of its tensors; most weights have no other."""
        return next(iter(self.tensors.values()))

    @property
    def whole(self) -> bool:
        """Whether it is all of its tensor."""
        return self.description.whole

    @property
    def on_meta(self) -> bool:
        """Whether it has no memory yet."""
        return any(tensor.is_meta for tensor in self.tensors.values())

    def blocks(self) -> Iterator[tuple[Tensor, Index]]:
        """Give the blocks of the weight in this process's memory, each with its memory."""
        for span in self.description.blocks():
            for memory, held in _memory(self.tensors[span.parameter]):
                if self.whole:
                    yield memory, held
                elif (block := _cut(memory, held, span, len(self.weight.shape))) is not None:
                    yield block

    def followers(self) -> Iterator[tuple[Tensor, Tensor]]:
        """Give the tensors that start with this weight, each with what it starts with."""
        for name, function in self.description.followers:
            follower = find_tensor(self.layer, name)
            if follower is not None and not follower.is_meta:
                yield sharded.memory(follower), function(sharded.memory(self.tensor))


def _memory(tensor: Tensor) -> Iterator[tuple[Tensor, Index]]:
    """Give the blocks of a tensor that this process holds."""
    if sharded.is_sharded(tensor):
        return sharded.parts(tensor)
    return iter([(tensor.detach(), tuple(slice(0, size) for size in tensor.shape))])


def _cut(memory: Tensor, held: Index, span: Span, ndim: int) -> tuple[Tensor, Index] | None:
    """Cut what a span has of a block of a tensor; None if it has nothing of it.

    Args:
        memory: that of the block.
        held: the block, a slice for each axis of the tensor.
        span: a block of the tensor, and the block of the weight that lies there.
        ndim: the number of axes of the weight.
    """
    view, axis, offsets = memory, 0, []
    for number, part in enumerate(held):
        at = span.at[number] if number < len(span.at) else slice(None)
        start, stop = _ends(at, part.stop)
        low, high = max(start, part.start), min(stop, part.stop)
        if low >= high:
            return None
        if isinstance(at, slice):
            view = view.narrow(axis, low - part.start, high - low)
            offsets.append((low - start, high - start))
            axis += 1
        else:
            view = view.select(axis, low - part.start)
    index, remaining = [], iter(offsets)
    for axis in range(ndim):
        part = span.part[axis] if axis < len(span.part) else slice(None)
        if isinstance(part, slice):
            low, high = next(remaining)
            begin = part.start or 0
            index.append(slice(begin + low, begin + high))
        else:
            view = view.unsqueeze(axis)
            index.append(slice(part, part + 1))
    return view, tuple(index)


def _ends(at: slice | int, end: int) -> tuple[int, int]:
    """Return where a slice or an integer begins and ends on an axis."""
    if isinstance(at, slice):
        return at.start or 0, end if at.stop is None else at.stop
    return at, at + 1


def model_weights(model: nn.Module, path: str | None = None) -> tuple[TensorWeight, ...]:
    """Find all weights of a model: its parameters and running statistics, shared ones once.

    Args:
        model: any module.
        path: of the module in the model that it is a layer of.

    Raises:
        FanwiseError: for anything but a module, for parameters without a shape, and for a
            description that does not fit its layer.
    """
    if not isinstance(model, nn.Module):
        raise FanwiseError("a torch.nn.Module", Phrase(type(model).__name__), "Pass the model.")
    while isinstance(model, _DATA_PARALLEL):
        model = model.module
    _check_shaped(model)
    start = "" if path is None else f"{path}/"
    weights: list[TensorWeight] = []
    taken: set[int] = set()
    for name, layer in model.named_modules():
        below = "".join(f"{word}/" for word in name.split(".") if word and word not in _WRAPPERS)
        for find in (_described_weights, _other_parameters):
            new = [weight for weight in find(layer, start + below) if not _ids(weight) & taken]
            taken.update(*map(_ids, new))
            weights += new
    return tuple(weights)


def _ids(weight: TensorWeight) -> set[int]:
    return {id(tensor) for tensor in weight.tensors.values()}


def _check_shaped(model: nn.Module) -> None:
    """Raise for tensors that do not have their shape yet."""
    for name, tensor in itertools.chain(model.named_parameters(), model.named_buffers()):
        if is_lazy(tensor):
            hint = "Run one batch through the model first, so that its shapes are known."
            received = Phrase(f"uninitialized {name.replace('.', '/')}")
            raise FanwiseError("weights with a shape", received, hint)


def _described_weights(layer: nn.Module, prefix: str) -> list[TensorWeight]:
    """List the weights that a layer is known to store."""
    found = []
    for description in describe(layer):
        held = ((name, find_tensor(layer, name)) for name in description.parameters)
        tensors = {name: tensor for name, tensor in held if tensor is not None}
        found.append(
            TensorWeight(_weight(description, tensors, prefix), description, tensors, layer)
        )
    kernels = {stored.description.path: stored.weight for stored in found}
    return [_beside_kernel(stored, kernels) for stored in found]


def _weight(description: LayerWeight, tensors: Mapping[str, Tensor], prefix: str) -> Weight:
    shape = description.shape_in({name: tuple(tensor.shape) for name, tensor in tensors.items()})
    bilinear = description.kind == "bilinear" and len(shape) == 3
    return Weight(
        prefix + description.path,
        shape,
        description.axes,
        description.role,
        description.kind,
        description.groups,
        first_in=shape[1] if bilinear else None,
    )


def _beside_kernel(stored: TensorWeight, kernels: Mapping[str, Weight]) -> TensorWeight:
    """Give a bias the fans of the kernel that it stands beside."""
    if stored.description.beside is None:
        return stored
    kernel = kernels[stored.description.beside]
    weight = replace(stored.weight, beside=kernel.fans, first_in=kernel.first_in)
    return replace(stored, weight=weight)


def _other_parameters(layer: nn.Module, prefix: str) -> list[TensorWeight]:
    """List the parameters of a module, as those of a layer that nothing is known of."""
    found = []
    for name, parameter in layer.named_parameters(recurse=False):
        description = LayerWeight(name, name, kind=PARAMETER)
        weight = _weight(description, {name: parameter}, prefix)
        weight = replace(weight, role=role_of(name, parameter.ndim))
        found.append(TensorWeight(weight, description, {name: parameter}, layer))
    return found


def std(stored: TensorWeight) -> float:
    """Compute the standard deviation of a weight; of a sharded one, every rank must ask."""
    blocks = [block.reshape(-1) for block, _ in stored.blocks()]
    if sharded.is_sharded(stored.tensor):
        if len({str(getattr(t, "placements", None)) for t in stored.tensors.values()}) > 1:
            return math.nan  # ranks cannot add up what is sharded in different ways
        return sharded.std(stored.tensor, blocks, math.prod(stored.weight.shape))
    values = blocks[0] if len(blocks) == 1 else torch.cat(blocks)
    narrow = values.dtype in (torch.float16, torch.bfloat16)
    return float((values.float() if narrow else values).std(correction=0))
