"""The arrays of a file as a pytree without values, and the cells of recurrences that names tell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

import jax
import jax.numpy as jnp

from fanwise.adapters.jax.layers import gates
from fanwise.adapters.jax.layers.kinds import WRAPPERS
from fanwise.adapters.layer_weights import LayerWeight
from fanwise.adapters.names_in_files.wrappers import Names, names_without_wrappers, split_name
from fanwise.adapters.stored_weights import StoredTensor

#: The collections of linen's variables that hold weights.
_WEIGHTS: Final = frozenset({"params", "batch_stats"})
#: What nnx calls what a variable holds.
_VALUE: Final = "value"
#: What recurrent cells of Flax have in them, the most first.
_CELLS: Final = (
    (frozenset({"ii", "if", "ig", "io", "hi", "hf", "hg", "ho"}), gates.lstm),
    (frozenset({"ii", "if_", "ig", "io", "hi", "hf", "hg", "ho"}), gates.lstm),
    (frozenset({"ir", "iz", "in", "hr", "hz", "hn"}), gates.gru),
    (frozenset({"if", "in", "hf", "hn"}), gates.mgu),
    (frozenset({"ih", "hh"}), gates.conv_lstm),
    (frozenset({"i", "h"}), gates.simple),
)
_PACKED: Final = frozenset({"dense_i", "dense_h"})
_WORDS: Final = {
    word: instead for wrapped in WRAPPERS.values() for word, instead in wrapped.items()
}


class NamedCell(NamedTuple):
    """A recurrent cell: the path of its weights, what they are, and its arrays by their names."""

    path: Names
    described: tuple[LayerWeight, ...]
    tensors: Mapping[str, StoredTensor]


def flax_names(tensors: Mapping[str, StoredTensor]) -> dict[Names, StoredTensor]:
    """Return the arrays that may be weights, without the names of collections and variables.

    Args:
        tensors: by the names that their file has for them.
    """
    names = names_without_wrappers(tensors, split_name)
    kept = {
        parts: tensors[name]
        for name, parts in names.items()
        if not tensors[name].dtype.startswith(("int", "uint", "bool"))
    }
    if any(parts[0] in _WEIGHTS for parts in kept):
        kept = {parts[1:]: kept[parts] for parts in kept if parts[0] in _WEIGHTS}
    if kept and all(len(parts) > 1 and parts[-1] == _VALUE for parts in kept):
        kept = {parts[:-1]: tensor for parts, tensor in kept.items()}
    return kept


def take_cells(named: dict[Names, StoredTensor]) -> list[NamedCell]:
    """Take the recurrent cells of Flax out of the arrays of a model.

    Args:
        named: the arrays; those of cells are taken out.
    """
    children: dict[Names, set[str]] = {}
    for names in named:
        if len(names) > 2:
            children.setdefault(names[:-2], set()).add(names[-2])
    cells = []
    for path, inside in children.items():
        tensors = {
            "/".join(names[-2:]): tensor
            for names, tensor in named.items()
            if names[:-2] == path and names[-1] in ("kernel", "bias")
        }
        described = _described(inside, {name: t.shape for name, t in tensors.items()})
        if described:
            for name in tensors:
                named.pop((*path, *name.split("/")))
            cells.append(NamedCell(_canonical(path), described, tensors))
    return cells


def _described(inside: set[str], shapes: Mapping[str, tuple[int, ...]]) -> tuple[LayerWeight, ...]:
    """Describe a cell by what lies in it; nothing for what is none."""
    for names, describe in _CELLS:
        if names == inside:
            return tuple(describe(None, shapes))
    kernel = shapes.get("dense_h/kernel", ())
    if inside != _PACKED or len(kernel) != 2 or kernel[1] % max(kernel[0], 1):
        return ()
    of_gates = {4: gates.lstm, 3: gates.gru, 1: gates.simple}.get(kernel[1] // kernel[0])
    return () if of_gates is None else tuple(of_gates(None, shapes))


def _canonical(path: Names) -> Names:
    """Return the path of a cell, in which what only holds it has no part."""
    return tuple(word for name in path if (word := _WORDS.get(name, name)))


def abstract_tree(named: Iterable[tuple[Names, StoredTensor]]) -> dict[str, Any]:
    """Build a pytree of shapes.

    Args:
        named: arrays with their names.
    """
    tree: dict[str, Any] = {}
    for names, tensor in named:
        node = tree
        for name in names[:-1]:
            node = node.setdefault(name, {})
        node[names[-1]] = jax.ShapeDtypeStruct(tensor.shape, jnp.dtype(tensor.dtype))
    return tree
