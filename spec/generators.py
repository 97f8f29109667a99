"""What is declared of each generator beyond the five of version 1.0: all but its code.

The code of a generator of this table is the module of the same name in ``core/generators/``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from fanwise.spec.axes import IN, OUT, RECEPTIVE, Layout


class GeneratorOptions(Protocol):
    """A generator with its options, on one shape; a law is one."""

    @property
    def layout(self) -> Layout:
        """The weight's shape, and how it lies in canonical order."""

    def option(self, key: str) -> Any:
        """Return the value of one of the generator's keys."""


#: A number that follows from the options and the shape.
Measure = Callable[[GeneratorOptions], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredGenerator:
    """A generator as the catalogue may name it.

    Attributes:
        keys: what the distribution of a scheme tells it, beside its kind, and nothing else.
        words: of the keys, those whose values are words of their own rather than numbers.
        random: whether it takes random words.
        exact: whether it gives the same bits everywhere; if not, 1e-12 as ``orthogonal`` does.
        largest: the largest magnitude that an element may have, or a bound of it; None where the
            weight itself has to be made to tell.
        moments: the mean and the mean square of all elements, over the weights that come out;
            None where they are not known before.
    """

    keys: frozenset[str]
    words: frozenset[str] = frozenset()
    random: bool
    exact: bool
    largest: Measure | None = None
    moments: Callable[[GeneratorOptions], tuple[float, float]] | None = None


def rows(layout: Layout) -> int:
    """Count the rows of the matrices that a weight is in canonical order."""
    return layout.extent(RECEPTIVE) * layout.extent(IN)


def columns(layout: Layout) -> int:
    """Count their columns."""
    return layout.extent(OUT)


def hadamard_order(size: int) -> int:
    """Return the smallest power of two that is no smaller than a size."""
    return 1 << max(size - 1, 0).bit_length()


def hadamard_entry(law: GeneratorOptions) -> float:
    """Return the magnitude of the entries of a Hadamard matrix: gain / sqrt(order)."""
    order = hadamard_order(max(rows(law.layout), columns(law.layout)))
    return float(law.option("gain")) / math.sqrt(order)


def hadamard_sum(law: GeneratorOptions) -> int:
    """Add up a Hadamard matrix of ones and minus ones, as far as a weight shows it."""
    first, second = sorted((rows(law.layout), columns(law.layout)))
    # The sum of the first n columns of row i is 0 from a power of two on that i is a multiple of.
    return sum(_row_sum(row, second) for row in range(first))


def _row_sum(row: int, size: int) -> int:
    """Add up (-1)^popcount(row & column) over the first columns."""
    total, sign, whole = 0, 1, size
    while whole:
        bit = 1 << (whole.bit_length() - 1)
        # Columns 0 … bit - 1 of what is left: they cancel unless row has none of their bits.
        if not row & (bit - 1):
            total += sign * bit
        sign = -sign if row & bit else sign
        whole -= bit
    return total


def _hadamard_moments(law: GeneratorOptions) -> tuple[float, float]:
    elements, entry = rows(law.layout) * columns(law.layout), hadamard_entry(law)
    return entry * hadamard_sum(law) / max(elements, 1), entry * entry


#: Every generator by its name, as ``distribution.kind`` writes it.
GENERATORS: Final[Mapping[str, DeclaredGenerator]] = {
    "hadamard": DeclaredGenerator(
        keys=frozenset({"gain"}),
        random=False,
        exact=True,
        largest=hadamard_entry,
        moments=_hadamard_moments,
    ),
}
