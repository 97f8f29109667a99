"""Weights of layers that nothing is known of: what can be seen of them, and what that says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from fanwise.adapters.class_names import dotted_name
from fanwise.adapters.guesses.bare_parameter import Guess
from fanwise.adapters.guesses.code import source_of
from fanwise.adapters.guesses.parameters import guess_parameter
from fanwise.adapters.keras.layers.names import variable_name

#: How the axes of a weight of no known layer are read, as Keras's initializers read them.
AXES: Final = "kernel"


def guess_variables(layer: Any, bare: Sequence[Any]) -> dict[str, tuple[Any, Guess]]:
    """Guess what the variables of a layer are of which nothing is known.

    Args:
        layer: the layer.
        bare: the variables.

    Returns:
        Each variable with what it was taken for, by its name below the layer.
    """
    if not bare:
        return {}
    cls = type(layer)
    named = {variable_name(layer, variable): variable for variable in bare}
    shapes = {name: tuple(variable.shape) for name, variable in named.items()}
    numbers = {name: value for name, value in vars(layer).items() if type(value) in (int, bool)}
    source = source_of(cls.call)
    return {
        name: (
            variable,
            guess_parameter(
                dotted_name(cls),
                name,
                shapes[name],
                shapes,
                AXES,
                attributes=numbers,
                source=source,
            ),
        )
        for name, variable in named.items()
    }
