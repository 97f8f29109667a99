"""What a pytree is made of: Haiku's parameters, Equinox's modules, plain dicts.

A node of a class that is known says what its arrays are; for the others their names do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

import jax
import jax.numpy as jnp

from fanwise.adapters.jax.layers.collection import Collected, Stored, Variable
from fanwise.adapters.jax.layers.description import (
    Describe,
    Part,
    Place,
    Shapes,
    class_names,
    description,
)
from fanwise.adapters.jax.layers.equinox_kinds import EQUINOX, STATE
from fanwise.spec.axes import PATTERNS, layout
from fanwise.spec.errors import FanwiseError, Phrase
from fanwise.spec.plan import Weight

Names = tuple[str, ...]
DescribeLeaf = Callable[[str, Any], Weight | None]

#: What arrays are called, and the role that this says. Equinox and torch keep a ``weight``
#: as (out, in, field), Haiku and Flax their kernels as (field, in, out).
_ROLES: Final = {
    **dict.fromkeys(("w", "kernel", "weight"), "kernel"),
    **dict.fromkeys(("b", "bias"), "bias"),
    **dict.fromkeys(("scale", "gamma"), "scale"),
    **dict.fromkeys(("offset", "beta"), "offset"),
    **dict.fromkeys(("embedding", "embeddings"), "embedding"),
    "mean": "mean",
    **dict.fromkeys(("var", "variance"), "variance"),
}
_AXES: Final = {"weight": "torch"}
_NORM: Final = ("scale", "offset", "mean", "variance")
#: Haiku's mark for what a constructor made.
_HAIKU: Final = "~"


def collect(tree: Any, describe: DescribeLeaf | None) -> tuple[tuple[Stored, ...], list[Any], Any]:
    """The weights of a pytree, its leaves, and its structure.

    Raises:
        FanwiseError: for a description that does not go with its array.
    """
    flat, structure = jax.tree_util.tree_flatten_with_path(tree)
    found = Collected()
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
        own = None if describe is None else describe("/".join(names), leaf)
        if own is not None:
            found.add(_checked(own, "/".join(names), variable))
            continue
        for end, known, node in _known(tree, keys):
            if names[:end] not in done:
                done.add(names[:end])
                found.layer(_path(names[:end]), node, known, _below(names[:end], paths, arrays))
        if not found.owns(number) and names[:-1] not in done:
            done.add(names[:-1])
            beside = _beside(names[:-1], paths, arrays)
            found.layer(_path(names[:-1]), None, _by_name, beside)
        found.parameter(_path(names[:-1]), names[-1], variable)
    return tuple(found.weights), [leaf for _, leaf in flat], structure


def _known(tree: Any, keys: tuple[Any, ...]) -> Iterator[tuple[int, Describe, Any]]:
    """The nodes above a leaf whose class is known, from the top, with their depth."""
    for end, node in _above(tree, keys):
        known = description(node, EQUINOX)
        if known is not None:
            yield end, known, node


def _above(tree: Any, keys: tuple[Any, ...]) -> Iterator[tuple[int, Any]]:
    """The nodes above a leaf, from the top, with their depth."""
    node = tree
    for end, key in enumerate(keys):
        yield end, node
        node = _child(node, key)


def _below(
    above: Names, paths: Sequence[Names], arrays: Mapping[int, Variable]
) -> dict[str, Variable]:
    end = len(above)
    return {
        "/".join(paths[number][end:]): variable
        for number, variable in arrays.items()
        if paths[number][:end] == above
    }


def _beside(
    above: Names, paths: Sequence[Names], arrays: Mapping[int, Variable]
) -> dict[str, Variable]:
    return {
        name: variable for name, variable in _below(above, paths, arrays).items() if "/" not in name
    }


def _variable(number: int, leaf: Any) -> Variable | None:
    """A leaf as a variable, if it is an array of real or complex numbers."""
    dtype = getattr(leaf, "dtype", None)
    if dtype is None or not hasattr(leaf, "shape") or not jnp.issubdtype(dtype, jnp.inexact):
        return None
    return Variable(number, tuple(leaf.shape))


def _checked(weight: Weight, path: str, variable: Variable) -> Stored:
    if not isinstance(weight, Weight):
        hint = "Return a fanwise.spec.plan.Weight, or None."
        raise FanwiseError(f"a weight as the description of {path}", weight, hint)
    if weight.shape != variable.shape:
        hint = f"Its array has {variable.shape}."
        raise FanwiseError(f"the shape of {path}", weight.shape, hint)
    layout(weight.shape, weight.axes)
    return Stored(weight, ((variable.key, Place(path)),))


def _by_name(layer: Any, shapes: Shapes) -> Iterator[Part]:
    """The weights of a node whose class is not known."""
    del layer
    for name in shapes:
        part = _part(name, shapes) if name in _ROLES else None
        if part is not None:
            yield part


def _part(name: str, shapes: Shapes) -> Part | None:
    """The weight that an array is by its name and those beside it; None for none."""
    shape, role = shapes[name], _ROLES[name]
    kernel = next((own for own in shapes if _is_kernel(own, shapes[own])), None)
    layer = "norm" if kernel is None else "dense" if len(shapes[kernel]) == 2 else "conv"
    place = (Place(name),)
    if role == "kernel":
        if len(shape) >= 2:
            return Part(role, PATTERNS[_AXES.get(name, "kernel")], layer, place)
        # A weight for each feature, with its bias: Equinox's and torch's normalizations.
        return Part("scale", "kernel", "norm", place) if name == "weight" else None
    if role == "bias":
        if kernel is not None:
            return Part(role, _all_out(shape), layer, place, beside="kernel")
        norm = "weight" in shapes or "scale" in shapes
        return Part("offset", _all_out(shape), "norm", place) if norm else None
    if role == "embedding":
        return Part(role, "in out", "embedding", place) if len(shape) == 2 else None
    return Part(role, _all_out(shape), "norm", place) if role in _NORM else None


def _is_kernel(name: str, shape: tuple[int, ...]) -> bool:
    return _ROLES.get(name) == "kernel" and len(shape) >= 2


def _all_out(shape: tuple[int, ...]) -> str:
    return " ".join(["out"] * len(shape)) or "kernel"


def _path(names: Names) -> Names:
    """The path of a node: a name that has slashes of its own, as Haiku's have, is several."""
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
