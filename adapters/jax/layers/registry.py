"""The descriptions of layers that users register, and the lookup of a layer's by its classes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from fanwise.adapters.layer_weights import LayerWeight, Shapes
from fanwise.spec.errors import FanwiseError, Phrase

#: Of a layer and the shapes of its variables, what each of its weights is.
Describe = Callable[[Any, Shapes], Iterable[LayerWeight]]

_registered: Final[dict[type, Describe]] = {}


def register_layer(cls: type, describe: Describe) -> None:
    """Say what a layer of one's own stores, for everything that looks at a model.

    Without it a parameter of a class that Fanwise does not know has its own name for a
    path, no role and no fans. It takes the place of what Fanwise knows of the class.

    Args:
        cls: the class, a Flax linen or nnx module or a node of a pytree; its subclasses too.
        describe: gives, for a layer and the shapes of its variables by their paths below
            it, a :class:`LayerWeight` for each weight. A variable that is described at all
            must be described as a whole.

    Raises:
        FanwiseError: for anything but a class and a function.

    Examples:
        >>> class Gate: ...
        >>> register_layer(Gate, lambda layer, shapes: [LayerWeight("w", "kernel", "out in")])
    """
    if not isinstance(cls, type):
        received = Phrase(f"an object of class {type(cls).__qualname__}")
        raise FanwiseError("a class of layers", received, "Pass e.g. MyDense itself.")
    if not callable(describe):
        hint = "Pass a function of the layer and the shapes of its variables."
        received = Phrase(f"an object of class {type(describe).__qualname__}")
        raise FanwiseError("a function as describe", received, hint)
    _registered[cls] = describe


def class_names(layer: Any) -> tuple[str, ...]:
    """Return the names of its classes, nearest first, without private modules.

    Examples:
        >>> class_names([])[0]
        'builtins:list'
    """
    return tuple(
        f"{'.'.join(cls.__module__.split('.')[:2])}:{cls.__qualname__}"
        for cls in type(layer).__mro__
    )


def find_description(layer: Any, known: Mapping[str, Describe]) -> Describe | None:
    """Find how to describe a layer: as registered, or as known; None where it is neither."""
    for cls, name in zip(type(layer).__mro__, class_names(layer), strict=True):
        describe = _registered.get(cls) or known.get(name)
        if describe is not None:
            return describe
    return None
