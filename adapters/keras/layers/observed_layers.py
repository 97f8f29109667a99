"""The layers of a Keras model whose outputs are worth looking at, and those that never ran."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

import keras

from fanwise.adapters.keras.layers.description import describe
from fanwise.adapters.keras.layers.models import child_layers, model_layers
from fanwise.adapters.model_runs import name_silent_parts

#: Their weights are those of a cell, which runs once for each step.
_RECURRENCES: Final = (keras.layers.RNN, keras.layers.Bidirectional)


@dataclass(frozen=True)
class SeenLayer:
    """A layer that is looked at.

    Attributes:
        path: its name in the model.
        layer: itself.
        stacks: its own variables where they are stacks of weights, as those of experts are.
    """

    path: str
    layer: Any
    stacks: tuple[Any, ...] = ()


def seen_layers(model: Any) -> list[SeenLayer]:
    """List the layers of a model that are looked at.

    Seen whole, with what they hold, are the layers that somebody describes, recurrences, and those
    that hold no others. Beside them stand those that hold others and weights of their own.
    """
    layers: list[SeenLayer] = []
    hidden: set[int] = set()
    for path, layer in model_layers(model):
        if id(layer) in hidden:
            continue
        described = bool(describe(layer))
        is_whole = isinstance(layer, _RECURRENCES) or not child_layers(layer) or described
        own = tuple(layer._trainable_variables)  # noqa: SLF001 (those of the layer alone)
        if is_whole:
            hidden.update(id(inner) for _, inner in model_layers(layer))
        if is_whole or own:
            layers.append(SeenLayer(path or layer.name, layer, () if described else _stacks(own)))
    return layers


def untouched_variables(layers: Sequence[SeenLayer], called: Collection[int]) -> list[Any]:
    """List the variables that train of the layers that were not called, and of no other."""
    touched = {
        id(variable)
        for seen in layers
        if id(seen.layer) in called
        for variable in seen.layer.trainable_variables
    }
    variables = {
        id(variable): variable
        for seen in layers
        for variable in seen.layer.trainable_variables
        if id(variable) not in touched
    }
    return list(variables.values())


def find_inactive(
    model: Any,
    layers: Sequence[SeenLayer],
    called: Collection[int],
    reached: Collection[int],
) -> dict[str, str]:
    """Find what had no part in a run: paths, with the names of classes.

    Args:
        model: the model.
        layers: those that were looked at.
        called: the ids of the layers that were called.
        reached: the ids of the other layers' variables that a gradient reached.
    """
    used = {id(variable) for seen in layers if id(seen.layer) in called for variable in _all(seen)}
    used |= set(reached)
    active = {
        id(seen.layer)
        for seen in layers
        if id(seen.layer) in called or any(id(variable) in used for variable in _all(seen))
    }
    silent = {id(seen.layer) for seen in layers if _all(seen)} - active
    parts = (
        (path or layer.name, layer, frozenset(id(inner) for _, inner in model_layers(layer)))
        for path, layer in model_layers(model)
    )
    return name_silent_parts(parts, silent, active)


def _all(seen: SeenLayer) -> list[Any]:
    return list(seen.layer.weights)


def _stacks(variables: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return the variables with three axes or more, if they are stacks of as many weights."""
    deep = tuple(variable for variable in variables if len(variable.shape) > 2)
    counts = {variable.shape[0] for variable in deep}
    return deep if len(counts) == 1 and counts.pop() > 1 else ()
