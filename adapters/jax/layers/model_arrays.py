"""All arrays of a model: its weights, what each array is called, and what it holds."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import jax
import numpy as np

from fanwise.adapters.jax.layers.collection import ArrayWeight
from fanwise.adapters.jax.layers.nodes import array_shape, read_leaves
from fanwise.adapters.jax.layers.targets import Plans
from fanwise.adapters.jax.layers.variables import sampled
from fanwise.adapters.observed_values import observed_values
from fanwise.spec.problems import Holding

#: The collection that a name of linen's may leave out.
_PARAMS: Final = "params"


@dataclass(frozen=True)
class ModelArrays:
    """The arrays of a model, by the keys that its reader has for them.

    Attributes:
        weights: its weights.
        names: of each array what it is called: the name that people read, then its key path as
            JAX writes it, and others.
        values: what it holds; without those that have only a shape.
    """

    weights: Sequence[ArrayWeight]
    names: Mapping[int, tuple[str, ...]]
    values: Mapping[int, Any]

    def names_of(self, stored: ArrayWeight) -> tuple[str, ...]:
        """Return what the arrays are called that a weight lies in."""
        keys = dict.fromkeys(key for key, _ in stored.blocks)
        return tuple(name for key in keys for name in self.names.get(key, ()))

    def left_alone(self, plans: Plans, kept: Collection[str]) -> tuple[str, ...]:
        """Name what is not set: the weights that are kept, and the arrays that are no weights."""
        owned = {key for stored in self.weights for key, _ in stored.blocks}
        owned |= {key for stored, _ in plans for key, _ in stored.blocks}
        others = [names[0] for key, names in self.names.items() if key not in owned]
        return (*kept, *others)

    def observe(self, stored: ArrayWeight) -> Holding:
        """Say what a weight holds now, by some of its values, from all over it."""
        parts = []
        for key, block in stored.blocks:
            value = self.values.get(key)
            if value is None or not getattr(value, "is_fully_addressable", True):
                return Holding("")
            parts.append(sampled(value, block.at))
        return observed_values(np.concatenate(parts))


def tree_names(tree: Any) -> dict[int, tuple[str, ...]]:
    """Return what the arrays of a pytree are called, by their numbers among its leaves."""
    leaves, _ = read_leaves(tree)
    paths, _ = jax.tree_util.tree_flatten_with_path(tree)
    return {
        number: tuple(_called(leaf.names, jax.tree_util.keystr(path)))
        for number, (leaf, (path, _)) in enumerate(zip(leaves, paths, strict=True))
        if array_shape(leaf.value) is not None
    }


def nnx_names(model: Any) -> dict[int, tuple[str, ...]]:
    """Return what the variables of an nnx model are called, by what tells each from the others."""
    from flax import nnx

    names: dict[int, list[str]] = {}
    for path, node in nnx.iter_graph(model):
        if isinstance(node, nnx.Variable):
            keys = "".join(f"[{key!r}]" for key in path)
            dotted = ".".join(map(str, path))
            called = ("/".join(map(str, path)), keys, f"{keys}.value", dotted, f".{dotted}.value")
            names.setdefault(id(node), []).extend(called)
    return {key: tuple(dict.fromkeys(called)) for key, called in names.items()}


def concrete(values: Mapping[int, Any]) -> dict[int, Any]:
    """Return the values that are there: no mere shapes, no traced ones, none that are deleted."""
    return {key: value for key, value in values.items() if _is_known(value)}


def _called(names: Sequence[str], key: str) -> Iterator[str]:
    yield "/".join(names)
    yield key
    if names[:1] == (_PARAMS,):
        yield "/".join(names[1:])


def _is_known(value: Any) -> bool:
    if isinstance(value, jax.ShapeDtypeStruct | jax.core.Tracer) or array_shape(value) is None:
        return False
    return not (isinstance(value, jax.Array) and value.is_deleted())
