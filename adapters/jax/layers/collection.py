"""All weights of a model, each under its path and with the variables that hold it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from fanwise.adapters.jax.layers.description import Describe, Index, Part, Place, described
from fanwise.spec.errors import FanwiseError
from fanwise.spec.fans import Fans, fans
from fanwise.spec.plan import Weight
from fanwise.spec.recipe import ROLES, role_of

#: The kind of a parameter of a class that is not known.
PARAMETER: Final = "parameter"


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
class Variable:
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
class Stored:
    """A weight, and where it lies: each place names a variable by its key."""

    weight: Weight
    places: tuple[tuple[int, Place], ...]


@dataclass
class Collected:
    """The weights of a model, in its own order. Each variable belongs to one layer, the first."""

    weights: list[Stored] = field(default_factory=list)
    _owned: set[int] = field(default_factory=set)

    def owns(self, key: int) -> bool:
        """Whether a variable belongs to a layer already."""
        return key in self._owned

    def add(self, stored: Stored) -> None:
        """Add a weight as it is."""
        self._owned |= {key for key, _ in stored.places}
        self.weights.append(stored)

    def layer(
        self,
        path: tuple[str, ...],
        layer: Any,
        describe: Describe,
        variables: Mapping[str, Variable],
    ) -> None:
        """Add a layer.

        Args:
            path: the layer's.
            layer: the layer.
            describe: what its weights are.
            variables: its variables and those below it, by their paths below it.
        """
        shapes = {name: variable.shape for name, variable in variables.items()}
        parts = described(layer, describe, shapes)
        counted = _kernels(path, parts, shapes)
        taken = set()
        for part in parts:
            found = [(variables[place.variable], place) for place in part.stored]
            free = [
                (variable, place) for variable, place in found if variable.key not in self._owned
            ]
            taken |= {variable.key for variable, _ in free}
            if free:
                weight = _weight(part, shapes, counted)
                self._add(path, part.name, weight, free)
        self._owned |= taken

    def parameter(self, path: tuple[str, ...], name: str, variable: Variable) -> None:
        """Add a parameter of no known layer, unless a layer has it."""
        if variable.key in self._owned:
            return
        self._owned.add(variable.key)
        role = role_of(name, len(variable.shape))
        weight = Weight("", variable.shape, "kernel", role, PARAMETER)
        self._add(path, name, weight, [(variable, Place(name))])

    def _add(
        self,
        path: tuple[str, ...],
        name: str,
        weight: Weight,
        found: list[tuple[Variable, Place]],
    ) -> None:
        stack = found[0][0].stack
        if any(variable.stack != stack for variable, _ in found):
            hint = "Set these layers one by one."
            raise FanwiseError(f"all of {'/'.join(path)} stacked alike", found[0][1].variable, hint)
        if stack is None:
            places = tuple((variable.key, place) for variable, place in found)
            self.weights.append(Stored(replace(weight, path="/".join((*path, name))), places))
            return
        for number in range(stack.count):
            full = (*path[: stack.depth], str(number), *path[stack.depth :], name)
            places = tuple(
                (variable.key, replace(place, at=_row(place, variable, stack.axis, number)))
                for variable, place in found
            )
            self.weights.append(Stored(replace(weight, path="/".join(full)), places))


def _row(place: Place, variable: Variable, axis: int, number: int) -> Index:
    """The index of a place in the variable that holds several layers."""
    index = list(place.at or ())
    missing = [slice(None)] * (len(variable.shape) - sum(part is not ... for part in index))
    at = index.index(...) if ... in index else len(index)
    index[at : at + 1] = missing
    return (*index[:axis], number, *index[axis:])


def _shape(part: Part, shapes: Mapping[str, tuple[int, ...]]) -> tuple[int, ...]:
    return shapes[part.stored[0].variable] if part.shape is None else part.shape


def _kernels(
    path: tuple[str, ...], parts: tuple[Part, ...], shapes: Mapping[str, tuple[int, ...]]
) -> dict[str, Fans]:
    """The fans of the kernels that biases stand beside."""
    wanted = {part.beside for part in parts}
    try:
        return {
            part.name: fans(_shape(part, shapes), part.axes, part.groups)
            for part in parts
            if part.name in wanted
        }
    except FanwiseError as error:
        raise error.within(f"The layer {'/'.join(path)} is not what its class says") from error


def _weight(
    part: Part, shapes: Mapping[str, tuple[int, ...]], counted: Mapping[str, Fans]
) -> Weight:
    beside = None if part.beside is None else counted[part.beside]
    role = part.role if part.role in ROLES else ""
    return Weight("", _shape(part, shapes), part.axes, role, part.layer, part.groups, beside)
