"""What a layer stores: which weight lies in which of its parameters, and in which part."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from torch import nn

from fanwise.spec.errors import FanwiseError, Phrase, did_you_mean
from fanwise.spec.recipe import ROLES

Describe = Callable[[Any], Iterable["Stored"]]


@dataclass(frozen=True)
class Stored:
    """One weight of a layer, and where the layer stores it; checked when it is made.

    Attributes:
        name: of the parameter (or running statistic) in the layer, dotted:
            ``"weight"``, ``"out_proj.weight"``.
        path: of the weight below the layer, ending in its role: ``"kernel"``,
            ``"query/kernel"``.
        axes: the role of each axis of what is stored.
        kind: the kind of layer, e.g. ``"dense"`` or ``"attention"``.
        spans: where on ``axis`` the weight lies, as (start, stop); none for all of it.
        axis: the one that ``spans`` are about.
        groups: of a grouped convolution.
        beside: for a bias, the path of the kernel that it stands beside.
        zero_row: one that is zero whatever the recipe, as that of an embedding's padding.

    Examples:
        >>> Stored("c_attn.weight", "key/kernel", "torch", "attention", spans=((8, 16),)).role
        'kernel'
    """

    name: str
    path: str
    axes: str
    kind: str
    spans: tuple[tuple[int, int], ...] = ()
    axis: int = 0
    groups: int = 1
    beside: str | None = None
    zero_row: int | None = None

    def __post_init__(self) -> None:
        if self.role not in ROLES and self.kind != PARAMETER:
            hint = f"Let {self.path!r} end in the role. {did_you_mean(self.role, ROLES)}"
            raise FanwiseError("a path that ends in a role", self.path, hint)

    @property
    def role(self) -> str:
        """The last segment of the path, where it is a role; else none, ``""``."""
        last = self.path.rpartition("/")[2]
        return last if last in ROLES or self.kind != PARAMETER else ""

    @property
    def size(self) -> int:
        """How long the spans are together."""
        return sum(stop - start for start, stop in self.spans)


#: The kind of a parameter that belongs to no known layer.
PARAMETER: Final = "parameter"
_known: Final[dict[type, Describe]] = {}


def register_layer(cls: type[nn.Module], describe: Describe) -> None:
    """Say what a layer of one's own stores, for :func:`initialize`.

    It counts for subclasses too, goes before what is known of the children of the layer,
    and takes the place of an earlier one for the same class. What is not described of a
    layer is found as if nothing were registered.

    Args:
        cls: the class of the layer.
        describe: gives, for such a layer, a :class:`Stored` for each of its weights. A
            parameter that is described at all must be described as a whole.

    Raises:
        FanwiseError: for anything but a class of modules and a function.

    Examples:
        >>> class Scaled(nn.Module): ...
        >>> register_layer(Scaled, lambda layer: [Stored("g", "scale", "torch", "norm")])
    """
    if not (isinstance(cls, type) and issubclass(cls, nn.Module)):
        raise FanwiseError("a class of torch.nn.Module", cls, "Pass the layer's class.")
    if not callable(describe):
        hint = "Pass a function of the layer that gives a Stored for each weight."
        raise FanwiseError("a function", describe, hint)
    _known[cls] = describe


def described(layer: nn.Module) -> tuple[Stored, ...]:
    """What is known of a layer; nothing for one of another kind."""
    for cls in type(layer).__mro__:
        if cls in _known:
            found = tuple(_known[cls](layer))
            for stored in found:
                if not isinstance(stored, Stored):
                    hint = "Correct what register_layer was given."
                    received = Phrase(type(stored).__name__)
                    what = f"The description of {type(layer).__name__} is of no use"
                    raise FanwiseError("a Stored for each weight", received, hint, context=what)
            return found
    return ()
