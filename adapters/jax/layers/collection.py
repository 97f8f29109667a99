"""All weights of a model, each under its path and with the variables that hold it."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from fanwise.adapters.jax.layers.array_laws import ArrayLaw, start_of
from fanwise.adapters.jax.layers.bare import bare_weight, class_name
from fanwise.adapters.jax.layers.doubts import NO_DOUBTS, Doubt, Doubts
from fanwise.adapters.layer_weights import Index, LayerWeight, Shapes, Span
from fanwise.spec.errors import FanwiseError, Phrase
from fanwise.spec.fans import Fans, fans
from fanwise.spec.roles import FAN_ROLES
from fanwise.spec.scheme import Scheme
from fanwise.spec.weights import Weight

Names = tuple[str, ...]


@dataclass(frozen=True)
class Stack:
    """An axis of an array along which it holds the same weight of several layers.

    Attributes:
        axis: its number, where the axes of outer stacks are left out.
        count: how many.
        depth: where their number stands in the path, where those of outer stacks are left out.
    """

    axis: int
    count: int
    depth: int


@dataclass(frozen=True)
class StoredArray:
    """One array of a model.

    Attributes:
        key: the number that the model's own reader knows it by.
        shape: that which its layer sees.
        stacks: what it has beyond that, the outermost first.
        certain: whether nothing but these axes can tell the layers apart.
        law: what its layer draws it by; None where nothing says it.
        mentioned: what the code of its class says that it is drawn by, if that is so.
    """

    key: int
    shape: tuple[int, ...]
    stacks: tuple[Stack, ...] = ()
    certain: bool = True
    law: ArrayLaw | None = None
    mentioned: tuple[Scheme, ...] = ()


@dataclass(frozen=True)
class ArrayWeight:
    """A weight of a model, and where it lies.

    Attributes:
        weight: the weight as a recipe sees it, under its path in the model.
        blocks: where it lies: the key of an array with a block of that and of the weight.
        doubts: what cannot be told of it.
        is_named: whether it is what it is by its name in a tree.
        mentioned: what the code of its class says that it is drawn by, if that is so.
    """

    weight: Weight
    blocks: tuple[tuple[int, Span], ...]
    doubts: Doubts = NO_DOUBTS
    is_named: bool = False
    mentioned: tuple[Scheme, ...] = ()

    def cut(self, weight: Weight) -> ArrayWeight:
        """Return a part of it: see :class:`fanwise.adapters.recipes.ModelWeight`."""
        part = weight.part
        assert part is not None
        key, span = self.blocks[0]
        if len(self.blocks) > 1 or span.at or span.part:
            hint = "Leave out the split from the axes of its rule."
            received = Phrase(
                f"{self.weight.path}, which is a part of an array, or lies in several"
            )
            raise FanwiseError("a weight that is its whole array", received, hint)
        at = (*(slice(None),) * part.axis, slice(part.start, part.stop))
        return ArrayWeight(weight, ((key, Span(span.parameter, at)),), NO_DOUBTS)


@dataclass
class Collected:
    """The weights of a model, in its own order. Each variable belongs to one layer, the first."""

    weights: list[ArrayWeight] = field(default_factory=list)
    _owned: set[int] = field(default_factory=set)

    def owns(self, key: int) -> bool:
        """Tell whether a variable belongs to a layer already."""
        return key in self._owned

    def add(self, stored: ArrayWeight) -> None:
        """Add a weight as it is."""
        self._owned |= {key for key, _ in stored.blocks}
        self.weights.append(stored)

    def add_layer(
        self,
        path: Names,
        described: Sequence[LayerWeight],
        arrays: Mapping[str, StoredArray],
        doubts: Doubts = NO_DOUBTS,
        *,
        owner: Any = None,
    ) -> None:
        """Add the weights of a layer.

        Args:
            path: the layer's.
            described: its weights.
            arrays: its arrays and those below it, by their paths below it.
            doubts: what cannot be told of its kernels, and so of the biases beside them.
            owner: the layer itself, for the name of its class.
        """
        shapes = {name: array.shape for name, array in arrays.items()}
        kernels = _count_kernels(path, described, shapes)
        taken = set()
        for description in described:
            blocks = [(arrays[block.parameter], block) for block in description.blocks()]
            free = [(array, block) for array, block in blocks if array.key not in self._owned]
            taken |= {array.key for array, _ in free}
            if free:
                weight = replace(
                    _weight(description, shapes, kernels), class_name=class_name(owner)
                )
                start = start_of(weight, [array.law for array, _ in blocks], description)
                weight = replace(weight, own=start)
                doubted = weight.role in FAN_ROLES or weight.beside is not None
                self._add(path, description.path, weight, free, doubts if doubted else NO_DOUBTS)
        self._owned |= taken

    def add_parameter(
        self,
        path: Names,
        name: str,
        array: StoredArray,
        doubts: Doubts = NO_DOUBTS,
        *,
        owner: Any = None,
        siblings: Shapes | None = None,
    ) -> None:
        """Add a parameter of no known layer, unless a layer has it.

        Args:
            path: of the node that holds it.
            name: its name in the node.
            array: the parameter.
            doubts: what cannot be told of it, unless more can be seen than its name.
            owner: the node.
            siblings: the shapes of all parameters of the node.
        """
        if array.key in self._owned:
            return
        self._owned.add(array.key)
        weight = bare_weight(owner, name, {**(siblings or {}), name: array.shape})
        weight = replace(weight, own=start_of(weight, [array.law]))
        if weight.guess and weight.role:
            doubts = NO_DOUBTS
        self._add(path, name, weight, [(array, Span(name))], doubts)

    def _add(
        self,
        path: Names,
        name: str,
        weight: Weight,
        blocks: Sequence[tuple[StoredArray, Span]],
        doubts: Doubts,
    ) -> None:
        if not all(array.certain for array, _ in blocks):
            doubts |= {Doubt.ORDER}
        stacks = blocks[0][0].stacks
        if any(array.stacks != stacks for array, _ in blocks):
            hint = "Set these layers one by one."
            expected = f"all of {'/'.join(path)} stacked alike"
            raise FanwiseError(expected, blocks[0][1].parameter, hint)
        for numbers in itertools.product(*(range(stack.count) for stack in stacks)):
            full = [*path, name]
            for stack, number in zip(reversed(stacks), reversed(numbers), strict=True):
                full.insert(stack.depth, str(number))
            where = tuple(
                (array.key, replace(block, at=_place(block, array, numbers)))
                for array, block in blocks
            )
            named = replace(weight, path="/".join(full))
            mentioned = blocks[0][0].mentioned
            self.weights.append(ArrayWeight(named, where, doubts, mentioned=mentioned))


def _place(block: Span, array: StoredArray, numbers: Sequence[int]) -> Index:
    """Return the index of a block in an array that holds several layers, of one of them."""
    if not array.stacks:
        return block.at
    index = [*block.at, *(slice(None),) * (len(array.shape) - len(block.at))]
    for stack, number in zip(reversed(array.stacks), reversed(numbers), strict=True):
        index.insert(stack.axis, number)
    return tuple(index)


def _count_kernels(
    path: Names, described: Sequence[LayerWeight], shapes: Shapes
) -> dict[str, Fans]:
    """Count the fans of the kernels that biases stand beside."""
    wanted = {description.beside for description in described}
    try:
        return {
            description.path: fans(
                description.shape_in(shapes), description.axes, description.groups
            )
            for description in described
            if description.path in wanted
        }
    except FanwiseError as error:
        name = "/".join(path) or "itself"
        raise error.within(f"The layer {name} is not what its class says") from error


def _weight(description: LayerWeight, shapes: Shapes, kernels: Mapping[str, Fans]) -> Weight:
    beside = None if description.beside is None else kernels[description.beside]
    return Weight(
        "",
        description.shape_in(shapes),
        description.axes,
        description.role,
        description.kind,
        description.groups,
        beside,
    )
