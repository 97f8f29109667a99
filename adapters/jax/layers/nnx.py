"""What a Flax nnx model is made of: its layers and its variables, each once."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, NamedTuple

import jax.numpy as jnp

from fanwise.adapters.jax.layers.array_laws import ArrayLaw
from fanwise.adapters.jax.layers.array_names import declared_by_names, describe_by_names
from fanwise.adapters.jax.layers.code_laws import schemes_in_code, schemes_of_layer
from fanwise.adapters.jax.layers.collection import Collected, Names, StoredArray
from fanwise.adapters.jax.layers.declared_shapes import declared_shapes
from fanwise.adapters.jax.layers.description import describe, is_described
from fanwise.adapters.jax.layers.doubts import EVERYTHING, NO_DOUBTS, Doubts
from fanwise.adapters.jax.layers.initializer_functions import read_call, read_flat_call
from fanwise.adapters.jax.layers.kinds import WRAPPERS
from fanwise.adapters.jax.layers.nodes import array_shape
from fanwise.adapters.jax.layers.registry import class_names
from fanwise.adapters.jax.layers.stacks import SeenArray, find_stacks
from fanwise.adapters.jax.layers.variables import read
from fanwise.adapters.layer_weights import Shape, Shapes
from fanwise.spec.roles import FAN_ROLES

#: What holds variables in nnx, and what holds those of a model that it updates.
_OBJECTS: Final = frozenset({"flax.nnx:Module", "flax.nnx:Object", "flax.nnx:Pytree"})
_OPTIMIZER: Final = "flax.nnx:Optimizer"
#: What the name of a parameter has after it in that of the function that it is drawn by.
_INIT: Final = "_init"
#: What holds layers as a list or a dict of Python does.
_CONTAINERS: Final = frozenset({"flax.nnx:List", "flax.nnx:Dict", "flax.nnx:Sequential"})
#: The layer that draws its kernel as a matrix of all inputs and all outputs.
_GENERAL: Final = "flax.nnx:LinearGeneral"


class ModuleStep(NamedTuple):
    """A module of a model, or a parameter of one.

    Attributes:
        path: of the module.
        item: the module, or its parameter.
        attribute: of the module that holds the parameter; None for the module itself.
        owner: the module.
    """

    path: Names
    item: Any
    attribute: str | None
    owner: Any


class HeldVariable(NamedTuple):
    """A variable below a layer.

    Attributes:
        name: its path below the layer.
        variable: the variable.
        declared: the shape that its layer declares.
        owner, attribute: the module that holds it, and as what.
    """

    name: str
    variable: Any
    declared: Shape | None
    owner: Any
    attribute: str


def collect(model: Any) -> tuple[Collected, dict[int, Any]]:
    """Return the weights of a model, and its variables by the keys that hold them.

    Children come in nnx's own order, that of their names, since a model that was split and
    merged, or made by ``nnx.eval_shape``, knows no other; of two names for one layer the
    first counts.
    """
    steps = list(_walk(model, (), set()))
    variables = {
        id(variable): variable
        for step in steps
        for _, variable, *_ in _arrays(step)
        if array_shape(read(variable)) is not None
    }
    arrays = {key: StoredArray(key, _shape(variable)) for key, variable in variables.items()}
    raw = _raw_parameters(steps, variables)
    arrays |= find_stacks(_seen(steps, variables, raw))
    collected = Collected()
    holders = _holders(steps)
    for step in steps:
        path = step.path
        below = {
            held.name: replace(
                array,
                law=_law(held, array),
                mentioned=tuple(
                    schemes_of_layer(
                        holders.get(id(step.item)), held.name, held.attribute, array.shape
                    )
                    if step.attribute is None
                    else schemes_in_code(step.owner, step.attribute, "", array.shape)
                ),
            )
            for held in _arrays(step)
            if (array := arrays.get(id(held.variable))) is not None
        }
        if step.attribute is None and below:
            shapes = {name: array.shape for name, array in below.items()}
            described = describe(step.item, shapes)
            collected.add_layer(path, described, below, owner=step.owner)
        else:
            for name, array in below.items():
                shapes = {other: arrays[key].shape for other, key in raw.get(path, {}).items()}
                doubts = _doubts(path, name, shapes)
                collected.add_parameter(
                    path, name, array, doubts, owner=step.owner, siblings=shapes
                )
    return collected, variables


def walk_modules(model: Any) -> Iterator[tuple[Names, Any]]:
    """Give every module of a model once, with its path."""
    from flax import nnx

    for step in _walk(model, (), set()):
        if step.attribute is None and isinstance(step.item, nnx.Module):
            yield step.path, step.item


def _raw_parameters(
    steps: Sequence[ModuleStep], variables: Mapping[int, Any]
) -> dict[Names, dict[str, int]]:
    """Return the parameters that no known class describes: of each module, keys by names."""
    described = {
        id(variable)
        for step in steps
        if step.attribute is None
        for _, variable, *_ in _arrays(step)
    }
    raw: dict[Names, dict[str, int]] = {}
    for path, item, attribute, _ in steps:
        if attribute is not None and id(item) in variables and id(item) not in described:
            raw.setdefault(path, {})[attribute] = id(item)
    return raw


def _seen(
    steps: Sequence[ModuleStep],
    variables: Mapping[int, Any],
    raw: Mapping[Names, Mapping[str, int]],
) -> dict[int, SeenArray]:
    """Return the arrays with what their layers declare, or else what their names say."""
    seen: dict[int, SeenArray] = {}
    for step in steps:
        for name, variable, declared, *_ in _arrays(step):
            key = id(variable)
            # What is no number, e.g. a key, is no weight.
            if key not in variables or not jnp.issubdtype(read(variable).dtype, jnp.number):
                continue
            if key not in seen or seen[key].declared is None:
                seen[key] = SeenArray(step.path, name, _shape(variable), declared)
    for path, keys in raw.items():
        shapes = {name: _shape(variables[key]) for name, key in keys.items()}
        for name, shape in declared_by_names(path, shapes).items():
            if keys[name] in seen:
                seen[keys[name]] = replace(seen[keys[name]], declared=shape)
    return seen


def _shape(variable: Any) -> Shape:
    return array_shape(read(variable)) or ()


def _doubts(path: Names, name: str, shapes: Shapes) -> Doubts:
    """Return what cannot be told of a parameter by its name and those beside it.

    ``nnx.vmap`` gives what no class declares an axis more without a trace.
    """
    if name not in FAN_ROLES or len(shapes.get(name, ())) < 3:
        return NO_DOUBTS
    return describe_by_names(path, shapes).doubts if name == "kernel" else EVERYTHING


def _walk(node: Any, path: Names, seen: set[int]) -> Iterator[ModuleStep]:
    """Yield the modules of a model, each once, and their parameters with their attributes."""
    from flax import nnx

    if id(node) in seen:
        return
    seen.add(id(node))
    yield ModuleStep(path, node, None, node)
    for attribute, name, child in _children(node):
        if isinstance(child, nnx.Param):
            yield ModuleStep(path, child, attribute, node)
        elif not isinstance(child, nnx.Variable):
            yield from _walk(child, (*path, name) if name else path, seen)


def _law(held: HeldVariable, array: StoredArray) -> ArrayLaw | None:
    """Read what a module keeps of how it drew a parameter; None where it keeps nothing."""
    function = getattr(held.owner, "__dict__", {}).get(f"{held.attribute}{_INIT}")
    if not callable(function):
        return None
    if _GENERAL not in class_names(held.owner) or held.attribute != "kernel":
        return read_call(function, (array.shape,))
    outputs = held.owner.out_features
    size = outputs if isinstance(outputs, int) else math.prod(outputs)
    return read_flat_call(function, (math.prod(array.shape) // size, size), array.shape)


def _holders(steps: Sequence[ModuleStep]) -> dict[int, tuple[Any, str]]:
    """Return of each module the one that it is assigned to, and as what attribute."""
    holders: dict[int, tuple[Any, str]] = {}
    for step in steps:
        if step.attribute is None:
            for attribute, _, child in _children(step.item):
                # What lies in a list is assigned with it.
                held = holders.get(id(step.item)) if _is_container(step.item) else None
                holders.setdefault(id(child), held or (step.item, attribute))
    return holders


def _is_container(node: Any) -> bool:
    return isinstance(node, Mapping | list | tuple) or not _CONTAINERS.isdisjoint(class_names(node))


def _arrays(step: ModuleStep) -> Iterator[HeldVariable]:
    """Yield what may be a weight in a parameter, or in a layer that is known, with its names."""
    if step.attribute is not None:
        yield HeldVariable(step.attribute, step.item, None, step.owner, step.attribute)
    elif is_described(step.item):
        yield from _below(step.item, "", set())


def _below(node: Any, prefix: str, seen: set[int]) -> Iterator[HeldVariable]:
    """Yield all variables below a layer, by their paths below it."""
    from flax import nnx

    if id(node) in seen:
        return
    seen.add(id(node))
    declared = declared_shapes(node)
    for attribute, _, child in _children(node):
        if isinstance(child, nnx.Variable):
            shape = declared.get(attribute)
            yield HeldVariable(f"{prefix}{attribute}", child, shape, node, attribute)
        else:
            yield from _below(child, f"{prefix}{attribute}/", seen)


def _children(node: Any) -> Iterator[tuple[str, str, Any]]:
    """Return each child with its own name, and what it is called in a path: "" for nothing."""
    from flax import nnx

    if isinstance(node, Mapping):
        pairs = sorted(((str(key), child) for key, child in node.items()), key=lambda p: p[0])
    elif isinstance(node, list | tuple):
        pairs = [(str(number), child) for number, child in enumerate(node)]
    elif not _OBJECTS.isdisjoint(class_names(node)) and _OPTIMIZER not in class_names(node):
        names = sorted((name for name in vars(node) if not _is_private(name)), key=_rank)
        pairs = [(name, vars(node)[name]) for name in names]
    else:
        return
    wrapped = next((WRAPPERS[name] for name in class_names(node) if name in WRAPPERS), {})
    for name, child in pairs:
        holds = isinstance(child, Mapping | list | tuple | nnx.Variable)
        if holds or not _OBJECTS.isdisjoint(class_names(child)):
            yield name, wrapped.get(name, name), child


def _rank(name: str) -> tuple[bool, int, str]:
    """Return names in their order; numbers, which are those of a list, in that of numbers."""
    return (name.isdigit(), int(name) if name.isdigit() else 0, name)


def _is_private(name: str) -> bool:
    """Tell whether an attribute is nnx's own."""
    return name.startswith(("_pytree__", "_object__"))
