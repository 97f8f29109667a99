"""What a pytree is made of: Haiku's parameters, Equinox's modules, plain dicts.

A node of a class that is known says what its arrays are; for the others their names do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import jax.numpy as jnp

from fanwise.adapters.jax.layers.array_names import describe_by_names, is_named_weight
from fanwise.adapters.jax.layers.collection import ArrayWeight, Collected, Names, StoredArray
from fanwise.adapters.jax.layers.description import describe, is_described
from fanwise.adapters.jax.layers.foreign import foreign_code
from fanwise.adapters.jax.layers.nodes import Leaf, array_shape, read_leaves
from fanwise.adapters.jax.layers.states import holds_weight
from fanwise.adapters.jax.layers.variables import is_quantized
from fanwise.adapters.layer_weights import Span
from fanwise.spec.axes import layout
from fanwise.spec.errors import FanwiseError, Phrase
from fanwise.spec.plan import Weight

DescribeLeaf = Callable[[str, Any], Weight | None]

#: Haiku's mark for what a constructor made.
_HAIKU: Final = "~"
_HINT: Final = "Pass a model, or its parameters."


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
    arrays = {
        number: variable
        for number, leaf in enumerate(leaves)
        if (variable := _variable(number, leaf)) is not None
        and (number in told or holds_weight(leaf, told=describe_leaf is not None))
    }
    collected = Collected()
    paths = [leaf.names for leaf in leaves]
    done: set[Names] = set()
    for number, variable in arrays.items():
        names = paths[number]
        if not names:
            hint = "Pass a dict of it, e.g. {'kernel': array}."
            raise FanwiseError("a pytree whose arrays have names", Phrase("one array"), hint)
        if number in told:
            collected.add(_checked(told[number], "/".join(names), variable))
            continue
        for step in leaves[number].steps:
            above = names[: step.depth]
            if above not in done and is_described(step.node):
                done.add(above)
                below = _below(above, paths, arrays)
                collected.add_layer(_path(above), describe(step.node, _shapes(below)), below)
        if not collected.owns(number) and names[:-1] not in done:
            done.add(names[:-1])
            beside = _beside(names[:-1], paths, arrays)
            described = tuple(describe_by_names(_shapes(beside)))
            collected.add_layer(_path(names[:-1]), described, beside)
        collected.add_parameter(_path(names[:-1]), names[-1], variable)
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
            if _variable(number, leaf) is not None
        }
    return {number: weight for number, weight in described.items() if weight is not None}


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


def _variable(number: int, leaf: Leaf) -> StoredArray | None:
    """Return a leaf as a stored array, if its numbers can be those of a weight.

    They are real or complex; or those of a quantized weight, which cannot be drawn, and is
    not to be left out without a word.
    """
    shape = array_shape(leaf.value)
    if shape is None:
        return None
    dtype = leaf.value.dtype
    quantized = is_quantized(dtype) or (
        jnp.issubdtype(dtype, jnp.integer) and leaf.names[-1:] and is_named_weight(leaf.names[-1])
    )
    return StoredArray(number, shape) if quantized or jnp.issubdtype(dtype, jnp.inexact) else None


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
