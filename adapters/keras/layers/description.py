"""What a layer stores: the descriptions of all known layers, and where to register another."""

from __future__ import annotations

from typing import Any, Final

import keras

from fanwise.adapters.descriptions import checked_description, listed_weights, present_weights
from fanwise.adapters.keras.layers.kinds import KINDS, Describe
from fanwise.adapters.keras.layers.variables import find_variable
from fanwise.adapters.layer_weights import LayerWeight
from fanwise.spec.errors import FanwiseError

_descriptions: Final[dict[type, Describe]] = dict(KINDS)


def register_layer(cls: type, describe: Describe) -> None:
    """Say what a layer of one's own stores, for everything that looks at a model.

    Without it, a weight that a layer of an unknown class has added itself is of the kind
    ``"parameter"``, has its own name for a path, and its axes as those of a kernel.

    Args:
        cls: the class of the layer; its subclasses too.
        describe: gives, for a built layer, a :class:`LayerWeight` for each weight that it
            holds itself. It replaces what Fanwise knows of the class; the layers in it are
            found as ever. A parameter that is described at all must be described as a whole.

    Raises:
        FanwiseError: for anything but a class of layers and a function.

    Examples:
        >>> import keras
        >>> class Gate(keras.layers.Layer): ...
        >>> register_layer(Gate, lambda layer: [LayerWeight("w", "kernel", axes="out in")])
    """
    if not (isinstance(cls, type) and issubclass(cls, keras.layers.Layer)):
        raise FanwiseError("a class of Keras layers", cls, "Pass e.g. MyDense itself.")
    if not callable(describe):
        hint = "Pass a function of the layer that gives a LayerWeight for each weight."
        raise FanwiseError("a function as describe", describe, hint)
    _descriptions[cls] = describe


def describe(layer: Any) -> tuple[LayerWeight, ...]:
    """Describe what a built layer stores: nothing for a layer of an unknown kind.

    Left out are the weights that the layer does without.

    Raises:
        FanwiseError: where the description does not fit the layer.
    """
    function = _find_description(layer)
    if function is None:
        return ()
    described = listed_weights(function(layer), type(layer).__name__)
    names = dict.fromkeys(name for weight in described for name in weight.parameters)
    variables = {name: find_variable(layer, name) for name in names}
    shapes = {
        name: tuple(variable.shape) for name, variable in variables.items() if variable is not None
    }
    return checked_description(present_weights(described, shapes), shapes, type(layer).__name__)


def describe_unbuilt(layer: Any) -> tuple[LayerWeight, ...]:
    """Describe what a layer of Keras itself will store, as far as it is known by now.

    The groups of a depthwise kernel are told as 1: they are the channels, which only a built
    layer knows.
    """
    function = _find_description(layer)
    return tuple(function(layer)) if function in KINDS.values() else ()  # type: ignore[misc]


def _find_description(layer: Any) -> Describe | None:
    return next((_descriptions[c] for c in type(layer).__mro__ if c in _descriptions), None)
