"""What a layer's variables hold: weights, and where each of them lies."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from fanwise.spec.errors import FanwiseError, Phrase

Shapes = Mapping[str, tuple[int, ...]]
Index = tuple[Any, ...]


@dataclass(frozen=True)
class Place:
    """A block of a weight, and where it lies.

    Attributes:
        variable: the variable's path below the layer, e.g. ``"ii/kernel"``.
        at: the block of the variable, an index; None for all of it.
        part: the block of the weight, an index; None for all of it.
    """

    variable: str
    at: Index | None = None
    part: Index | None = None


@dataclass(frozen=True)
class Part:
    """A weight of a layer.

    Attributes:
        name: its path below the layer, ending in its role, e.g. ``"query/kernel"``.
        axes: the role of each axis of ``shape``.
        layer: the kind of layer, e.g. ``"dense"``.
        places: where it lies; by default the whole variable of its own name.
        shape: by default that of the one variable that holds it.
        groups: of a grouped convolution.
        beside: for a bias, the name of the kernel that it stands beside.
    """

    name: str
    axes: str = "kernel"
    layer: str = "dense"
    places: tuple[Place, ...] = ()
    shape: tuple[int, ...] | None = None
    groups: int = 1
    beside: str | None = None

    @property
    def stored(self) -> tuple[Place, ...]:
        """Where it lies, with the default filled in."""
        return self.places or (Place(self.name),)

    @property
    def role(self) -> str:
        """The last segment of its name."""
        return self.name.rpartition("/")[2]


Describe = Callable[[Any, Shapes], Iterable[Part]]

_described: Final[dict[type, Describe]] = {}


def register_layer(cls: type, describe: Describe) -> None:
    """Tell Fanwise what the weights of a layer of your own are.

    Without it a parameter of a class that Fanwise does not know has its own name for a
    path, no role and no fans.

    Args:
        cls: the class, a Flax linen or nnx module or a node of a pytree; its subclasses too.
        describe: of a layer and the shapes of its variables by their paths below it, a
            :class:`Part` for every weight. It replaces what Fanwise knows of the class.

    Raises:
        FanwiseError: for what is no class, or cannot be called.

    Examples:
        >>> class Gate: ...
        >>> register_layer(Gate, lambda layer, shapes: [Part("kernel", "out in")])
    """
    if not isinstance(cls, type):
        raise FanwiseError("a class of layers", cls, "Pass e.g. MyDense itself.")
    if not callable(describe):
        hint = "Pass a function of the layer and the shapes of its variables."
        raise FanwiseError("a function as describe", describe, hint)
    _described[cls] = describe


def class_names(layer: Any) -> tuple[str, ...]:
    """The names of its classes, nearest first, without private modules: ``flax.nnx:Linear``."""
    return tuple(
        f"{'.'.join(cls.__module__.split('.')[:2])}:{cls.__qualname__}"
        for cls in type(layer).__mro__
    )


def description(layer: Any, known: Mapping[str, Describe]) -> Describe | None:
    """How to describe a layer: by what was registered, or by what is known; None for neither."""
    for cls, name in zip(type(layer).__mro__, class_names(layer), strict=True):
        found = _described.get(cls) or known.get(name)
        if found is not None:
            return found
    return None


def described(layer: Any, describe: Describe, shapes: Shapes) -> tuple[Part, ...]:
    """The parts of a layer, checked against its variables.

    Raises:
        FanwiseError: where a description and the layer do not fit.
    """
    parts = tuple(describe(layer, shapes))
    name = type(layer).__qualname__
    names = {part.name for part in parts if isinstance(part, Part)}
    for part in parts:
        if not isinstance(part, Part):
            hint = "Yield fanwise.jax.Part values."
            raise FanwiseError(f"the weights of a {name} as parts", part, hint)
        for place in part.stored:
            if place.variable not in shapes:
                hint = f"It has {', '.join(shapes) or 'none'}."
                raise FanwiseError(f"a variable of {name}", Phrase(place.variable), hint)
        if part.beside is not None and part.beside not in names:
            hint = "Name the kernel's own part."
            raise FanwiseError(f"the kernel beside {part.name} of {name}", part.beside, hint)
        if part.shape is None and len(part.stored) != 1:
            hint = "Give shape=, that of the whole weight."
            raise FanwiseError(f"the shape of {part.name} of {name}", part.shape, hint)
    return parts
