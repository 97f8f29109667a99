"""The weights of a torch model, each with the tensors that it lies in."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import torch
from torch import Tensor, nn
from torch.nn.parameter import is_lazy

from fanwise.adapters.layer_weights import PARAMETER, LayerWeight
from fanwise.adapters.torch.drawing import sharded
from fanwise.adapters.torch.drawing.memory import holds_nothing
from fanwise.adapters.torch.layers.blocks import cut_block, tensor_blocks
from fanwise.adapters.torch.layers.description import describe_tensors, find_tensor
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
        return any(map(holds_nothing, self.tensors.values()))

    def blocks(self) -> Iterator[tuple[Tensor, Index]]:
        """Give the blocks of the weight in this process's memory, each with its memory."""
        for span in self.description.blocks():
            for memory, held in tensor_blocks(self.tensors[span.parameter]):
                if self.whole:
                    yield memory, held
                elif (block := cut_block(memory, held, span, len(self.weight.shape))) is not None:
                    yield block

    def followers(self) -> Iterator[tuple[str, Tensor, Callable[[Tensor], Any]]]:
        """Give the tensors that start with this weight: name, memory, and what computes it.

        The functions take the values of the weight in this process's memory.
        """
        for name, function in self.description.followers:
            follower = find_tensor(self.layer, name)
            if follower is not None and not holds_nothing(follower):
                yield name, sharded.memory(follower), function


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
    _check_shaped(model)
    start = "" if path is None else f"{path}/"
    weights: list[TensorWeight] = []
    taken: set[int] = set()
    for below, layer in _named_layers(model):
        described = _described_weights(layer, start + below)
        weights += [weight for weight in described if not _ids(weight) & taken]
        taken.update(*map(_ids, described))
        others = _other_parameters(layer, start + below, taken)
        weights += others
        taken.update(*map(_ids, others))
    return tuple(weights)


def _named_layers(model: nn.Module) -> Iterator[tuple[str, nn.Module]]:
    """Give every module once, with its path, in which wrappers have no part."""
    wrapped: set[str] = set()
    for name, layer in model.named_modules():
        if isinstance(layer, _DATA_PARALLEL):
            wrapped.add(f"{name}.module".removeprefix("."))
        words = name.split(".")
        kept = (
            word
            for number, word in enumerate(words, 1)
            if word and word not in _WRAPPERS and ".".join(words[:number]) not in wrapped
        )
        yield "".join(f"{word}/" for word in kept), layer


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
    descriptions, held = describe_tensors(layer)
    weights = []
    for description in descriptions:
        tensors = {name: held[name] for name in description.parameters}
        weight = _weight(description, tensors, prefix)
        weights.append(TensorWeight(weight, description, tensors, layer))
    kernels = {stored.description.path: stored.weight for stored in weights}
    return [_beside_kernel(stored, kernels) for stored in weights]


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


def _other_parameters(layer: nn.Module, prefix: str, taken: set[int]) -> list[TensorWeight]:
    """List the other parameters of a module, as those of a layer that nothing is known of."""
    weights = []
    for name, parameter in layer.named_parameters(recurse=False):
        if id(parameter) in taken:
            continue
        description = LayerWeight(name, name, kind=PARAMETER)
        weight = _weight(description, {name: parameter}, prefix)
        weight = replace(weight, role=role_of(name, parameter.ndim))
        weights.append(TensorWeight(weight, description, {name: parameter}, layer))
    return weights


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
