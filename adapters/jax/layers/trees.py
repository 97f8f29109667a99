"""What a pytree is made of: Haiku's parameters, Equinox's modules, plain dicts.

A node of a class that is known says what its arrays are; for the others their names do.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any, Final

import jax
import jax.numpy as jnp

from fanwise.adapters.jax.layers.array_names import declared_by_names, describe_by_names
from fanwise.adapters.jax.layers.collection import ArrayWeight, Collected, Names, StoredArray
from fanwise.adapters.jax.layers.declared_shapes import declared_shapes
from fanwise.adapters.jax.layers.description import describe, is_described
from fanwise.adapters.jax.layers.doubts import EVERYTHING, NO_DOUBTS
from fanwise.adapters.jax.layers.equinox_kinds import STATE
from fanwise.adapters.jax.layers.registry import class_names
from fanwise.adapters.jax.layers.stacks import SeenArray, find_stacks
from fanwise.adapters.layer_weights import Shape, Span
from fanwise.spec.axes import layout
from fanwise.spec.errors import FanwiseError, Phrase
from fanwise.spec.plan import Weight
from fanwise.spec.recipe import FAN_ROLES

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
    paths = [tuple(_name(key) for key in path) for path, _ in flat]
    leaves = {
        number: leaf
        for number, (keys, leaf) in enumerate(flat)
        if _is_inexact(leaf)
        and not any(STATE in class_names(node) for _, node in _above(tree, keys))
    }
    if any(not paths[number] for number in leaves):
        hint = "Pass a dict of it, e.g. {'kernel': array}."
        raise FanwiseError("a pytree whose arrays have names", Phrase("one array"), hint)
    told = {} if describe_leaf is None else _told(describe_leaf, paths, leaves)
    arrays = find_stacks(_seen(tree, flat, paths, leaves, told))
    collected = Collected()
    done: set[Names] = set()
    for number, variable in arrays.items():
        names, (keys, _) = paths[number], flat[number]
        if number in told:
            collected.add(told[number])
            continue
        for end, node in _known(tree, keys):
            if names[:end] not in done:
                done.add(names[:end])
                below = _below(names[:end], paths, arrays)
                collected.add_layer(_path(names[:end]), describe(node, _shapes(below)), below)
        above = _path(names[:-1])
        if not collected.owns(number) and names[:-1] not in done:
            done.add(names[:-1])
            beside = _beside(names[:-1], paths, arrays)
            described, doubts = describe_by_names(above, _shapes(beside))
            collected.add_layer(above, described, beside, doubts)
        many = names[-1] in FAN_ROLES and len(variable.shape) > 2
        doubts = EVERYTHING if many and not any(_known(tree, keys)) else NO_DOUBTS
        collected.add_parameter(above, names[-1], variable, doubts)
    return tuple(collected.weights), [leaf for _, leaf in flat], structure


def _told(
    describe_leaf: DescribeLeaf, paths: Sequence[Names], leaves: Mapping[int, Any]
) -> dict[int, ArrayWeight]:
    """Return the weights that someone tells of, by the numbers of their leaves."""
    told = {}
    for number, leaf in leaves.items():
        path = "/".join(paths[number])
        weight = describe_leaf(path, leaf)
        if weight is not None:
            told[number] = _checked(weight, path, StoredArray(number, tuple(leaf.shape)))
    return told


def _seen(
    tree: Any,
    flat: Sequence[tuple[tuple[Any, ...], Any]],
    paths: Sequence[Names],
    leaves: Mapping[int, Any],
    told: Collection[int],
) -> dict[int, SeenArray]:
    """Return the arrays with what their layers declare, or else what their names say."""
    named: dict[Names, dict[str, Shape]] = {}
    for number, leaf in leaves.items():
        if number not in told and not any(_known(tree, flat[number][0])):
            *above, name = paths[number]
            named.setdefault(tuple(above), {})[name] = tuple(leaf.shape)
    by_names = {names: declared_by_names(_path(names), shapes) for names, shapes in named.items()}
    seen = {}
    for number, leaf in leaves.items():
        shape, names = tuple(leaf.shape), paths[number]
        known = list(_known(tree, flat[number][0]))
        if number in told:
            declared: Shape | None = shape
        elif known:
            end, node = known[-1]
            declared = declared_shapes(node).get("/".join(names[end:]))
        else:
            declared = by_names[names[:-1]].get(names[-1])
        end = known[0][0] if known else len(names) - 1
        seen[number] = SeenArray(_path(names[:end]), names[-1], shape, declared)
    return seen


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


def _is_inexact(leaf: Any) -> bool:
    """Tell whether a leaf is an array of real or complex numbers."""
    dtype = getattr(leaf, "dtype", None)
    return dtype is not None and hasattr(leaf, "shape") and jnp.issubdtype(dtype, jnp.inexact)


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
