"""What layers and weights without names of their own are called in paths.

Keras numbers the names that it makes by process: the second model has ``dense_2`` where the first
has ``dense``. In a path they are counted within the model, as in a process of its own.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import keras
from keras.src.backend.common import global_state
from keras.src.utils.naming import to_snake_case

#: The attributes in which every layer lists all of its variables.
_LISTS: Final = ("_trainable_variables", "_non_trainable_variables")

#: TensorFlow puts into its layers what it tracks, under attributes of such names.
_OF_TENSORFLOW: Final = "_self_"


class LayerNames:
    """The names of the layers of a model.

    A name of the form that Keras makes is counted, whoever gave it: nothing tells the two apart
    once a model is cloned or loaded. The layers of a class keep the order of their numbers, which
    is that in which they were made, if these are consecutive; else they have that of the model.
    Names that a class of blocks gives to its layers, the same in each block, are counted by
    themselves: whatever Keras has made in the model besides, depends on what was made before it.

    Args:
        layers: those of the model, in its order, without the model itself.
        parents: the layer that each of them is in, by ids.
    """

    def __init__(self, layers: Iterable[Any], parents: Mapping[int, Any]) -> None:
        numbers: dict[tuple[str, bool], dict[int, Any]] = {}
        zeros = set()
        named = list(_named_layers(layers))
        self._repeated = _repeated_layers(named, parents)
        for layer, name in named:
            prefix = to_snake_case(type(layer).__name__)
            number = _number(name, prefix)
            if number is not None:
                key = prefix, id(layer) in self._repeated
                numbers.setdefault(key, {}).setdefault(number, layer)
            elif name == f"{prefix}_0":
                # Keras begins with the bare word: here somebody else has numbered.
                zeros.add(prefix)
        self._places = {
            key: {number: number for number in found} if key[0] in zeros else _places(key[0], found)
            for key, found in numbers.items()
        }

    def name(self, layer: Any) -> str:
        """Return what a layer is called in a path."""
        prefix = to_snake_case(type(layer).__name__)
        number = _number(layer.name, prefix)
        if number is None:
            return str(layer.name)
        places = self._places.get((prefix, id(layer) in self._repeated), {})
        return _numbered(prefix, places.get(number, 0))


def _repeated_layers(named: Iterable[tuple[Any, str]], parents: Mapping[int, Any]) -> set[int]:
    """Find the layers whose names come again in another block of the same class, by ids."""
    together: dict[tuple[str, type], dict[int, Any]] = {}
    beside: dict[tuple[int, type], set[int]] = {}
    for layer, name in named:
        parent = parents.get(id(layer))
        if parent is not None and _number(name, to_snake_case(type(layer).__name__)) is not None:
            together.setdefault((name, type(parent)), {})[id(layer)] = parent
            beside.setdefault((id(parent), type(layer)), set()).add(id(layer))
    repeated = {
        layer
        for held in together.values()
        if len({id(parent) for parent in held.values()}) > 1
        for layer in held
    }
    # In a block with names of both kinds, two layers could get the same one.
    mixed = [ids for ids in beside.values() if ids & repeated and ids - repeated]
    return set() if mixed else repeated


def variable_name(layer: Any, variable: Any) -> str:
    """Return what a weight that a layer has added is called below it.

    It is its name, or where Keras made that, the attribute that holds it; what none holds is
    counted within the layer.
    """
    prefix = to_snake_case(type(variable).__name__)
    if _number(variable.name, prefix) is None:
        return str(variable.name)
    attribute = next((path for path, held in _held_in(layer) if held is variable), None)
    if attribute is not None:
        return attribute
    held = {id(other) for _, other in _held_in(layer)}
    others = layer._trainable_variables  # noqa: SLF001
    loose = [id(v) for v in others if _number(v.name, prefix) is not None and id(v) not in held]
    return _numbered(prefix, loose.index(id(variable)))


def _held_in(layer: Any) -> Iterator[tuple[str, Any]]:
    """Give what the attributes of a layer hold, and the items of those that hold several."""
    for name, value in list(vars(layer).items()):
        if name in _LISTS or name.startswith(_OF_TENSORFLOW):
            continue
        if isinstance(value, list | tuple):
            yield from ((f"{name}/{place}", item) for place, item in enumerate(value))
        elif isinstance(value, Mapping):
            yield from ((f"{name}/{key}", item) for key, item in value.items())
        else:
            yield name, value


def _named_layers(layers: Iterable[Any]) -> Iterator[tuple[Any, str]]:
    for layer in layers:
        yield layer, layer.name
        if isinstance(layer, keras.layers.Bidirectional):
            # The layer that it was made from has a number too, and is a part of nothing.
            forward = layer.forward_layer
            yield forward, forward.name.removeprefix("forward_")


def _number(name: str, prefix: str) -> int | None:
    """Read the number in a name that Keras would make; None for any other name."""
    if name == prefix:
        return 0
    match = re.fullmatch(r"_([1-9]\d*)", name.removeprefix(prefix))
    return int(match[1]) if match and name.startswith(prefix) else None


def _numbered(prefix: str, place: int) -> str:
    return f"{prefix}_{place}" if place else prefix


def _places(prefix: str, found: Mapping[int, Any]) -> dict[int, int]:
    """Tell the place of each number among those of a class."""
    in_order, ascending = list(found), sorted(found)
    consecutive = ascending[-1] - ascending[0] == len(ascending) - 1
    # Whatever a layer without weights is called, no path tells.
    is_in_paths = any(layer.weights for layer in found.values())
    if is_in_paths and not consecutive and in_order != ascending:
        names = ", ".join(_numbered(prefix, number) for number in in_order)
        _warn(
            f"The numbers in {names} are neither consecutive nor in the order of the model, so "
            "paths count them in the order of the model. Had the layers been made one after the "
            "other, they would count in that order: give them names of their own."
        )
    order = ascending if consecutive else in_order
    places = {number: place for place, number in enumerate(order)}
    for number, place in places.items():
        if is_in_paths and number != place and _is_given(prefix, number, found[number]):
            _warn(
                f"The layer {_numbered(prefix, number)!r} has a name as Keras makes them for a "
                f"{type(found[number]).__name__}, so it is counted: in paths it is "
                f"{_numbered(prefix, place)!r}. Give it a name of another form to keep it."
            )
            break
    return places


def _is_given(prefix: str, number: int, layer: Any) -> bool:
    """Tell whether Keras cannot have made a name here, nor a config have brought it."""
    made: Mapping[str, int] = global_state.get_global_attribute("object_name_uids", {})
    from_call = getattr(layer, "_auto_config", None) is not None
    return from_call and number >= made.get(prefix, 0)


def _warn(message: str) -> None:
    warnings.warn(message, UserWarning, stacklevel=2)
