"""What a generator is given: its options on a shape, and the random numbers of its stream."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from fanwise.spec.generator_options import GeneratorOptions
from fanwise.spec.laws import ElementLaw

#: Elements in canonical order, or numbers that they are made of.
Reals = NDArray[np.float64]


class Draws(Protocol):
    """Random numbers of the weight's stream; those of each purpose are independent."""

    @property
    def shared(self) -> Draws:
        """The same on the path that the members of a joint scheme share."""

    def normal(self, shape: tuple[int, ...], purpose: str = "") -> Reals:
        """Return standard normals: SPEC.md 8.2's integers times 2^-28."""

    def uniform(self, shape: tuple[int, ...], purpose: str = "") -> Reals:
        """Return numbers in (0, 1): (odd + 2^24) / 2^25 of SPEC.md 8.1's odd."""

    def words(self, shape: tuple[int, ...], purpose: str = "") -> NDArray[np.uint32]:
        """Return the words themselves."""

    def elements(self, law: ElementLaw, shape: tuple[int, ...]) -> Reals:
        """Return the elements of a law, in float64."""


class Maker(Protocol):
    """What makes the weights of a generator; a module is one."""

    def check(self, law: GeneratorOptions, /) -> None:
        """Raise where the generator has no meaning on the shape."""

    def make(self, law: GeneratorOptions, draws: Draws, /) -> NDArray[Any]:
        """Return the whole weight, float64, of shape ``law.layout.canonical``."""
