"""What a pytree is made of: Haiku's parameters, Equinox's modules, plain dicts.

A node of a class that is known says what its arrays are; for the others their names do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

import jax
import jax.numpy as jnp

from fanwise.adapters.jax.layers.array_names import describe_by_names
from fanwise.adapters.jax.layers.collection import ArrayWeight, Collected, Names, StoredArray
from fanwise.adapters.jax.layers.description import describe, is_described
from fanwise.adapters.jax.layers.equinox_kinds import STATE
from fanwise.adapters.jax.layers.registry import class_names
from fanwise.adapters.layer_weights import Span
from fanwise.spec.axes import layout
from fanwise.spec.errors import FanwiseError, Phrase
from fanwise.spec.plan import Weight

DescribeLeaf = Callable[[str, Any], Weight | None]

#: Haiku's mark for what a constructor made.
_HAIKU: Final = "~"


def collect(
    tree: Any, describe_leaf: DescribeLeaf | None = None
) -> tuple[tuple[ArrayWeight, ...], list[Any], Any]:
    """Collect the weights of a pytree, its leaves, and its structure.

    Raises:
        FanwiseError: for a description that does not go with its array.
    """
    flat, structure = jax.tree_util.tree_flatten_with_path(tree)
    collected = Collected()
    paths = [tuple(_name(key) for key in path) for path, _ in flat]
    arrays = {
        number: variable
        for number, (_, leaf) in enumerate(flat)
        if (variable := _variable(number, leaf)) is not None
        and not any(STATE in class_names(node) for _, node in _above(tree, flat[number][0]))
    }
    done: set[Names] = set()
    for number, variable in arrays.items():
        names, (keys, leaf) = paths[number], flat[number]
        if not names:
            hint = "Pass a dict of it, e.g. {'kernel': array}."
            raise FanwiseError("a pytree whose arrays have names", Phrase("one array"), hint)
        weight = None if describe_leaf is None else describe_leaf("/".join(names), leaf)
        if weight is not None:
            collected.add(_checked(weight, "/".join(names), variable))
            continue
        for end, node in _known(tree, keys):
            if names[:end] not in done:
                done.add(names[:end])
                below = _below(names[:end], paths, arrays)
                collected.add_layer(_path(names[:end]), describe(node, _shapes(below)), below)
        if not collected.owns(number) and names[:-1] not in done:
            done.add(names[:-1])
            beside = _beside(names[:-1], paths, arrays)
            described = tuple(describe_by_names(_shapes(beside)))
            collected.add_layer(_path(names[:-1]), described, beside)
        collected.add_parameter(_path(names[:-1]), names[-1], variable)
    return tuple(collected.weights), [leaf for _, leaf in flat], structure


def _known(tree: Any, keys: tuple[Any, ...]) -> Iterator[tuple[int, Any]]:
    """Find the nodes above a leaf whose class is known, from the top, with their depth."""
    return ((end, node) for end, node in _above(tree, keys) if is_described(node))


def _shapes(arrays: Mapping[str, StoredArray]) -> dict[str, tuple[int, ...]]:
    return {name: array.shape for name, array in arrays.items()}


def _above(tree: Any, keys: tuple[Any, ...]) -> Iterator[tuple[int, Any]]:
    """Yield the nodes above a leaf, from the top, with their depth."""
    node = tree
    for end, key in enumerate(keys):
        yield end, node
        node = _child(node, key)


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


def _variable(number: int, leaf: Any) -> StoredArray | None:
    """Return a leaf as a stored array, if it is an array of real or complex numbers."""
    dtype = getattr(leaf, "dtype", None)
    if dtype is None or not hasattr(leaf, "shape") or not jnp.issubdtype(dtype, jnp.inexact):
        return None
    return StoredArray(number, tuple(leaf.shape))


def _checked(weight: Weight, path: str, variable: StoredArray) -> ArrayWeight:
    if not isinstance(weight, Weight):
        hint = "Return a fanwise.spec.plan.Weight, or None."
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


def _name(key: Any) -> str:
    for attribute in ("key", "name", "idx"):
        if hasattr(key, attribute):
            return str(getattr(key, attribute))
    raise FanwiseError("a pytree whose nodes have names", Phrase(str(key)), "Register its keys.")


def _child(node: Any, key: Any) -> Any:
    if isinstance(key, jax.tree_util.GetAttrKey):
        return getattr(node, key.name)
    if isinstance(key, jax.tree_util.DictKey):
        return node[key.key]
    if isinstance(key, jax.tree_util.SequenceKey):
        return node[key.idx]
    return None
