"""What a Flax linen module is made of: which of its layers made which variable.

The module is traced, as abstract shapes: none of Flax's own initializers computes anything.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import jax
import jax.numpy as jnp

from fanwise.adapters.jax.drawing.keys import native_key
from fanwise.adapters.jax.layers.collection import ArrayWeight, Collected, Stack, StoredArray
from fanwise.adapters.jax.layers.description import describe, is_described
from fanwise.adapters.jax.layers.kinds import WRAPPERS
from fanwise.adapters.jax.layers.registry import class_names
from fanwise.spec.errors import FanwiseError, Phrase

Names = tuple[str, ...]

_PARAMS: Final = "params"
#: What Flax calls its own check of a setup, in which a module has no path yet.
_CHECK: Final = "<lambda>"


@dataclass
class _Call:
    """A call of a module that is going on.

    Attributes:
        module, path: of what is called.
        names: what a wrapper calls the modules that it holds, in the order of their use.
        seen: the paths of those that were called within it.
    """

    module: Any
    path: Names
    names: list[str]
    seen: list[Names] = field(default_factory=list)


@dataclass
class _Watch:
    """What is seen of a module while it is traced.

    Attributes:
        top: the module itself.
        modules: every module that is called, under its path, in the order of the calls.
        shapes: of every variable as its module sees it, by collection and path.
        aliases: the canonical paths of what a wrapper holds.
        lifted: the paths of what is called by a transformation.
    """

    top: Any
    modules: dict[Names, Any] = field(default_factory=dict)
    shapes: dict[Names, tuple[int, ...]] = field(default_factory=dict)
    aliases: dict[Names, Names] = field(default_factory=dict)
    lifted: set[Names] = field(default_factory=set)
    _calls: list[_Call] = field(default_factory=list)

    def __call__(self, call: Callable[..., Any], args: Any, kwargs: Any, context: Any) -> Any:
        """Intercept the call of a method."""
        module = context.module
        if context.method_name == _CHECK or module.scope is None:
            return call(*args, **kwargs)
        path = tuple(module.path)
        self._place(module, path)
        self._calls.append(_Call(module, path, _inner_names(module)))
        try:
            result = call(*args, **kwargs)
        finally:
            self._calls.pop()
        self._see(module, path, kwargs)
        return result

    def _place(self, module: Any, path: Names) -> None:
        """Note what a wrapper that holds the module calls it, and its place in the order."""
        # A transformation calls a copy, which has a scope for its parent; so does init.
        copied = all(call.module is not module for call in self._calls)
        began = not self._calls and type(module) is type(self.top)
        if copied and not began and not hasattr(module.parent, "scope"):
            self.lifted.add(path)
        if self._calls:
            outer = self._calls[-1]
            if path not in (outer.path, *outer.seen):
                outer.seen.append(path)
                place = len(outer.seen) - 1
                if place < len(outer.names) and path not in self.modules:
                    name = outer.names[place]
                    self.aliases[path] = (*outer.path, name) if name else outer.path
        self.modules.setdefault(path, None)

    def _see(self, module: Any, path: Names, kwargs: Mapping[str, Any]) -> None:
        if self.modules[path] is None or kwargs.get("einsum_str"):
            equation = kwargs.get("einsum_str")
            self.modules[path] = module.clone(einsum_str=equation) if equation else module
        for collection, variables in module.variables.items():
            for name, value in variables.items():
                if not isinstance(value, Mapping):
                    self.shapes[(collection, *path, name)] = _unboxed(value).shape

    def canonical(self, path: Names) -> Names:
        """Return a path with what wrappers call their modules."""
        for end in range(len(path), -1, -1):
            target = self.aliases.get(path[:end])
            if target is not None:
                return (*self.canonical(target), *path[end:])
        return path


def _inner_names(module: Any) -> list[str]:
    for name in class_names(module):
        if name in WRAPPERS:
            return list(WRAPPERS[name].values())
    return []


@dataclass(frozen=True)
class Traced:
    """A module, traced.

    Attributes:
        leaves: the abstract variables with their places in the tree.
        weights: all its weights, with the numbers of the leaves that hold them.
        start: draws some leaves, by their numbers, with Flax's own initializers.
        build: makes the variables of all their leaves.
    """

    leaves: tuple[Any, ...]
    weights: tuple[ArrayWeight, ...]
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
        FanwiseError: for what has no path of its own.
    """
    given, treedef = jax.tree_util.tree_flatten((inputs, dict(keywords)))
    arrays = [leaf for leaf in given if _is_array(leaf)]

    def init(arrays: list[Any]) -> Any:
        left = iter(arrays)
        filled = [next(left) if _is_array(leaf) else leaf for leaf in given]
        args, kwargs = jax.tree_util.tree_unflatten(treedef, filled)
        more = {} if method is None else {"method": method}
        return module.init(native_key(None, seed, None), *args, **more, **kwargs)

    watch = _Watch(module)
    from flax import linen

    with linen.intercept_methods(watch):
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

    return Traced(
        leaves,
        _weights(watch, paths, leaves),
        start,
        lambda values: jax.tree_util.tree_unflatten(tree, values),
    )


def _weights(watch: _Watch, paths: list[Names], leaves: tuple[Any, ...]) -> tuple[ArrayWeight, ...]:
    stacks = _stacks(watch, paths, leaves)
    variables = {
        names: StoredArray(n, watch.shapes.get(names, tuple(leaves[n].shape)), stacks.get(n))
        for n, names in enumerate(paths)
    }
    collected = Collected()
    for path, module in watch.modules.items():
        below = {
            "/".join(names[len(path) + 1 :]): variable
            for names, variable in variables.items()
            if names[1 : len(path) + 1] == path
        }
        if module is not None and below and is_described(module):
            shapes = {name: variable.shape for name, variable in below.items()}
            collected.add_layer(watch.canonical(path), describe(module, shapes), below)
        for names, variable in variables.items():
            if names[0] == _PARAMS and names[1:-1] == path:
                collected.add_parameter(watch.canonical(path), names[-1], variable)
    for names, variable in variables.items():
        if names[0] == _PARAMS:
            collected.add_parameter(watch.canonical(names[1:-1]), names[-1], variable)
    return tuple(collected.weights)


def _stacks(watch: _Watch, paths: list[Names], leaves: tuple[Any, ...]) -> dict[int, Stack]:
    """Find what a transformation, e.g. scan, gave one more axis than its layer sees."""
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
    stacks = {}
    for number, axes in candidates.items():
        root = _root(watch, paths, candidates, paths[number])
        group = [candidates[n] for n in candidates if paths[n][1 : len(root) + 1] == root]
        # A square kernel alone does not tell; Flax's usual axis is the first.
        axis = min(set(axes).intersection(*group), default=axes[0])
        depth = len(watch.canonical(root))
        stacks[number] = Stack(axis, leaves[number].shape[axis], depth)
    return stacks


def _root(watch: _Watch, paths: list[Names], stacked: Mapping[int, Any], names: Names) -> Names:
    """Return the path of what was transformed: the topmost of which all parameters are stacked."""
    path = names[1:-1]
    for end in range(len(path) + 1):
        root = path[:end]
        below = [n for n, p in enumerate(paths) if p[0] == names[0] and p[1 : end + 1] == root]
        if root in watch.lifted and all(number in stacked for number in below):
            return root
    hint = "Name what nn.scan or nn.vmap is to transform, as a module of its own."
    raise FanwiseError("a stacked parameter within a module", Phrase("/".join(names)), hint)


def _names(path: tuple[Any, ...]) -> Names:
    """Return the names of a leaf's place: the collection first, and nothing of a box around it."""
    return tuple(key.key for key in path if isinstance(key, jax.tree_util.DictKey))


def _unboxed(value: Any) -> Any:
    return value.unbox() if hasattr(value, "unbox") else value


def _is_array(leaf: Any) -> bool:
    return hasattr(leaf, "shape") and hasattr(leaf, "dtype")


def _filled(array: Any) -> Any:
    """Return zeros for what has only a shape."""
    if isinstance(array, jax.ShapeDtypeStruct):
        return jnp.zeros(array.shape, array.dtype)
    return array
