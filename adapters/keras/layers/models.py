"""The weights of a Keras model, each with the variables that it lies in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import keras

from fanwise.adapters.keras.layers.names import LayerNames
from fanwise.adapters.keras.layers.variable_weights import (
    VariableWeight,
    all_ids,
    described_weights,
    ids,
    other_weights,
)
from fanwise.adapters.keras.layers.variables import is_built
from fanwise.spec.errors import FanwiseError, Phrase


def model_weights(model: Any, path: str | None = None) -> tuple[VariableWeight, ...]:
    """Find every weight of a model once, under its first path.

    A variable that some layer describes is that layer's, wherever else it is held.

    Args:
        model: a model or a layer.
        path: of the layer in the model that it is a part of; of a wrapper, that of the layer in
            it, since a wrapper has no part in a path.

    Raises:
        FanwiseError: for what is no layer, one that is not built or is quantized, and a
            description that does not fit its layer.
    """
    if not isinstance(model, keras.layers.Layer):
        raise FanwiseError(
            "a Keras model or layer", Phrase(type(model).__name__), "Pass the model."
        )
    start = "" if path is None else f"{path}/"
    parents = _parents(model)
    names = LayerNames(_inner_layers(model), parents)
    # Those that are described, and those that are left where no layer describes them.
    candidates: list[tuple[VariableWeight, bool]] = []
    taken: set[int] = set()
    unused = []
    for below, layer in _placed_layers(model, names, is_placed=path is not None):
        _check_layer(layer, below)
        if not is_built(layer):
            unused.append((below, layer))
            continue
        prefix = start + (f"{below}/" if below else "")
        # A shared layer, or a variable of two layers, is the first one's.
        described = [
            stored for stored in described_weights(layer, prefix) if not ids(stored) & taken
        ]
        taken.update(*map(all_ids, described))
        candidates += [(weight, True) for weight in described]
        # A wrapper has a part in the paths of its own weights alone.
        prefix += f"{names.name(layer)}/" if _is_wrapper(layer) else ""
        candidates += [(weight, False) for weight in other_weights(layer, prefix, taken)]
    weights = []
    for weight, is_described in candidates:
        if is_described or not ids(weight) & taken:
            weights.append(weight)
            taken |= ids(weight)
    # What a model that has been called does not use holds nothing. Others have still to be built.
    if unused and not (model.built and weights):
        below, layer = unused[0]
        hint = "Call model.build(input_shape), or call the model once, first."
        received = Phrase(f"{_name(layer, below)}, without weights")
        raise FanwiseError("a built model", received, hint)
    return tuple(replace(stored, within=_around(stored.layer, parents)) for stored in weights)


def _parents(model: Any) -> dict[int, Any]:
    """Give the layer that each layer is in, the first one of a shared layer, by ids."""
    parents: dict[int, Any] = {id(model): None}
    stack = [model]
    while stack:
        layer = stack.pop()
        for child in child_layers(layer):
            if id(child) not in parents:
                parents[id(child)] = layer
                stack.append(child)
    return parents


def _around(layer: Any, parents: Mapping[int, Any]) -> tuple[Any, ...]:
    """List the layers that a layer is in, from the inside out."""
    around = []
    outer = parents.get(id(layer))
    while outer is not None:
        around.append(outer)
        outer = parents.get(id(outer))
    return tuple(around)


def other_variables(model: Any, weights: Iterable[VariableWeight]) -> tuple[str, ...]:
    """Name what else the layers of a model keep and do not train: counts, states of generators.

    Args:
        model: a model or a layer.
        weights: what :func:`model_weights` finds in it.
    """
    known = {variable for stored in weights for variable in all_ids(stored)}
    named: dict[int, str] = {}
    for path, layer in model_layers(model):
        states = [generator.state for generator in layer._seed_generators]  # noqa: SLF001
        for variable in (*layer._non_trainable_variables, *states):  # noqa: SLF001
            if id(variable) not in known:
                named.setdefault(id(variable), _joined(path, variable.name))
    return tuple(named.values())


def model_layers(model: Any, *, is_placed: bool = False) -> Iterator[tuple[str, Any]]:
    """Give every layer in which weights may be, once, with its path.

    Args:
        model: a model or a layer.
        is_placed: whether its own path is known, which of a wrapper is that of the layer in it.
    """
    names = LayerNames(_inner_layers(model), _parents(model))
    return _placed_layers(model, names, is_placed=is_placed)


def _placed_layers(model: Any, names: LayerNames, *, is_placed: bool) -> Iterator[tuple[str, Any]]:
    seen: set[int] = set()
    stack = [("", model)]
    while stack:
        path, layer = stack.pop()
        if id(layer) in seen:
            continue
        seen.add(id(layer))
        yield path, layer
        nameless = is_placed and not path and _is_wrapper(layer)
        below = [
            (path if nameless else _joined(path, name), child)
            for name, child in _children(layer, names)
        ]
        stack += reversed(below)


def _inner_layers(model: Any) -> Iterator[Any]:
    """Give every layer in a model once, in the order of the model."""
    seen = {id(model)}
    stack = child_layers(model)[::-1]
    while stack:
        layer = stack.pop()
        if id(layer) not in seen:
            seen.add(id(layer))
            yield layer
            stack += reversed(child_layers(layer))


def _children(layer: Any, layer_names: LayerNames) -> list[tuple[str, Any]]:
    """List the layers in a layer, and what they are called below it."""
    names: dict[int, str] = {}
    if isinstance(layer, keras.layers.Bidirectional):
        names = {id(layer.forward_layer): "forward", id(layer.backward_layer): "backward"}
    elif isinstance(layer, keras.layers.StackedRNNCells):
        several = len(layer.cells) > 1
        names = {
            id(cell): str(number) if several else "" for number, cell in enumerate(layer.cells)
        }
    elif isinstance(layer, keras.layers.RNN):
        names = {id(layer.cell): ""}
    return [
        (names.get(id(child), "" if _is_wrapper(child) else layer_names.name(child)), child)
        for child in child_layers(layer)
    ]


def child_layers(layer: Any) -> list[Any]:
    """List the layers that a layer holds itself; only of a model are they public."""
    return list(layer._layers)  # noqa: SLF001


def _is_wrapper(layer: Any) -> bool:
    """Tell whether a layer is nothing but another one, used in some way."""
    return isinstance(layer, keras.layers.Wrapper) and len(child_layers(layer)) == 1


def _check_layer(layer: Any, path: str) -> None:
    if getattr(layer, "quantization_mode", None) is not None:
        hint = "Initialize the model before you quantize it."
        raise FanwiseError(
            "layers that hold weights", Phrase(f"{_name(layer, path)}, quantized"), hint
        )


def _name(layer: Any, path: str) -> str:
    """Name a layer in an error."""
    return f"{path or layer.name} ({type(layer).__name__})"


def _joined(*segments: str) -> str:
    return "/".join(segment for segment in segments if segment)
