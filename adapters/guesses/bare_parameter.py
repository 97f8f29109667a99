"""A parameter of no known layer: what can be seen of it, and what was read from that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from fanwise.adapters.layer_weights import PARAMETER, Shape, Shapes

#: Kinds that are known by guesses alone. A rule about parameters of no known layer is about these
#: too, as about its variants.
LAYER_SCALE: Final = f"{PARAMETER}/layer_scale"
TOKEN: Final = f"{PARAMETER}/token"
POSITION: Final = f"{PARAMETER}/position"
RELATIVE_POSITION: Final = f"{PARAMETER}/relative_position"
#: A gain that is added to 1, or that scales what is added to the input, so it starts at 0.
ONE_PLUS: Final = "norm/one_plus"
#: The kernels of several experts in one parameter, each a batch.
EXPERTS: Final = "dense/experts"


@dataclass(frozen=True)
class BareParameter:
    """What can be seen of a parameter of no known layer.

    Attributes:
        class_name: the full dotted name of the layer's class.
        name: of the parameter in its layer.
        shape: its shape.
        siblings: the shapes of all parameters of the layer, by their names.
        axes: the pattern by which the framework reads parameters.
        attributes: the whole numbers and flags that the layer keeps, by their names.
        source: the text of the function that runs the layer; empty where there is none.
    """

    class_name: str
    name: str
    shape: Shape
    siblings: Shapes
    axes: str = "kernel"
    attributes: Mapping[str, int] = field(default_factory=dict)
    source: str = ""

    @property
    def simple_class(self) -> str:
        """The name of the class without its modules."""
        return self.class_name.rpartition(".")[2]

    @property
    def is_vector(self) -> bool:
        """Whether it has one axis of more than one element."""
        return sum(size != 1 for size in self.shape) == 1

    def sizes(self, *names: str) -> set[int]:
        """Return the numbers that the layer keeps under some names."""
        return {self.attributes[name] for name in names if name in self.attributes}


@dataclass(frozen=True)
class Guess:
    """What a parameter of no known layer was taken for.

    Attributes:
        role: one of the roles of weights; ``""`` where none was read.
        kind: of layer; that of a parameter where none was read.
        axes: the role of each axis.
        why: what it was read from; ``""`` where nothing was guessed.
        beside: for a bias, the name of the kernel in its layer that it stands beside.
        readings: the axes that it may have, where that cannot be told.
    """

    role: str
    kind: str
    axes: str
    why: str = ""
    beside: str | None = None
    readings: tuple[str, ...] = ()

    @classmethod
    def of_none(cls, axes: str, role: str = "") -> Guess:
        """Guess nothing: a parameter with the role that its own name says."""
        return cls(role, PARAMETER, axes)
