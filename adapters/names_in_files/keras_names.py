"""The weights of Keras's variables, by the names of the layers that they lie in and shapes."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fanwise.adapters.guesses.parameters import guess_parameter
from fanwise.adapters.layer_weights import PARAMETER, Index, LayerWeight
from fanwise.adapters.names_in_files.keras_nodes import read_layer
from fanwise.adapters.names_in_files.nodes import (
    NameNode,
    Names,
    described_weights,
    guessed_weights,
    nodes_of,
    shapes_without,
)
from fanwise.adapters.recipe_forms import get, recipe_form
from fanwise.adapters.stored_weights import StoredTensor, StoredWeight
from fanwise.spec.axes import layout
from fanwise.spec.roles import FAN_ROLES

#: How Keras reads the axes of a weight of no known layer.
_AXES: Final = "kernel"
#: What has no part in a path: the cells of recurrences.
_CELL: Final = re.compile(r"(?:lstm|gru|simple_rnn|conv_lstm\d?d?|conv_lstm)_cell(?:_\d+)?|cell")
#: A list of layers in a layer, which variables are called after and paths are not.
_SEQUENTIAL: Final = re.compile(r"sequential(?:_\d+)?")
_WAYS: Final = re.compile(r"(?P<way>forward|backward)_\w+")
#: Names of the form that Keras gives: its word for a class, with a number or without.
_NUMBERED: Final = re.compile(r"(?P<word>[a-z][a-z0-9_]*?)(?:_(?P<number>[1-9]\d*))?")
_OF_KERAS: Final = re.compile(
    r"dense|embedding|einsum_dense|(?:depthwise_|separable_)?conv\d?d(?:_transpose)?|lstm|gru"
    r"|simple_rnn|bidirectional|rnn|(?:batch|layer|group|rms|unit|spectral)_normalization"
    r"|multi_head_attention|group(?:ed)?_query_attention|attention|additive_attention|sequential"
    r"|functional|time_distributed|conv_lstm\d?d|p_re_lu|normalization"
)
#: What is no weight, whatever it lies in.
_NO_WEIGHTS: Final = re.compile(r"seed_generator_state|count|iterations?|learning_rate")


def keras_weights(tensors: Mapping[str, StoredTensor]) -> list[StoredWeight]:
    """Find the weights among variables.

    Args:
        tensors: by the names that a file has for them; the path of the variable may be an alias.
    """
    named = _counted(_without_model(list(_named(tensors))))
    weights = []
    nodes = nodes_of(named)
    for path, node in nodes.items():
        beside = nodes[path[:-1]].children if path else set()
        weights += _weights_of(node, beside)
    return [_in_recipe_form(stored) for stored in weights]


def _named(tensors: Mapping[str, StoredTensor]) -> Iterable[tuple[Names, StoredTensor]]:
    for name, tensor in tensors.items():
        path = next((alias for alias in tensor.aliases if alias), name).removesuffix(":0")
        names = tuple(part for part in path.split("/") if part)
        is_number = tensor.dtype.startswith(("float", "bfloat"))
        if is_number and names and not _NO_WEIGHTS.fullmatch(names[-1]):
            yield names, tensor


def _without_model(
    named: list[tuple[Names, StoredTensor]],
) -> list[tuple[Names, StoredTensor]]:
    """Leave out the name of the model, with which the paths of variables may begin."""
    firsts = {names[0] for names, _ in named}
    layers = {names[1] for names, _ in named if len(names) > 2}
    if len(firsts) != 1 or len(layers) < 2 or any(len(names) < 3 for names, _ in named):
        return named
    return [(names[1:], tensor) for names, tensor in named]


def _counted(named: list[tuple[Names, StoredTensor]]) -> list[tuple[Names, StoredTensor]]:
    """Count the names that Keras has given within the model, as in a process of its own."""
    numbers: dict[str, set[int]] = {}
    words = {part for names, _ in named for part in names[:-1]}
    for part in words:
        match = _NUMBERED.fullmatch(part)
        if match is not None and _OF_KERAS.fullmatch(match["word"]):
            numbers.setdefault(match["word"], set()).add(int(match["number"] or 0))
    places = {
        (word, number): place
        for word, some in numbers.items()
        if f"{word}_0" not in words
        for place, number in enumerate(sorted(some))
    }

    def name(part: str) -> str:
        match = _NUMBERED.fullmatch(part)
        place = None if match is None else places.get((match["word"], int(match["number"] or 0)))
        if match is None or place is None:
            return part
        return f"{match['word']}_{place}" if place else match["word"]

    return [
        ((*_layers(tuple(map(name, names[:-1]))), names[-1]), tensor) for names, tensor in named
    ]


def _layers(path: Names) -> Names:
    """Return the layers that have a part in a path."""
    bidirectional = any(part.startswith("bidirectional") for part in path)
    kept = []
    for part in path:
        way = _WAYS.fullmatch(part)
        if bidirectional and way is not None:
            kept.append(way["way"])
        elif not _CELL.fullmatch(part) and not (kept and _SEQUENTIAL.fullmatch(part)):
            kept.append(part)
    return tuple(kept)


def _weights_of(node: NameNode, beside: Collection[str]) -> list[StoredWeight]:
    """Find the weights of one layer."""
    reading = read_layer(node.path, node.shapes, beside)
    path = (*node.path[: len(node.path) - reading.above], *reading.below)
    weights = described_weights(path, reading.described, node.tensors, guess=reading.guess)
    rest = shapes_without(node.shapes, (n for w in weights for n in w.tensors))
    cls = "".join(word.capitalize() for word in re.sub(r"\d+$", "", node.last).split("_"))
    guesses = {name: guess_parameter(cls, name, shape, rest, _AXES) for name, shape in rest.items()}
    return weights + guessed_weights(node.path, guesses, node.tensors)


def _in_recipe_form(stored: StoredWeight) -> StoredWeight:
    """Give a weight the shape that recipes see, in which no role comes twice."""
    weight, role = stored.weight, stored.weight.role
    shape, axes = recipe_form(weight.shape, weight.axes, role)
    here, there = layout(weight.shape, weight.axes), layout(shape, axes)
    if shape == weight.shape and here.roles == there.roles:
        return replace(stored, weight=replace(weight, axes=axes))
    arranged = _arranged(stored.description, shape, stored.tensors)
    parameter = stored.description.parameter
    kind = weight.kind if stored.description.role else PARAMETER
    description = LayerWeight(parameter, stored.description.path, axes, kind, weight.groups)
    guess = weight.guess if role in FAN_ROLES or role else ""
    seen = replace(weight, shape=shape, axes=axes, guess=guess)
    return StoredWeight(seen, description, {parameter: arranged})


def _arranged(
    description: LayerWeight, shape: tuple[int, ...], held: Mapping[str, StoredTensor]
) -> StoredTensor:
    """Describe a weight in the form that recipes see it in, of the variables that it lies in."""

    def read(index: Index) -> NDArray[Any]:
        values = {name: np.asarray(tensor.read(())) for name, tensor in held.items()}
        return np.asarray(get(values, description).reshape(shape)[index])

    (first, *_) = held.values()
    again = partial(_arranged, description, shape)
    name = ", ".join(tensor.name for tensor in held.values())
    return StoredTensor(
        name, shape, first.dtype, read, sources=held, arrange=again, placing=description
    )
