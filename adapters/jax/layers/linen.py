"""What a Flax linen module is made of: which of its layers made which variable.

The module is traced, as abstract shapes: none of Flax's own initializers computes anything.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp

from fanwise.adapters.foreign_code import foreign_code
from fanwise.adapters.jax.drawing.keys import native_key
from fanwise.adapters.jax.layers.collection import ArrayWeight, Collected, Names, Stack, StoredArray
from fanwise.adapters.jax.layers.description import describe, is_described
from fanwise.adapters.jax.layers.linen_calls import PARAMS, Watch
from fanwise.adapters.jax.layers.unclaimed import Others, add_collections
from fanwise.spec.errors import FanwiseError, Phrase


@dataclass(frozen=True)
class Traced:
    """A module, traced.

    Attributes:
        leaves: the abstract variables with their places in the tree.
        weights: all its weights, with the numbers of the leaves that hold them.
        others: of those that may be none, by these numbers, what they are.
        start: draws some leaves, by their numbers, with Flax's own initializers.
        build: makes the variables of all their leaves.
    """

    leaves: tuple[Any, ...]
    weights: tuple[ArrayWeight, ...]
    others: Others
    start: Callable[[frozenset[int]], dict[int, Any]]
    build: Callable[[list[Any]], Any]


def trace(
    module: Any, inputs: tuple[Any, ...], keywords: Mapping[str, Any], method: Any, seed: int
) -> Traced:
    """Find all weights of a module.

    Args:
        module: the module.
        inputs: what it is called with: arrays, traced or not, shapes, or plain values.
        keywords: likewise.
        method: the method to call, or None for ``__call__``.
        seed: for what Flax itself starts.

    Raises:
        FanwiseError: for what has no path of its own, and a module that does not run.
    """
    given, treedef = jax.tree_util.tree_flatten((inputs, dict(keywords)))
    arrays = [leaf for leaf in given if _is_array(leaf)]

    def init(arrays: list[Any]) -> Any:
        left = iter(arrays)
        filled = [next(left) if _is_array(leaf) else leaf for leaf in given]
        args, kwargs = jax.tree_util.tree_unflatten(treedef, filled)
        more = {} if method is None else {"method": method}
        return module.init(native_key(None, seed, None), *args, **more, **kwargs)

    watch = Watch(module)
    from flax import linen

    # It is the user's module that runs.
    hint = "Call module.init on them to see where it fails."
    with foreign_code("a module that runs on these inputs", hint), linen.intercept_methods(watch):
        variables = jax.eval_shape(init, arrays)
    flat, tree = jax.tree_util.tree_flatten_with_path(variables)
    paths = [_names(path) for path, _ in flat]
    leaves = tuple(leaf for _, leaf in flat)

    def start(numbers: frozenset[int]) -> dict[int, Any]:
        wanted = sorted(numbers)

        def some(arrays: list[Any]) -> list[Any]:
            leaves = jax.tree_util.tree_leaves(init(arrays))
            return [leaves[number] for number in wanted]

        # Compiled, so that nothing else is computed.
        filled = [_filled(array) for array in arrays]
        return dict(zip(wanted, jax.jit(some)(filled), strict=True)) if wanted else {}

    collected = _collect(watch, paths, leaves)
    others = add_collections(paths, leaves, collected)
    return Traced(
        leaves,
        tuple(collected.weights),
        others,
        start,
        lambda values: jax.tree_util.tree_unflatten(tree, values),
    )


def _collect(watch: Watch, paths: list[Names], leaves: tuple[Any, ...]) -> Collected:
    stacks = _stacks(watch, paths, leaves)
    variables = {}
    for n, names in enumerate(paths):
        shape = watch.shapes.get(names, tuple(leaves[n].shape))
        axes, certain = stacks.get(n, ((), True))
        variables[names] = StoredArray(n, shape, axes, certain, watch.laws.get(names))
    collected = Collected()
    for path, module in watch.modules.items():
        below = {
            "/".join(names[len(path) + 1 :]): variable
            # Of two of one name, in two collections, the parameter counts.
            for names, variable in sorted(variables.items(), key=_is_parameter)
            if names[1 : len(path) + 1] == path
        }
        if module is not None and below and is_described(module):
            shapes = {name: variable.shape for name, variable in below.items()}
            described = describe(module, shapes)
            collected.add_layer(watch.canonical(path), described, below, owner=module)
        held = {
            names[-1]: variable
            for names, variable in variables.items()
            if names[0] == PARAMS and names[1:-1] == path
        }
        shapes = {
            name: variable.shape
            for name, variable in held.items()
            if not collected.owns(variable.key)
        }
        for name, variable in held.items():
            collected.add_parameter(
                watch.canonical(path), name, variable, owner=module, siblings=shapes
            )
    for names, variable in variables.items():
        if names[0] == PARAMS:
            collected.add_parameter(watch.canonical(names[1:-1]), names[-1], variable)
    return collected


def _stacks(
    watch: Watch, paths: list[Names], leaves: tuple[Any, ...]
) -> dict[int, tuple[tuple[Stack, ...], bool]]:
    """Find what a transformation, e.g. scan, gave one more axis than its layer sees.

    Returns:
        Of each such leaf the axis, and whether it can be no other.
    """
    candidates: dict[int, list[int]] = {}
    for number, names in enumerate(paths):
        seen, stored = watch.shapes.get(names), leaves[number].shape
        if seen is not None and seen != stored:
            axes = [a for a in range(len(stored)) if (*stored[:a], *stored[a + 1 :]) == seen]
            if not axes:
                received = Phrase(f"{'/'.join(names)} of shape {stored}, seen as {seen}")
                hint = "Set these layers one by one, or exclude them."
                raise FanwiseError("variables with at most one axis of layers", received, hint)
            candidates[number] = axes
    stacks: dict[int, tuple[tuple[Stack, ...], bool]] = {}
    for number, axes in candidates.items():
        root = _root(watch, paths, candidates, paths[number])
        group = [candidates[n] for n in candidates if paths[n][1 : len(root) + 1] == root]
        # A square kernel alone does not tell; Flax's usual axis is the first.
        common = set(axes).intersection(*group) or set(axes)
        axis = min(common)
        stack = Stack(axis, leaves[number].shape[axis], len(watch.canonical(root)))
        stacks[number] = ((stack,), len(common) == 1)
    return stacks


def _root(watch: Watch, paths: list[Names], stacked: Mapping[int, Any], names: Names) -> Names:
    """Return the path of what was transformed: the topmost of which all parameters are stacked."""
    path = names[1:-1]
    for end in range(len(path) + 1):
        root = path[:end]
        below = [n for n, p in enumerate(paths) if p[0] == names[0] and p[1 : end + 1] == root]
        if root in watch.lifted and all(number in stacked for number in below):
            return root
    hint = "Name what nn.scan or nn.vmap is to transform, as a module of its own."
    raise FanwiseError("a stacked parameter within a module", Phrase("/".join(names)), hint)


def _is_parameter(item: tuple[Names, StoredArray]) -> bool:
    return item[0][0] == PARAMS


def _names(path: tuple[Any, ...]) -> Names:
    """Return the names of a leaf's place: the collection first, and nothing of a box around it."""
    return tuple(key.key for key in path if isinstance(key, jax.tree_util.DictKey))


def _is_array(leaf: Any) -> bool:
    return hasattr(leaf, "shape") and hasattr(leaf, "dtype")


def _filled(array: Any) -> Any:
    """Return zeros for what has only a shape."""
    if isinstance(array, jax.ShapeDtypeStruct):
        return jnp.zeros(array.shape, array.dtype)
    return array
