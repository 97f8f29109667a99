"""What a pytree is made of: Haiku's parameters, Equinox's modules, plain dicts.

A node of a class that is known says what its arrays are; for the others their names do.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import jax.numpy as jnp

from fanwise.adapters.foreign_code import foreign_code
from fanwise.adapters.jax.layers.array_laws import ArrayLaw
from fanwise.adapters.jax.layers.array_names import (
    declared_by_names,
    describe_by_names,
    is_named_weight,
)
from fanwise.adapters.jax.layers.code_laws import schemes_in_code
from fanwise.adapters.jax.layers.collection import ArrayWeight, Collected, Names, StoredArray
from fanwise.adapters.jax.layers.declared_shapes import declared_shapes
from fanwise.adapters.jax.layers.description import describe, is_described
from fanwise.adapters.jax.layers.doubts import EVERYTHING, NO_DOUBTS
from fanwise.adapters.jax.layers.equinox_starts import starts_of_arrays
from fanwise.adapters.jax.layers.nodes import BOXES, Leaf, NodeAbove, array_shape, read_leaves
from fanwise.adapters.jax.layers.registry import class_names
from fanwise.adapters.jax.layers.stacks import SeenArray, find_stacks
from fanwise.adapters.jax.layers.states import holds_weight
from fanwise.adapters.jax.layers.variables import is_quantized
from fanwise.adapters.layer_weights import Shape, Span
from fanwise.spec.axes import layout
from fanwise.spec.errors import FanwiseError, Phrase
from fanwise.spec.roles import FAN_ROLES
from fanwise.spec.scheme import Scheme
from fanwise.spec.weights import Weight

DescribeLeaf = Callable[[str, Any], Weight | None]

#: Haiku's mark for what a constructor made.
_HAIKU: Final = "~"
_HINT: Final = "Pass a model, or its parameters."
_ARTICLES: Final = {"kernel": "a kernel", "embedding": "an embedding"}


def collect(
    tree: Any, describe_leaf: DescribeLeaf | None = None
) -> tuple[tuple[ArrayWeight, ...], list[Any], Any]:
    """Collect the weights of a pytree, its leaves, and its structure.

    Raises:
        FanwiseError: for a description that does not go with its array, for what is no
            weight, and for what has no weights at all.
    """
    leaves, structure = read_leaves(tree)
    if isinstance(tree, type) or all(array_shape(leaf.value) is None for leaf in leaves):
        received = Phrase(f"an object of class {type(tree).__qualname__}")
        raise FanwiseError("a model or a pytree of arrays", received, _HINT)
    told = _descriptions(leaves, describe_leaf)
    numbers = [
        number
        for number, leaf in enumerate(leaves)
        if _may_be_weight(leaf)
        and (number in told or holds_weight(leaf, told=describe_leaf is not None))
    ]
    if not all(leaves[number].names for number in numbers):
        hint = "Pass a dict of it, e.g. {'kernel': array}."
        raise FanwiseError("a pytree whose arrays have names", Phrase("one array"), hint)
    arrays = {
        number: replace(
            array, law=_law(leaves[number]), mentioned=_mentioned(leaves[number], array.shape)
        )
        for number, array in find_stacks(
            _seen({number: leaves[number] for number in numbers}, told)
        ).items()
    }
    collected = Collected()
    paths = [leaf.names for leaf in leaves]
    done: set[Names] = set()
    for number, variable in arrays.items():
        names = paths[number]
        if number in told:
            collected.add(_checked(told[number], "/".join(names), variable))
            continue
        for step in _known(leaves[number]):
            above = names[: step.depth]
            if above not in done:
                done.add(above)
                below = _below(above, paths, arrays)
                described = describe(step.node, _shapes(below))
                collected.add_layer(_path(above), described, below, owner=step.node)
        path, owner = _path(names[:-1]), _owner(leaves[number])
        if not collected.owns(number) and names[:-1] not in done:
            done.add(names[:-1])
            beside = _beside(names[:-1], paths, arrays)
            named = describe_by_names(path, _shapes(beside))
            first = len(collected.weights)
            collected.add_layer(path, named.weights, beside, named.doubts, owner=owner)
            collected.weights[first:] = [
                _guessed(stored, named.readings) for stored in collected.weights[first:]
            ]
        many = names[-1] in FAN_ROLES and len(variable.shape) > 2
        doubts = EVERYTHING if many and not _known(leaves[number]) else NO_DOUBTS
        shapes = _shapes(_beside(names[:-1], paths, arrays))
        collected.add_parameter(path, names[-1], variable, doubts, owner=owner, siblings=shapes)
    return tuple(collected.weights), [leaf.value for leaf in leaves], structure


def _descriptions(leaves: Sequence[Leaf], describe_leaf: DescribeLeaf | None) -> dict[int, Weight]:
    """Ask what the caller says of each array."""
    if describe_leaf is None:
        return {}
    if not callable(describe_leaf):
        hint = "Pass a function of a path and an array."
        raise FanwiseError("a function as describe", describe_leaf, hint)
    with foreign_code("a function that describes an array", "Correct describe."):
        described = {
            number: describe_leaf("/".join(leaf.names), leaf.value)
            for number, leaf in enumerate(leaves)
            if _may_be_weight(leaf)
        }
    return {number: weight for number, weight in described.items() if weight is not None}


def _law(leaf: Leaf) -> ArrayLaw | None:
    """Return what the layer that holds an array draws it by, where its class says it."""
    known = _known(leaf)
    if not known:
        return None
    step = known[-1]
    return starts_of_arrays(step.node).get("/".join(leaf.names[step.depth :]))


def _mentioned(leaf: Leaf, shape: Shape) -> tuple[Scheme, ...]:
    """Return what the code of the node that holds an array says that it is drawn by."""
    nodes = [step for step in leaf.steps if BOXES.isdisjoint(class_names(step.node))]
    if _known(leaf) or not nodes or isinstance(nodes[-1].node, Mapping | list | tuple):
        return ()
    *above, owner = nodes
    schemes = schemes_in_code(owner.node, owner.name, "", shape)
    if not schemes and above:
        # It is given to the constructor of the node.
        schemes = schemes_in_code(above[-1].node, above[-1].name, owner.name, shape)
    return tuple(schemes)


def _known(leaf: Leaf) -> list[NodeAbove]:
    """Find the nodes above a leaf whose class is known, from the top."""
    return [step for step in leaf.steps if is_described(step.node)]


def _guessed(stored: ArrayWeight, readings: tuple[str, ...]) -> ArrayWeight:
    """Say that a weight is read by its name, so that a rule may tell its axes."""
    weight = stored.weight
    if weight.role in FAN_ROLES:
        name = stored.blocks[0][1].parameter
        guess = f"{_ARTICLES[weight.role]} by its name, {name}"
        weight = replace(weight, guess=guess, readings=readings)
    return replace(stored, weight=weight, is_named=True)


def _owner(leaf: Leaf) -> Any:
    """Return the node that holds an array, without the box around it."""
    nodes = (step.node for step in reversed(leaf.steps))
    return next((node for node in nodes if BOXES.isdisjoint(class_names(node))), None)


def _seen(leaves: Mapping[int, Leaf], told: Container[int]) -> dict[int, SeenArray]:
    """Return the arrays with what their layers declare, or else what their names say."""
    named: dict[Names, dict[str, Shape]] = {}
    for number, leaf in leaves.items():
        if number not in told and not _known(leaf):
            named.setdefault(leaf.names[:-1], {})[leaf.names[-1]] = tuple(leaf.value.shape)
    by_names = {names: declared_by_names(_path(names), shapes) for names, shapes in named.items()}
    seen = {}
    for number, leaf in leaves.items():
        shape, names, known = tuple(leaf.value.shape), leaf.names, _known(leaf)
        end = known[0].depth if known else len(names) - 1
        if number in told:
            declared: Shape | None = shape
        elif known:
            declared = declared_shapes(known[-1].node).get("/".join(names[known[-1].depth :]))
        else:
            declared = by_names[names[:-1]].get(names[-1])
        seen[number] = SeenArray(_path(names[:end]), names[-1], shape, declared)
    return seen


def _shapes(arrays: Mapping[str, StoredArray]) -> dict[str, tuple[int, ...]]:
    return {name: array.shape for name, array in arrays.items()}


def _below(
    above: Names, paths: Sequence[Names], arrays: Mapping[int, StoredArray]
) -> dict[str, StoredArray]:
    end = len(above)
    return {
        "/".join(paths[number][end:]): variable
        for number, variable in arrays.items()
        if paths[number][:end] == above
    }


def _beside(
    above: Names, paths: Sequence[Names], arrays: Mapping[int, StoredArray]
) -> dict[str, StoredArray]:
    return {
        name: variable for name, variable in _below(above, paths, arrays).items() if "/" not in name
    }


def _may_be_weight(leaf: Leaf) -> bool:
    """Tell whether a leaf is an array whose numbers can be those of a weight.

    They are real or complex; or those of a quantized weight, which cannot be drawn, and is
    not to be left out without a word.
    """
    if array_shape(leaf.value) is None:
        return False
    dtype = leaf.value.dtype
    quantized = is_quantized(dtype) or (
        jnp.issubdtype(dtype, jnp.integer) and leaf.names[-1:] and is_named_weight(leaf.names[-1])
    )
    return bool(quantized or jnp.issubdtype(dtype, jnp.inexact))


def _checked(weight: Weight, path: str, variable: StoredArray) -> ArrayWeight:
    if not isinstance(weight, Weight):
        hint = "Return a fanwise.spec.weights.Weight, or None."
        raise FanwiseError(f"a weight as the description of {path}", weight, hint)
    if weight.shape != variable.shape:
        hint = f"Its array has {variable.shape}."
        raise FanwiseError(f"the shape of {path}", weight.shape, hint)
    layout(weight.shape, weight.axes)
    return ArrayWeight(weight, ((variable.key, Span(path)),))


def _path(names: Names) -> Names:
    """Return the path of a node; a name with slashes of its own, as Haiku's, is several."""
    parts = [part for name in names for part in name.split("/")]
    return tuple(part for part in parts if part and part != _HAIKU)
