"""The arrays of a file as a pytree without values, and the cells of recurrences that names tell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

import jax
import jax.numpy as jnp

from fanwise.adapters.jax.layers import gates
from fanwise.adapters.jax.layers.equinox_kinds import EQUINOX
from fanwise.adapters.jax.layers.kinds import LINEN, WRAPPERS
from fanwise.adapters.jax.layers.registry import Describe
from fanwise.adapters.layer_weights import LayerWeight, Shapes
from fanwise.adapters.names_in_files.nodes import fitting
from fanwise.adapters.names_in_files.torch_nodes import is_table
from fanwise.adapters.names_in_files.wrappers import (
    Names,
    names_without_wrappers,
    split_name,
    without_boxes,
)
from fanwise.adapters.stored_weights import StoredTensor
from fanwise.spec.errors import FanwiseError, Phrase

#: The collections of linen's variables that hold weights.
_WEIGHTS: Final = frozenset({"params", "batch_stats"})
#: What Flax calls a kernel, and what it does not.
_KERNEL: Final = "kernel"
_OF_HAIKU: Final = frozenset({"w", "b", "weight", "gamma", "beta"})
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
#: What attention of Flax and of Equinox has in it.
_ATTENTION: Final = frozenset({"query", "key", "value", "out"})
_OF_EQUINOX: Final = frozenset({"query_proj", "key_proj", "value_proj", "output_proj"})
#: By how many gates a recurrence is known, in Flax and in Equinox.
_BY_GATES: Final = {4: gates.lstm, 3: gates.gru, 1: gates.simple}
_BY_GATES_OF_EQUINOX: Final = {
    4: EQUINOX["equinox.nn:LSTMCell"],
    3: EQUINOX["equinox.nn:GRUCell"],
}
#: What holds cells, and has no part in a path.
_WORDS: Final = {
    word: instead for wrapped in WRAPPERS.values() for word, instead in wrapped.items()
}


class NamedLayer(NamedTuple):
    """A layer of several arrays: its path, its weights, and its arrays by their names in it."""

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
        weights = (parts for parts in kept if parts[0] in _WEIGHTS and len(parts) > 1)
        kept = {parts[1:]: kept[parts] for parts in weights}
    if kept and all(len(parts) > 1 and parts[-1] == _VALUE for parts in kept):
        kept = {parts[:-1]: tensor for parts, tensor in kept.items()}
    boxed = without_boxes(kept)
    return {boxed.get(parts, parts): tensor for parts, tensor in kept.items()}


def take_layers(named: dict[Names, StoredTensor]) -> list[NamedLayer]:
    """Take those layers out of the arrays of a model that are known by all that lies in them.

    Args:
        named: the arrays; those of recurrent cells and of attention are taken out.
    """
    below: dict[Names, dict[str, StoredTensor]] = {}
    for names, tensor in named.items():
        for end in range(1, min(3, len(names) + 1)):
            below.setdefault(names[:-end], {})["/".join(names[-end:])] = tensor
    layers = []
    for path, tensors in below.items():
        shapes = {name: tensor.shape for name, tensor in tensors.items()}
        described = _described({name.split("/")[0] for name in shapes}, shapes)
        if shapes.keys() == {"weight"} and len(shapes["weight"]) == 2 and is_table(path[-1:]):
            described = tuple(EQUINOX["equinox.nn:Embedding"](None, shapes))
        described = fitting(described, shapes)
        used = {name for weight in described for name in weight.parameters}
        if described:
            for name in used:
                named.pop((*path, *name.split("/")), None)
            within = path if "weight_ih" in tensors else _canonical(path)
            layers.append(NamedLayer(within, described, tensors))
    return layers


def _described(inside: set[str], shapes: Shapes) -> tuple[LayerWeight, ...]:
    """Describe a layer by what lies in it; nothing for what is none of these."""
    if inside >= _ATTENTION and all(len(shapes.get(f"{n}/kernel", ())) == 3 for n in _ATTENTION):
        return tuple(LINEN["flax.linen:MultiHeadDotProductAttention"](None, shapes))
    if inside >= _OF_EQUINOX and all(len(shapes.get(f"{n}/weight", ())) == 2 for n in _OF_EQUINOX):
        return tuple(EQUINOX["equinox.nn:MultiheadAttention"](None, shapes))
    if inside >= {"weight_ih", "weight_hh"}:
        return _by_gates(_BY_GATES_OF_EQUINOX, shapes.get("weight_hh", ()), shapes)
    if inside == _PACKED:
        return _by_gates(_BY_GATES, shapes.get("dense_h/kernel", ())[::-1], shapes)
    if not all(f"{name}/kernel" in shapes for name in inside):
        return ()
    return next((describe(None, shapes) for names, describe in _CELLS if names == inside), ())


def _by_gates(
    known: Mapping[int, Describe], recurrent: tuple[int, ...], shapes: Shapes
) -> tuple[LayerWeight, ...]:
    """Describe a recurrence by how many rows its recurrent kernel has for each of its columns."""
    if len(recurrent) != 2 or not recurrent[1] or recurrent[0] % recurrent[1]:
        return ()
    describe = known.get(recurrent[0] // recurrent[1])
    return () if describe is None else tuple(describe(None, shapes))


def _canonical(path: Names) -> Names:
    """Return the path of a layer, in which what only holds a cell has no part."""
    return tuple(word for name in path if (word := _WORDS.get(name, name)))


def take_own_names(named: dict[Names, StoredTensor]) -> dict[Names, dict[str, StoredTensor]]:
    """Take out what modules of Flax's users call by other names than Flax does, by their paths.

    Haiku's layers call their arrays so; where there are kernels, these are no layers of Haiku.

    Args:
        named: the arrays; some are taken out.
    """
    taken: dict[Names, dict[str, StoredTensor]] = {}
    if any(names[-1] == _KERNEL for names in named):
        for names in [names for names in named if names[-1] in _OF_HAIKU]:
            taken.setdefault(names[:-1], {})[names[-1]] = named.pop(names)
    return taken


def abstract_tree(named: Iterable[tuple[Names, StoredTensor]]) -> dict[str, Any]:
    """Build a pytree of shapes.

    Args:
        named: arrays with their names.

    Raises:
        FanwiseError: for names of which one is the beginning of another.
    """
    tree: dict[str, Any] = {}
    for names, tensor in named:
        node = tree
        for name in names[:-1]:
            node = node.setdefault(name, {})
            if not isinstance(node, dict):
                break
        if not isinstance(node, dict) or names[-1] in node:
            received = Phrase(f"an array and a node at {'/'.join(names)}")
            hint = "Pass framework= of the names, or a model."
            raise FanwiseError("names that are the places of one pytree", received, hint)
        node[names[-1]] = jax.ShapeDtypeStruct(tensor.shape, jnp.dtype(tensor.dtype))
    return tree
