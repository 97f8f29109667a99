"""What a layer stores: one table of descriptions for Flax, linen and nnx, and for Equinox."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final

from fanwise.adapters.descriptions import checked_description
from fanwise.adapters.foreign_code import foreign_code
from fanwise.adapters.jax.layers.equinox_kinds import EQUINOX
from fanwise.adapters.jax.layers.kinds import LINEN, NNX
from fanwise.adapters.jax.layers.registry import Describe, find_description
from fanwise.adapters.layer_weights import LayerWeight, Shapes
from fanwise.spec.errors import FanwiseError

#: Every kind of layer that is known, by the name of its class.
KINDS: Final[Mapping[str, Describe]] = MappingProxyType({**LINEN, **NNX, **EQUINOX})


def is_described(layer: Any) -> bool:
    """Tell whether a layer is of a kind that is known, or that was registered."""
    return find_description(layer, KINDS) is not None


def describe(layer: Any, shapes: Shapes) -> tuple[LayerWeight, ...]:
    """Describe what a layer stores: nothing for a layer of an unknown kind.

    Args:
        layer: a linen or nnx module, or a node of a pytree.
        shapes: of its variables and those below it, by their paths below it.

    Raises:
        FanwiseError: where the description does not fit the layer.
    """
    function = find_description(layer, KINDS)
    if function is None:
        return ()
    name = type(layer).__qualname__
    context = f"The description of {name} does not fit it"
    hint = "Correct the layer, or the description that register_layer was given."
    with foreign_code("a description that runs", hint, context=context):
        told = function(layer, shapes)
        told = told if isinstance(told, tuple) or not isinstance(told, Iterable) else tuple(told)
    weights = checked_description(told, shapes, name)
    for weight in weights:
        if weight.zero_row is not None or weight.followers:
            hint = "Leave them out, and set those values yourself."
            context = f"The description of {name} cannot be used in JAX"
            raise FanwiseError("no zero_row and no followers", weight, hint, context=context)
    return weights
