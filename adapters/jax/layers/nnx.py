"""What a Flax nnx model is made of: its layers and its variables, each once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from fanwise.adapters.jax.layers.collection import Collected, Names, StoredArray
from fanwise.adapters.jax.layers.description import describe, is_described
from fanwise.adapters.jax.layers.kinds import WRAPPERS
from fanwise.adapters.jax.layers.registry import class_names
from fanwise.adapters.jax.layers.variables import read

#: What holds variables in nnx, and what holds those of a model that it updates.
_OBJECTS: Final = frozenset({"flax.nnx:Module", "flax.nnx:Object", "flax.nnx:Pytree"})
_OPTIMIZER: Final = "flax.nnx:Optimizer"


def collect(model: Any) -> tuple[Collected, dict[int, Any]]:
    """Return the weights of a model, and its variables by the keys that hold them.

    Children come in nnx's own order, that of their names, since a model that was split and
    merged, or made by ``nnx.eval_shape``, knows no other; of two names for one layer the
    first counts.
    """
    collected = Collected()
    variables: dict[int, Any] = {}
    _collect(model, (), collected, variables, set())
    return collected, variables


def _collect(
    node: Any, path: Names, collected: Collected, variables: dict[int, Any], seen: set[int]
) -> None:
    from flax import nnx

    if id(node) in seen:
        return
    seen.add(id(node))
    if is_described(node):
        below = dict(_below(node, "", set()))
        variables.update({id(variable): variable for variable in below.values()})
        arrays = {
            name: StoredArray(id(variable), _shape(variable))
            for name, variable in below.items()
            if _shape(variable) is not None
        }
        shapes = {name: array.shape for name, array in arrays.items()}
        collected.add_layer(path, describe(node, shapes), arrays)
    for attribute, name, child in _children(node):
        if isinstance(child, nnx.Variable):
            if isinstance(child, nnx.Param) and _shape(child) is not None:
                variables[id(child)] = child
                collected.add_parameter(path, attribute, StoredArray(id(child), _shape(child)))
        else:
            _collect(child, (*path, name) if name else path, collected, variables, seen)


def _below(node: Any, prefix: str, seen: set[int]) -> Iterator[tuple[str, Any]]:
    """Return all variables below a layer, by their paths below it."""
    from flax import nnx

    if id(node) in seen:
        return
    seen.add(id(node))
    for attribute, _, child in _children(node):
        if isinstance(child, nnx.Variable):
            yield f"{prefix}{attribute}", child
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


def _shape(variable: Any) -> Any:
    """Return the shape of a variable's value; None where it is no array."""
    shape = getattr(read(variable), "shape", None)
    return None if shape is None else tuple(shape)
