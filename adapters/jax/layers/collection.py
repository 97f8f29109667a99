"""All weights of a model, each under its path and with the variables that hold it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from fanwise.adapters.layer_weights import PARAMETER, Index, LayerWeight, Shapes, Span
from fanwise.spec.errors import FanwiseError
from fanwise.spec.fans import Fans, fans
from fanwise.spec.plan import Weight
from fanwise.spec.recipe import role_of

Names = tuple[str, ...]


@dataclass(frozen=True)
class Stack:
    """A variable that holds the same weight of several layers.

    Attributes:
        axis: along which it holds them.
        count: how many.
        depth: where their number stands in the path.
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
        stack: set where it holds that of several layers.
    """

    key: int
    shape: tuple[int, ...]
    stack: Stack | None = None


@dataclass(frozen=True)
class ArrayWeight:
    """A weight of a model, and where it lies.

    Attributes:
        weight: the weight as a recipe sees it, under its path in the model.
        blocks: where it lies: the key of an array with a block of that and of the weight.
    """

    weight: Weight
    blocks: tuple[tuple[int, Span], ...]


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
    ) -> None:
        """Add the weights of a layer.

        Args:
            path: the layer's.
            described: its weights.
            arrays: its arrays and those below it, by their paths below it.
        """
        shapes = {name: array.shape for name, array in arrays.items()}
        kernels = _count_kernels(path, described, shapes)
        taken = set()
        for description in described:
            blocks = [(arrays[block.parameter], block) for block in description.blocks()]
            free = [(array, block) for array, block in blocks if array.key not in self._owned]
            taken |= {array.key for array, _ in free}
            if free:
                weight = _weight(description, shapes, kernels)
                self._add(path, description.path, weight, free)
        self._owned |= taken

    def add_parameter(self, path: Names, name: str, array: StoredArray) -> None:
        """Add a parameter of no known layer, unless a layer has it."""
        if array.key in self._owned:
            return
        self._owned.add(array.key)
        role = role_of(name, len(array.shape))
        weight = Weight("", array.shape, "kernel", role, PARAMETER)
        self._add(path, name, weight, [(array, Span(name))])

    def _add(
        self,
        path: Names,
        name: str,
        weight: Weight,
        blocks: Sequence[tuple[StoredArray, Span]],
    ) -> None:
        stack = blocks[0][0].stack
        if any(array.stack != stack for array, _ in blocks):
            hint = "Set these layers one by one."
            expected = f"all of {'/'.join(path)} stacked alike"
            raise FanwiseError(expected, blocks[0][1].parameter, hint)
        if stack is None:
            where = tuple((array.key, block) for array, block in blocks)
            self.weights.append(ArrayWeight(replace(weight, path="/".join((*path, name))), where))
            return
        for number in range(stack.count):
            full = (*path[: stack.depth], str(number), *path[stack.depth :], name)
            where = tuple(
                (array.key, replace(block, at=_row(block, array, stack.axis, number)))
                for array, block in blocks
            )
            self.weights.append(ArrayWeight(replace(weight, path="/".join(full)), where))


def _row(block: Span, array: StoredArray, axis: int, number: int) -> Index:
    """Return the index of a block in the array that holds several layers."""
    missing = (slice(None),) * (len(array.shape) - len(block.at))
    index = (*block.at, *missing)
    return (*index[:axis], number, *index[axis:])


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
