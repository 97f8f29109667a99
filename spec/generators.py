"""What the generators of weights are told, and what is known of the weights before they are made.

A generator makes a whole weight at once. How, is the core's: :mod:`fanwise.core.generators` has a
module for each that is not one of SPEC.md, sections 10.2 to 10.6.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from fanwise.spec.laws import StructuredLaw


@dataclass(frozen=True, slots=True)
class Declaration:
    """A generator as the catalogue may name it.

    Attributes:
        keys: what the distribution of a scheme tells it, and nothing else.
        random: whether it takes random words.
        largest: the largest magnitude that an element may have; None where the weight itself
            has to be made to tell.
        moments: the mean and the mean square of all elements, over the weights that come out;
            None where they are not known before.
        words: of the keys, those whose values are words of their own rather than numbers.
    """

    keys: frozenset[str]
    random: bool
    largest: Callable[[StructuredLaw], float] | None = None
    moments: Callable[[StructuredLaw], tuple[float, float]] | None = None
    words: frozenset[str] = frozenset()


#: The generators by their names.
GENERATORS: Final[Mapping[str, Declaration]] = {}
