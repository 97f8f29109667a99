"""What is declared of each generator beyond the five of version 1.0: all but its code.

The code of a generator of this table is the module of the same name in ``core/generators/``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from fanwise.spec.generator_options import GeneratorOptions as GeneratorOptions  # noqa: PLC0414
from fanwise.spec.generator_options import columns as columns  # noqa: PLC0414
from fanwise.spec.generator_options import rows as rows  # noqa: PLC0414
from fanwise.spec.parameters import flat
from fanwise.spec.random_measures import (
    base_largest,
    lora_largest,
    mimetic_largest,
    mimetic_mean_square,
    spline_largest,
    spline_mean_square,
)
from fanwise.spec.sparsities import LARGEST_RATIO, connected_share

#: A number that follows from the options and the shape.
Measure = Callable[[GeneratorOptions], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredGenerator:
    """One generator.

    Attributes:
        keys: what its distribution must say, beside its kind.
        random: whether it takes random words.
        exact: whether it gives the same bits everywhere; if not, 1e-12 as ``orthogonal`` does.
        words: of the keys, those whose values are words, not numbers.
        largest: the largest magnitude that an element can have, or a bound of it.
        mean, mean_square: of all elements, over the weights that can come out.
    """

    keys: frozenset[str]
    random: bool
    exact: bool
    largest: Measure
    mean: Measure
    mean_square: Measure
    words: frozenset[str] = frozenset()


def mean_of(numbers: Iterable[float]) -> float:
    """Return the mean of numbers."""
    listed = list(numbers)
    return math.fsum(listed) / len(listed)


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


def _matrix(law: GeneratorOptions) -> int:
    return rows(law.layout) * columns(law.layout)


#: Every generator by its name, as ``distribution.kind`` writes it.
GENERATORS: Final[Mapping[str, DeclaredGenerator]] = {
    "given": DeclaredGenerator(
        keys=frozenset({"values"}),
        random=False,
        exact=True,
        largest=lambda law: max(map(abs, flat(law.option("values")))),
        mean=lambda law: mean_of(flat(law.option("values"))),
        mean_square=lambda law: mean_of(x * x for x in flat(law.option("values"))),
    ),
    "hadamard": DeclaredGenerator(
        keys=frozenset({"gain"}),
        random=False,
        exact=True,
        largest=hadamard_entry,
        mean=lambda law: hadamard_entry(law) * hadamard_sum(law) / max(_matrix(law), 1),
        mean_square=lambda law: hadamard_entry(law) ** 2,
    ),
    "erdos_renyi": DeclaredGenerator(
        keys=frozenset({"epsilon", "elements", "std"}),
        random=True,
        exact=True,
        words=frozenset({"elements"}),
        largest=base_largest,
        mean=lambda _: 0.0,
        mean_square=lambda law: law.option("std") ** 2 * connected_share(law),
    ),
    "reservoir": DeclaredGenerator(
        keys=frozenset({"radius", "sparsity", "elements"}),
        random=True,
        exact=False,
        words=frozenset({"elements"}),
        largest=lambda law: law.option("radius") * LARGEST_RATIO,
        mean=lambda _: 0.0,
        # By the circular law, for large ones.
        mean_square=lambda law: law.option("radius") ** 2 / max(rows(law.layout), 1),
    ),
    "kan_spline": DeclaredGenerator(
        keys=frozenset({"order", "noise", "gain"}),
        random=True,
        exact=True,
        largest=spline_largest,
        mean=lambda _: 0.0,
        mean_square=spline_mean_square,
    ),
    "lora_orthogonal": DeclaredGenerator(
        keys=frozenset({"member", "gain"}),
        random=True,
        exact=False,
        words=frozenset({"member"}),
        largest=lora_largest,
        mean=lambda _: 0.0,
        mean_square=lambda law: law.option("gain") ** 2 / 2.0,
    ),
    "mimetic": DeclaredGenerator(
        keys=frozenset({"member", "heads", "alpha", "beta"}),
        random=True,
        exact=False,
        words=frozenset({"member"}),
        largest=mimetic_largest,
        mean=lambda _: 0.0,
        mean_square=mimetic_mean_square,
    ),
}
