"""A weight of a layer: what it is in a recipe, and where its values lie."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from fanwise.core.order import to_canonical
from fanwise.spec.axes import BATCH, IN, OUT, RECEPTIVE, layout
from fanwise.spec.errors import FanwiseError
from fanwise.spec.fans import Fans
from fanwise.spec.plan import Weight
from fanwise.spec.recipe import FAN_ROLES, ROLES

Array = NDArray[Any]


@dataclass(frozen=True)
class Part:
    """One weight of a layer: a variable, or a part of one.

    Attributes:
        variable: the variable that holds it.
        path: its path below the layer, whose last segment is its role, e.g. ``"kernel"``.
        layer: the kind of layer, e.g. ``"dense"``.
        axes: the role of each axis of the variable (of its row).
        groups: of a grouped convolution.
        beside: for a bias, the kernel that it stands beside.
        row: the row of the variable that holds it; None for all of it.
        gates: which of the variable's batches it is, in canonical order; empty for all.
        followers: variables that start as a function of what this one starts with.
    """

    variable: Any
    path: str
    layer: str = "dense"
    axes: str = "kernel"
    groups: int = 1
    beside: Part | None = None
    row: int | None = None
    gates: tuple[int, ...] = ()
    followers: tuple[tuple[Any, Callable[[Array], Array]], ...] = ()

    @property
    def role(self) -> str:
        """What it is to its layer; empty where its name is no role."""
        last = self.path.rpartition("/")[2]
        flat = self.layer == "parameter" and len(self._stored) < 2
        return last if last in ROLES and not (flat and last in FAN_ROLES) else ""

    @property
    def _stored(self) -> tuple[int, ...]:
        shape = tuple(self.variable.shape)
        return shape if self.row is None else shape[1:]

    def weight(self, path: str) -> Weight:
        """The weight as a recipe sees it: (batch, receptive field, in, out), and no axis twice."""
        found = layout(self._stored, self.axes)
        self._check(found.extent(BATCH) if BATCH in found.roles else 0)
        sizes = {role: found.extent(role) for role in (BATCH, IN, OUT)}
        if self.gates:
            sizes[BATCH] = len(self.gates)
        field = [
            n for n, role in zip(found.expanded, found.roles, strict=True) if role == RECEPTIVE
        ]
        held = {OUT, *((IN,) if self.role in FAN_ROLES else ())}
        held |= {role for role in found.roles if role != BATCH or sizes[BATCH] > 1}
        told: list[tuple[str, tuple[int, ...]]]
        told = [(role, (n,)) for role, n in sizes.items() if role in held and found.shape]
        if field:
            told.insert(1 if BATCH in held else 0, (RECEPTIVE, tuple(field)))
        shape = tuple(n for _, part in told for n in part)
        axes = " ".join(role for role, part in told for _ in part) or "kernel"
        beside: Fans | None = None if self.beside is None else self.beside.weight("").fans
        return Weight(path, shape, axes, self.role, self.layer, self.groups, beside)

    def _check(self, batches: int) -> None:
        what = f"{self.path} of {self.variable.path} is described wrongly"
        if self.row is not None and self.row not in range(self.variable.shape[0]):
            hint = "Name one of its rows."
            raise FanwiseError(
                f"a row of {tuple(self.variable.shape)}", self.row, hint, context=what
            )
        if len(set(self.gates) & set(range(batches))) != len(self.gates):
            hint = "Name each of its batches at most once."
            raise FanwiseError(f"gates among {batches} batches", self.gates, hint, context=what)

    def got(self, stored: Array) -> Array:
        """The weight in canonical order, from the variable's values."""
        there = self._there(stored)
        return there[list(self.gates)] if self.gates else there

    def put(self, stored: Array, drawn: Array) -> None:
        """Write the weight, in canonical order, to where it lies in the variable's values."""
        there = self._there(stored)
        if self.gates:
            there[list(self.gates)] = drawn.reshape(len(self.gates), *there.shape[1:])
        else:
            there[...] = drawn.reshape(there.shape)

    def _there(self, stored: Array) -> Array:
        """A view of the variable's values, or of its row, in canonical order."""
        return to_canonical(stored if self.row is None else stored[self.row], self.axes)
