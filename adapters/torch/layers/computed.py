"""Weights that a layer computes from other tensors: parametrized, normalized, pruned."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Final

import torch
from torch import Tensor

from fanwise.adapters.torch.drawing import sharded
from fanwise.adapters.torch.layers.power_iterations import Draw
from fanwise.spec.errors import FanwiseError, Phrase
from fanwise.spec.laws import Law

_HINT: Final = (
    "Initialize before, give it a right_inverse that takes one, or leave the weight as it is by "
    "exclude=."
)


def _nothing() -> None:
    """Raise nothing."""


def _no_finish(_: Draw) -> None:
    """Leave what a weight is computed with as it is."""


def _no_buffers() -> tuple[Tensor, ...]:
    return ()


@dataclass(frozen=True)
class ComputedWeight:
    """A weight that is computed, and the way back from it to the tensors that are stored.

    Attributes:
        originals: what it is computed from.
        compute: gives it as it is now; changes nothing.
        assign: sets the originals to what they are after ``layer.weight = values``.
        shape: of the weight.
        formula: what computes it: of the same originals, two weights are one if it is the same.
        stores_values: whether its one original is the weight itself, as it was drawn.
        divides: whether it is divided by a size of its own, which must not be zero.
        finish: works out, once the originals are set, what is kept beside them.
        renewed: gives the tensors in which that lies.
        try_to_assign: raises where the originals cannot be set; changes nothing.
        has_law: whether the weight has the law that is drawn; not behind a formula of its own.
    """

    originals: tuple[Tensor, ...]
    compute: Callable[[], Tensor]
    assign: Callable[[Tensor], None]
    shape: tuple[int, ...]
    formula: Hashable
    stores_values: bool = False
    divides: bool = False
    finish: Callable[[Draw], None] = _no_finish
    renewed: Callable[[], tuple[Tensor, ...]] = _no_buffers
    try_to_assign: Callable[[], None] = _nothing
    has_law: bool = True

    def obstacle(self) -> FanwiseError | None:
        """Tell what keeps it from being set; None if nothing does."""
        if any(map(sharded.is_sharded, self.originals)):
            received = Phrase("a weight that is computed from sharded ones")
            return FanwiseError("a weight that is whole", received, _HINT)
        try:
            self.try_to_assign()
        except FanwiseError as error:
            return error
        except Exception as error:  # noqa: BLE001 (it is told)
            received = Phrase(f"{type(error).__name__}: {error}")
            return FanwiseError("a parametrization that takes a weight", received, _HINT)
        return None

    def check_law(self, law: Law) -> None:
        """Raise for a law whose values would be computed to what is no number."""
        if self.divides and law.mean == law.std == 0:
            hint = "Let it start otherwise, or remove the spectral normalization first."
            received = Phrase("a weight of zeros, whose spectral norm it is divided by")
            raise FanwiseError("a weight whose spectral norm is not zero", received, hint)

    def stand_in(self) -> Tensor:
        """Return the tensor that holds the weight; of one that has none, one without memory."""
        return self.originals[0] if self.stores_values else self.memory("meta")

    def memory(self, device: str | torch.device | None = None) -> Tensor:
        """Return a tensor of its shape, with anything in it, on the device of its originals."""
        return self.originals[0].new_empty(self.shape, device=device).detach()


def no_way_back(parametrization: str) -> FanwiseError:
    """Return the error of a parametrization that computes a weight, and takes none."""
    received = Phrase(f"{parametrization}, which has no right_inverse")
    return FanwiseError("a parametrization that takes a weight", received, _HINT)
