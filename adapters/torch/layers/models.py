"""The weights of a torch model, each with the tensor that it lies in."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

import torch
from torch import Tensor, nn
from torch.nn.parameter import is_lazy

from fanwise.adapters.torch.drawing import sharded
from fanwise.adapters.torch.layers import kinds as _kinds  # noqa: F401 (it tells of torch's own)
from fanwise.adapters.torch.layers.description import PARAMETER, Stored, described
from fanwise.core.blocks import Index
from fanwise.spec.errors import FanwiseError, Phrase
from fanwise.spec.plan import Weight
from fanwise.spec.recipe import role_of

#: Names that wrappers put into a path, of compilation, checkpointing and sharding.
_WRAPPERS: Final = frozenset({"_orig_mod", "_checkpoint_wrapped_module", "_fsdp_wrapped_module"})
_DATA_PARALLEL: Final = (nn.DataParallel, nn.parallel.DistributedDataParallel)


@dataclass(frozen=True)
class Slot:
    """A weight of a model, and where it is stored.

    Attributes:
        weight: as a recipe sees it, under the path that the model gives it.
        tensor: what holds it, maybe with others.
        stored: where in the tensor.
        layer: whose it is.
    """

    weight: Weight
    tensor: Tensor
    stored: Stored
    layer: nn.Module

    @property
    def whole(self) -> bool:
        """Whether it is all of the tensor."""
        return not self.stored.spans

    def blocks(self) -> Iterator[tuple[Tensor, Index]]:
        """The blocks of the weight in this process's memory, each with its memory."""
        if sharded.is_sharded(self.tensor):
            held = sharded.parts(self.tensor)
        else:
            every = tuple(slice(0, size) for size in self.tensor.shape)
            held = iter([(self.tensor.detach(), every)])
        for local, index in held:
            yield from [(local, index)] if self.whole else self._cut(local, index)

    def _cut(self, local: Tensor, index: Index) -> Iterator[tuple[Tensor, Index]]:
        """What the spans have of a block of the tensor."""
        axis, at = self.stored.axis, 0
        for start, stop in self.stored.spans:
            low, high = max(start, index[axis].start), min(stop, index[axis].stop)
            if low < high:
                own = slice(at + low - start, at + high - start)
                view = local.narrow(axis, low - index[axis].start, high - low)
                yield view, (*index[:axis], own, *index[axis + 1 :])
            at += stop - start


def slots(model: nn.Module) -> tuple[Slot, ...]:
    """All weights of a model: its parameters and running statistics, shared ones once.

    Raises:
        FanwiseError: for anything but a module, for parameters without a shape, and for a
            description that does not fit its layer.
    """
    if not isinstance(model, nn.Module):
        raise FanwiseError("a torch.nn.Module", Phrase(type(model).__name__), "Pass the model.")
    while isinstance(model, _DATA_PARALLEL):
        model = model.module
    _check_whole(model)
    found: list[Slot] = []
    taken: set[int] = set()
    for name, layer in model.named_modules():
        prefix = "".join(f"{word}/" for word in name.split(".") if word and word not in _WRAPPERS)
        new = [slot for slot in _of_layer(layer, prefix) if id(slot.tensor) not in taken]
        taken |= {id(slot.tensor) for slot in new}
        rest = _of_no_layer(layer, prefix, taken)
        taken |= {id(slot.tensor) for slot in rest}
        found += [*new, *rest]
    return tuple(found)


def _check_whole(model: nn.Module) -> None:
    """Raise for tensors that do not have their shape yet, or any more."""
    for name, tensor in itertools.chain(model.named_parameters(), model.named_buffers()):
        if is_lazy(tensor):
            hint = "Run one batch through the model first, so that its shapes are known."
            received = Phrase(f"uninitialized {name.replace('.', '/')}")
            raise FanwiseError("weights with a shape", received, hint)
        if type(tensor).__name__ == "FlatParameter":
            hint = "Initialize before wrapping in FullyShardedDataParallel, or use fully_shard."
            received = Phrase(f"{name.replace('.', '/')}, several in one without their axes")
            raise FanwiseError("weights with axes", received, hint)


def _of_layer(layer: nn.Module, prefix: str) -> list[Slot]:
    """The weights that a layer is known to store."""
    pairs = [(stored, _tensor(layer, stored)) for stored in described(layer)]
    held = _once([(stored, tensor) for stored, tensor in pairs if tensor is not None])
    _check_covered(layer, held)
    alone = {stored.path: _weight(stored, tensor, prefix) for stored, tensor in held}
    made = []
    for stored, tensor in held:
        kernel = alone.get(stored.beside or "")
        weight = alone[stored.path]
        if kernel is not None:
            weight = replace(weight, beside=kernel.fans, first_in=kernel.first_in)
        made.append(Slot(weight, tensor, stored, layer))
    return made


def _weight(stored: Stored, tensor: Tensor, prefix: str) -> Weight:
    shape = list(tensor.shape)
    if stored.spans:
        shape[stored.axis] = stored.size
    path = prefix + stored.path
    weight = Weight(path, tuple(shape), stored.axes, stored.role, stored.kind, stored.groups)
    bilinear = stored.kind == "bilinear" and len(shape) == 3
    return replace(weight, first_in=shape[1]) if bilinear else weight


def _once(held: list[tuple[Stored, Tensor]]) -> list[tuple[Stored, Tensor]]:
    """Without what a later name says of a tensor that an earlier one holds."""
    names: dict[int, str] = {}
    return [
        (stored, tensor)
        for stored, tensor in held
        if names.setdefault(id(tensor), stored.name) == stored.name
    ]


def _of_no_layer(layer: nn.Module, prefix: str, taken: set[int]) -> list[Slot]:
    """The parameters of a module that nothing is known of."""
    found = []
    for name, parameter in layer.named_parameters(recurse=False):
        if id(parameter) not in taken:
            stored = Stored(name, name, "kernel", PARAMETER)
            weight = _weight(stored, parameter, prefix)
            weight = replace(weight, role=role_of(name, parameter.ndim))
            found.append(Slot(weight, parameter, stored, layer))
    return found


def _tensor(layer: nn.Module, stored: Stored) -> Tensor | None:
    """The tensor stored under a dotted name; None where the layer does without it.

    It is looked up, not asked for: a parametrized layer would compute its weight anew. That
    one has it elsewhere, as parameters of no known layer.
    """
    *way, last = stored.name.split(".")
    owner: Any = layer
    for word in way:
        owner = vars(owner)["_modules"].get(word)
        if owner is None:
            raise _misdescribed(layer, f"the parameters of {type(layer).__name__}", stored.name)
    own = vars(owner)
    for table in (own["_parameters"], own["_buffers"]):
        if last in table:
            return table[last]
    if last not in own and not hasattr(type(owner), last):
        raise _misdescribed(layer, f"the parameters of {type(layer).__name__}", stored.name)
    return None


def _check_covered(layer: nn.Module, held: list[tuple[Stored, Tensor]]) -> None:
    """Raise where a tensor is described in part, or twice."""
    by_name: dict[str, list[tuple[Stored, Tensor]]] = {}
    for stored, tensor in held:
        by_name.setdefault(stored.name, []).append((stored, tensor))
    for several in by_name.values():
        stored, tensor = several[0]
        if len(several) == 1 and not stored.spans:
            continue
        axes = {other.axis for other, _ in several}
        spans = sorted(span for other, _ in several for span in other.spans)
        ends = [0, *(stop for _, stop in spans)]
        fits = (
            len(axes) == 1
            and stored.axis in range(tensor.ndim)
            and all(other.spans for other, _ in several)
            and [start for start, _ in spans] == ends[:-1]
            and ends[-1] == tensor.shape[stored.axis]
        )
        if not fits:
            expected = f"spans that make up the shape {tuple(tensor.shape)} on one axis"
            raise _misdescribed(layer, expected, f"{stored.name}: {spans}")


def _misdescribed(layer: nn.Module, expected: str, received: str) -> FanwiseError:
    what = f"The description of {type(layer).__name__} does not fit it"
    hint = "Correct what register_layer was given."
    return FanwiseError(expected, Phrase(received), hint, context=what)


def spread(slot: Slot) -> float:
    """The standard deviation of a weight's values; of a sharded one, every rank must ask."""
    blocks = [block.reshape(-1) for block, _ in slot.blocks()]
    if sharded.is_sharded(slot.tensor):
        return sharded.spread(slot.tensor, blocks, math.prod(slot.weight.shape))
    values = blocks[0] if len(blocks) == 1 else torch.cat(blocks)
    narrow = values.dtype in (torch.float16, torch.bfloat16)
    return float((values.float() if narrow else values).std(correction=0))
