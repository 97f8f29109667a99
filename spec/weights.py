"""A weight of a model as a recipe sees it, whatever its framework."""

from __future__ import annotations

from dataclasses import dataclass

from fanwise.spec.errors import FanwiseError
from fanwise.spec.fans import Fans, fans
from fanwise.spec.roles import FAN_ROLES, names_of
from fanwise.spec.scheme import Scheme


@dataclass(frozen=True)
class Start:
    """What a layer declares that a weight of it starts with.

    Attributes:
        scheme: the scheme that is the same law, with its fan given wherever the framework counts
            another one; None where it has no translation.
        batch: what the batches of the weight count as, as in a rule.
        text: what the layer declares, in words.
        keeps: whether the weight starts with what it holds, which no scheme gives, such as a table
            of sines, or one value of a layer that declares nothing.
        is_observed: whether it is drawn, and told by what it holds alone.
    """

    scheme: Scheme | None
    batch: str | None = None
    text: str = ""
    keeps: bool = False
    is_observed: bool = False


@dataclass(frozen=True)
class Part:
    """Where a weight lies in the one that a recipe has divided.

    Attributes:
        whole: the path of that.
        rule: the number of the rule that divides it.
        axis: the axis on which the parts lie side by side.
        start, stop: the part on that axis.
    """

    whole: str
    rule: int
    axis: int
    start: int
    stop: int


@dataclass(frozen=True)
class Weight:
    """One weight of a model, as a recipe sees it.

    Attributes:
        path: canonical: "/"-joined, from the model's own children, ending in the role.
        shape: the shape in which its axes are told.
        axes: the role of each axis.
        role: one of :data:`fanwise.spec.roles.ROLES`, or ``""``.
        kind: of layer, e.g. ``"dense"``, with its variant after a slash, if any.
        groups: of a grouped convolution.
        beside: for a bias, the fans of the kernel that it stands beside.
        first_in: of a bilinear layer, the first of its two numbers of inputs.
        trains: whether training changes it.
        told: whether a rule has told its axes, so that it has fans whatever its role.
        obstacle: what keeps it from being set, whatever its rule.
        class_name: the full dotted name of its layer's class; ``""`` where it has none.
        guess: why its role, kind and axes are what they are, where they were guessed.
        readings: the axes that it may have, where that cannot be told.
        own: what its layer declares that it starts with; None where that is nothing.
        part: where it lies in a weight of the model that a rule has divided; None for a weight
            of the model itself.
        is_settled: whether it holds what it is to hold, and is left alone.
        ties: the other paths at which the model has it, where it is shared.
    """

    path: str
    shape: tuple[int, ...]
    axes: str
    role: str
    kind: str
    groups: int = 1
    beside: Fans | None = None
    first_in: int | None = None
    trains: bool = True
    told: bool = False
    obstacle: FanwiseError | None = None
    class_name: str = ""
    guess: str = ""
    readings: tuple[str, ...] = ()
    own: Start | None = None
    part: Part | None = None
    is_settled: bool = False
    ties: tuple[str, ...] = ()

    @property
    def names(self) -> dict[str, float]:
        """What expressions may call its numbers."""
        counted = self.fans or Fans(1, 1)
        return names_of(counted, self.groups, self.first_in)

    @property
    def fans(self) -> Fans | None:
        """Its own fans, or those of the kernel beside it; None where it has none."""
        if self.beside is not None:
            return self.beside
        if self.role in FAN_ROLES or (self.told and len(self.shape) > 1):
            return fans(self.shape, self.axes, self.groups)
        return None
