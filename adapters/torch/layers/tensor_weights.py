"""A weight of a torch model, with the tensors that it lies in."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from torch import Tensor, nn

from fanwise.adapters.layer_weights import LayerWeight
from fanwise.adapters.torch.drawing import sharded
from fanwise.adapters.torch.drawing.memory import holds_nothing
from fanwise.adapters.torch.drawing.moments import moments, sharded_std, std_in_group
from fanwise.adapters.torch.drawing.partitions import Partition
from fanwise.adapters.torch.layers.blocks import cut_block, tensor_blocks
from fanwise.adapters.torch.layers.computed import ComputedWeight
from fanwise.adapters.torch.layers.description import find_tensor
from fanwise.core.blocks import Index
from fanwise.spec.weights import Weight

#: Draws standard normals, given the path of a weight, a tensor and a name.
DrawBelow = Callable[[str, Tensor, str], None]


@dataclass(frozen=True)
class TensorWeight:
    """A weight of a model, and where it is stored.

    Attributes:
        weight: as a recipe sees it, under the path that the model gives it.
        description: where it lies in the tensors of its layer.
        tensors: those that it lies in, maybe with other weights, by their names in the layer.
        layer: whose weight it is.
        computed: of the tensors that the layer computes, what they are computed from.
        aliases: what other layers call the same tensors.
        partitions: which parts of whole ones this rank's tensors are, where a layer cuts its own.
    """

    weight: Weight
    description: LayerWeight
    tensors: Mapping[str, Tensor]
    layer: nn.Module
    computed: Mapping[str, ComputedWeight] = field(default_factory=dict)
    aliases: tuple[TensorWeight, ...] = ()
    partitions: Mapping[str, Partition] = field(default_factory=dict)

    def cut(self, weight: Weight) -> TensorWeight:
        """Return a part of it: see :class:`fanwise.adapters.recipes.ModelWeight`."""
        assert weight.part is not None
        description = self.description.cut(weight.part, weight.path)
        return replace(self, weight=weight, description=description)

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
        return any(map(holds_nothing, self.sources))

    @property
    def sources(self) -> tuple[Tensor, ...]:
        """The tensors of the model behind it: its own, or what they are computed from."""
        return sources_of(self.tensors, self.computed)

    @property
    def empty(self) -> bool:
        """Whether there is nothing to write: no elements, or none in memory."""
        return self.on_meta or math.prod(self.weight.shape) == 0

    @property
    def is_alone(self) -> bool:
        """Whether nothing is written beside it: no zeros of padding, and no followers."""
        description = self.description
        if description.zero_row is not None or description.followers:
            return False
        return not self.aliases or all(place.is_alone for place in self.aliases)

    @property
    def places(self) -> tuple[TensorWeight, ...]:
        """The weight under each of its names, the first one first."""
        return (self, *self.aliases)

    def every_tensor(self) -> tuple[Tensor, ...]:
        """Give the tensors under each of its names, each object once."""
        if not self.aliases and len(self.tensors) == 1:
            return tuple(self.tensors.values())
        every = {id(t): t for place in self.places for t in place.tensors.values()}
        return tuple(every.values())

    def every_source(self) -> tuple[Tensor, ...]:
        """Give the tensors of the model behind it under each of its names, each object once."""
        if not self.computed and not self.aliases:
            return self.every_tensor()
        return tuple({id(t): t for place in self.places for t in place.sources}.values())

    def blocks(self) -> Iterator[tuple[Tensor, Index]]:
        """Give the blocks of the weight in this process's memory, each with its memory."""
        for span in self.description.blocks():
            for memory, held in self.blocks_of(span.parameter):
                if self.whole:
                    yield memory, held
                elif (block := cut_block(memory, held, span, len(self.weight.shape))) is not None:
                    yield block

    def blocks_of(self, name: str) -> Iterator[tuple[Tensor, Index]]:
        """Give the blocks of one of its tensors that this process holds."""
        part, tensor = self.partitions.get(name), self.tensors[name]
        if part is None:
            return tensor_blocks(tensor)
        return part.blocks(tensor, part.whole(tuple(tensor.shape)))

    def zero_rows(self) -> Iterator[Tensor]:
        """Give the rows that start with zeros whatever the recipe, under any of the names."""
        for place in self.places:
            row = place.description.zero_row
            name = next(iter(place.tensors))
            for memory, index in place.blocks_of(name) if row is not None else ():
                if index[0].start <= row < index[0].stop:
                    yield memory[row - index[0].start]

    def follower_tensors(self) -> Iterator[tuple[str, Tensor, Callable[[Tensor], Any]]]:
        """Give the tensors that start with this weight: name, tensor, and what computes it."""
        for place in self.places:
            for name, function in place.description.followers:
                follower = find_tensor(place.layer, name)
                if follower is not None and not holds_nothing(follower):
                    yield name, follower, function

    def followers(self) -> Iterator[tuple[str, Tensor, Callable[[Tensor], Any]]]:
        """Give the same, each with its memory in place of the tensor.

        The functions take the values of the weight's tensor in this process's memory.
        """
        for name, follower, function in self.follower_tensors():
            yield name, sharded.memory(follower), function


def sources_of(
    tensors: Mapping[str, Tensor], computed: Mapping[str, ComputedWeight]
) -> tuple[Tensor, ...]:
    """Return the tensors of a model behind some: these, or what they are computed from.

    Args:
        tensors: by their names in the layer.
        computed: those that the layer computes.
    """
    if not computed:
        return tuple(tensors.values())
    return tuple(
        source
        for name, tensor in tensors.items()
        for source in (computed[name].originals if name in computed else (tensor,))
    )


def with_memory(weights: Sequence[TensorWeight]) -> list[TensorWeight]:
    """Give memory to the tensors that layers compute: it is drawn into, and then assigned."""
    memory: dict[int, Tensor] = {}
    present = []
    for stored in weights:
        if not stored.computed:
            present.append(stored)
            continue
        tensors = dict(stored.tensors)
        for name, source in () if stored.empty else stored.computed.items():
            if source.stores_values:
                continue
            if id(source) not in memory:
                # Of what is a part of a tensor, the rest may be kept.
                held = source.memory() if stored.whole else source.compute().detach().clone()
                memory[id(source)] = held
            tensors[name] = memory[id(source)]
        present.append(replace(stored, tensors=tensors))
    return present


def with_values(stored: TensorWeight) -> TensorWeight:
    """Return a weight with the values that its layer computes now, in memory of their own."""
    if not stored.computed:
        return stored
    values = {name: source.compute().detach() for name, source in stored.computed.items()}
    return replace(stored, tensors={**stored.tensors, **values})


def assign_computed(weights: Iterable[TensorWeight], draw: DrawBelow) -> None:
    """Set what tensors are computed from to what gives the values that were drawn.

    Args:
        weights: those that were drawn.
        draw: draws standard normals into a tensor, from the seed, the path of a weight and a name.
    """
    settled: set[int] = set()
    for stored in weights:
        if stored.empty:
            continue
        for name, source in stored.computed.items():
            if not source.stores_values and id(source) not in settled:
                source.assign(stored.tensors[name])
        for place in stored.places:
            for source in place.computed.values():
                if id(source) not in settled:
                    settled.add(id(source))
                    source.finish(partial(draw, stored.weight.path))


def std(stored: TensorWeight) -> float:
    """Compute the standard deviation of a weight; of a sharded one, every rank must ask."""
    if stored.partitions:
        return _cut_std(stored)
    if not sharded.is_sharded(stored.tensor):
        whole = stored.whole
        return moments([stored.tensor.detach()] if whole else [b for b, _ in stored.blocks()]).std
    blocks = [block for block, _ in stored.blocks()]
    if len({str(getattr(t, "placements", None)) for t in stored.tensors.values()}) > 1:
        return math.nan  # ranks cannot add up what is sharded in different ways
    return sharded_std(stored.tensor, blocks)


def _cut_std(stored: TensorWeight) -> float:
    """Compute the standard deviation of a weight that its layer cuts; NaN without its group."""
    part = next(iter(stored.partitions.values()))
    if part.group is None:
        return math.nan
    return std_in_group([block for block, _ in stored.blocks()], part.group)
