"""Parameters of nodes that nothing is known of: what can be seen of them, and what that says."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from fanwise.adapters.class_names import dotted_name
from fanwise.adapters.guesses.bare_parameter import Guess
from fanwise.adapters.guesses.code import source_of
from fanwise.adapters.guesses.parameters import guess_parameter
from fanwise.adapters.layer_weights import Shapes
from fanwise.spec.fans import fans
from fanwise.spec.roles import FAN_ROLES
from fanwise.spec.weights import Weight

#: How the axes of a parameter of no known layer are read, as JAX's initializers read them.
_AXES: Final = "kernel"


def bare_weight(owner: Any, name: str, shapes: Shapes) -> Weight:
    """Return a parameter of no known layer as what it is by its name, its class and its shape.

    Args:
        owner: the node that holds it; None where that is not known.
        name: its name in the node.
        shapes: of all parameters of the node, by their names.
    """
    guess = _guess(owner, name, shapes)
    weight = Weight(
        "",
        shapes[name],
        guess.axes,
        guess.role,
        guess.kind,
        class_name=class_name(owner),
        guess=guess.why,
        readings=guess.readings,
    )
    if guess.beside is None:
        return weight
    kernel = _guess(owner, guess.beside, shapes)
    known = kernel.role in FAN_ROLES
    return replace(weight, beside=fans(shapes[guess.beside], kernel.axes) if known else None)


def class_name(owner: Any) -> str:
    """Return the name of the class of a layer, with its modules; "" for a container of arrays."""
    if owner is None or type(owner).__module__ == "builtins":
        return ""
    return dotted_name(type(owner))


def _guess(owner: Any, name: str, shapes: Shapes) -> Guess:
    held = getattr(owner, "__dict__", {})
    numbers = {key: value for key, value in held.items() if type(value) in (int, bool)}
    run = None if owner is None else vars(type(owner)).get("__call__")
    return guess_parameter(
        class_name(owner),
        name,
        shapes[name],
        shapes,
        _AXES,
        attributes=numbers,
        source=source_of(run),
    )
