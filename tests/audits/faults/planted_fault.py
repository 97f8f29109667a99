"""A fault as it is planted, and what an audit must say of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from audits.checkpoints import Start, Tensors, Via

#: The seed of the checkpoints beneath the faults; more than 32 bits of it count.
SEED = (3 << 40) + 7


@dataclass(frozen=True)
class PlantedFault:
    """A fault in the checkpoint of a model.

    Attributes:
        name: what it is, in words.
        model: the architecture.
        plant: changes the tensors in place, with a generator for what it draws.
        paths: patterns of the paths that may be named for it; one must be, and no other.
        named: parts of the faults' names, or whole claims: a failing row has one of them.
        via: how the checkpoint is handed to the audit.
        recipe: whether the audit has the recipe.
        seed: whether it has the seed, :data:`SEED`.
        start: who drew what is beneath the fault.
    """

    name: str
    model: str
    plant: Callable[[Tensors, np.random.Generator], None]
    paths: tuple[str, ...]
    named: tuple[str, ...]
    via: Via = "model"
    recipe: bool = True
    seed: bool = False
    start: Start = "fanwise"

    @property
    def audit(self) -> str:
        """What the audit has, in words."""
        aids = ["recipe"] * self.recipe + ["seed"] * self.seed
        return f"{self.via}, {' and '.join(aids) or 'nothing else'}"
