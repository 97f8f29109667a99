"""Some values of each weight of a build, by which builds are told apart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from fanwise.adapters.observed_values import is_formula, observed_values
from fanwise.adapters.stored_weights import StoredWeight
from fanwise.spec.errors import FanwiseError, Phrase

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: How many values of a weight tell whether two builds hold the same.
_SEEN: Final = 1 << 12


class BuildPrints:
    """Some values of each weight of several builds.

    Attributes:
        first: those of the first build, by the paths of the weights.
        moving: the paths of the weights that differ from build to build.
    """

    def __init__(self) -> None:
        self.first: dict[str, NDArray[Any]] = {}
        self.moving: set[str] = set()

    def add(self, weights: Sequence[StoredWeight]) -> None:
        """Look at one more build."""
        for stored in weights:
            path, seen = stored.weight.path, _values_of(stored)
            if not _are_equal(self.first.setdefault(path, seen), seen):
                self.moving.add(path)

    def differing(self, weights: Sequence[StoredWeight]) -> list[str]:
        """Name the weights of another build that hold other values than those of the first."""
        seen = {stored.weight.path: _values_of(stored) for stored in weights}
        return [path for path, values in seen.items() if not _are_equal(self.first[path], values)]

    def fixed_draws(self) -> list[str]:
        """Name the weights that hold values of a law of chance, the same under every seed."""
        same = (path for path in self.first if path not in self.moving)
        return [path for path in same if _is_of_chance(self.first[path])]

    def check_seeded(self) -> None:
        """Raise where values that look drawn are the same under every seed, all of them."""
        drawn = [path for path, seen in self.first.items() if _looks_drawn(seen)]
        if not self.moving and drawn:
            hint = (
                "Take the seed out of the function, such as torch.manual_seed(0) or a key of its "
                "own, and let it load no weights."
            )
            received = Phrase(f"the same values under every seed, e.g. of {drawn[0]}")
            raise FanwiseError("a model whose weights follow the seed", received, hint)


def _values_of(stored: StoredWeight) -> NDArray[Any]:
    """Return some values of a weight."""
    return next((np.array(block) for _, block in stored.blocks(_SEEN)), np.zeros(0))


def _are_equal(values: NDArray[Any], others: NDArray[Any]) -> bool:
    return np.array_equal(values, others, equal_nan=True)


def _looks_drawn(values: NDArray[Any]) -> bool:
    flat = values.reshape(-1).astype(np.float64)
    return flat.size > 1 and bool((flat != flat[0]).any()) and not is_formula(flat)


def _is_of_chance(values: NDArray[Any]) -> bool:
    """Tell whether values are so many of a law that nothing but draws gives them."""
    held = observed_values(values)
    return not held.is_guess and isinstance(held.init, dict) and held.init["scheme"] != "constant"
