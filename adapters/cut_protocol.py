"""What the suite asks of an adapter that cuts models over processes, or over devices."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

from numpy.typing import NDArray

from fanwise.adapters.protocol import MODELS
from fanwise.spec.recipe import Recipe


@dataclass(frozen=True)
class CutWay:
    """A way to cut a model that a framework has.

    Attributes:
        name: what users call it.
        worlds: over how many processes, or devices, a model is cut so.
        processes: whether these are processes; otherwise they are devices of one.
        environment: variables that the process needs from its beginning.
        models: the names of those of :data:`CUT_MODELS` that are cut so.
    """

    name: str
    worlds: tuple[int, ...]
    processes: bool = True
    environment: Mapping[str, str] = field(default_factory=dict)
    models: tuple[str, ...] = ("encoder", "lstm", "wide")


@dataclass(frozen=True)
class Seat:
    """The place of a process among those that start one model together.

    Attributes:
        rank: its number.
        addresses: where each of them may listen, as ``host:port``; there are as many as processes.
    """

    rank: int
    addresses: tuple[str, ...]


@dataclass(frozen=True)
class CutDraw:
    """One model to cut and to start.

    Attributes:
        way: the name of a way to cut.
        world: the number of processes, or of devices.
        model: one of :data:`CUT_MODELS`.
        recipe: how it starts.
        seed: of all its weights.
    """

    way: str
    world: int
    model: str
    recipe: Recipe
    seed: int


#: The models that are cut; two are of :data:`MODELS`.
CUT_MODELS = {
    "encoder": MODELS["encoder"],
    "lstm": MODELS["lstm"],
    "wide": "up (3072 to 12288, 144 MiB), without a bias",
}


@dataclass(frozen=True)
class Cut:
    """A model that has been cut, and has not been started yet.

    Attributes:
        start: starts it: all that allocates and draws its weights; returns how many bytes of them
            this process holds.
        gather: returns the whole weights by their canonical paths in canonical order; called by
            all processes at once.
        in_place: whether cutting has allocated the weights, and the start writes into them.
    """

    start: Callable[[], int]
    gather: Callable[[], Mapping[str, NDArray[Any]]]
    in_place: bool = False


@runtime_checkable
class WithCuts(Protocol):
    """What an adapter may add, so that its ways to cut a model are judged.

    Attributes:
        name: the column of the matrix.
        cuts: the ways, each with the worlds that it is judged in.
    """

    name: str
    cuts: tuple[CutWay, ...]

    def take_seat(self, seat: Seat) -> None:
        """Join the other processes; called once, before anything is cut."""
        ...

    def cut(self, draw: CutDraw) -> Cut:
        """Cut a model, without its weights as far as the framework can."""
        ...
