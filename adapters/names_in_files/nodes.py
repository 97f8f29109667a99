"""The nodes of a tree of names: what lies together, and what weights that makes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from fanwise.adapters.descriptions import checked_description, present_weights
from fanwise.adapters.guesses.bare_parameter import Guess
from fanwise.adapters.layer_weights import PARAMETER, LayerWeight, Shapes
from fanwise.adapters.stored_weights import StoredTensor, StoredWeight
from fanwise.spec.axes import layout
from fanwise.spec.errors import FanwiseError
from fanwise.spec.fans import fans
from fanwise.spec.roles import FAN_ROLES, role_of
from fanwise.spec.weights import Weight

Names = tuple[str, ...]


@dataclass
class NameNode:
    """A place in a tree of names.

    Attributes:
        path: its names from the top.
        tensors: those that lie in it, by their names in it.
        children: the names of the nodes in it.
    """

    path: Names
    tensors: dict[str, StoredTensor] = field(default_factory=dict)
    children: set[str] = field(default_factory=set)

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The shapes of its tensors."""
        return {name: tensor.shape for name, tensor in self.tensors.items()}

    @property
    def last(self) -> str:
        """The last of its names that says something: no number."""
        return next((name for name in reversed(self.path) if not name.isdigit()), "")


def nodes_of(tensors: Iterable[tuple[Names, StoredTensor]]) -> dict[Names, NameNode]:
    """Sort tensors into the nodes that they lie in.

    Args:
        tensors: each with its names, the last of which is its own.
    """
    nodes: dict[Names, NameNode] = {}
    for names, tensor in tensors:
        node = nodes.setdefault(names[:-1], NameNode(names[:-1]))
        node.tensors[names[-1]] = tensor
        for end in range(len(names) - 1, 0, -1):
            nodes.setdefault(names[: end - 1], NameNode(names[: end - 1])).children.add(
                names[end - 1]
            )
    return nodes


def described_weights(
    path: Names,
    described: Iterable[LayerWeight],
    tensors: Mapping[str, StoredTensor],
    *,
    guess: str = "",
    readings: tuple[str, ...] = (),
) -> list[StoredWeight]:
    """Make the weights of a layer; none where its tensors are not as such a layer has them.

    Args:
        path: of the layer.
        described: its weights; those whose tensors are not there count for nothing.
        tensors: its tensors, by their names in it.
        guess: why its kernel is what it is, where that was guessed.
        readings: the axes that its kernel may have, where that cannot be told.
    """
    shapes = {name: tensor.shape for name, tensor in tensors.items()}
    present = fitting(described, shapes)
    kernels = {
        d.path: fans(d.shape_in(shapes), d.axes, d.groups) for d in present if d.role in FAN_ROLES
    }
    weights = []
    for description in present:
        shape = description.shape_in(shapes)
        role = description.role
        if description.kind == PARAMETER:
            role = role_of(description.path, len(shape))
        guessed = role in FAN_ROLES or not kernels
        weight = Weight(
            "/".join((*path, description.path)),
            shape,
            description.axes,
            role,
            description.kind,
            description.groups,
            None if description.beside is None else kernels[description.beside],
            guess=guess if guessed else "",
            readings=readings if guessed else (),
        )
        names = (*description.parameters, *(name for name, _ in description.followers))
        held = {name: tensors[name] for name in names if name in tensors}
        weights.append(StoredWeight(weight, description, held))
    return weights


def fitting(described: Iterable[LayerWeight], shapes: Shapes) -> tuple[LayerWeight, ...]:
    """Return the weights of a layer that are there, if they are as such a layer has them.

    Args:
        described: its weights.
        shapes: of its tensors, by their names in it.
    """
    try:
        present = present_weights(tuple(described), shapes)
        used = {name: shapes[name] for d in present for name in d.parameters}
        checked_description(present, used, "a layer")
        for description in present:
            shape = description.shape_in(shapes)
            layout(shape, description.axes)
            if description.role in FAN_ROLES:
                fans(shape, description.axes, description.groups)
    except (FanwiseError, KeyError, IndexError):
        return ()
    return present


def guessed_weights(
    path: Names, guesses: Mapping[str, Guess], tensors: Mapping[str, StoredTensor]
) -> list[StoredWeight]:
    """Make the weights of parameters that belong to no known layer.

    Args:
        path: of what holds them.
        guesses: what each of them was taken for.
        tensors: all that lies there, by their names.
    """
    weights = {}
    for name, guess in guesses.items():
        tensor = tensors[name]
        weight = Weight(
            "/".join((*path, name)),
            tensor.shape,
            guess.axes,
            guess.role,
            guess.kind,
            guess=guess.why,
            readings=guess.readings,
        )
        description = LayerWeight(name, name, guess.axes, kind=PARAMETER)
        weights[name] = StoredWeight(weight, description, {name: tensor})
    return [
        stored
        if (beside := guesses[name].beside) is None or beside not in weights
        else replace(stored, weight=replace(stored.weight, beside=weights[beside].weight.fans))
        for name, stored in weights.items()
    ]


def shapes_without(shapes: Shapes, names: Iterable[str]) -> dict[str, tuple[int, ...]]:
    """Return the shapes of what lies in a node besides some of it."""
    taken = set(names)
    return {name: shape for name, shape in shapes.items() if name not in taken}
