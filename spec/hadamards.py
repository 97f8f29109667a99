"""Hadamard matrices in numbers: their order, the magnitude of their entries, and their sums."""

from __future__ import annotations

import math

from fanwise.spec.axes import IN, OUT
from fanwise.spec.generator_options import GeneratorOptions, columns, matrix_size, rows


def hadamard_order(size: int) -> int:
    """Return the smallest power of two that is no smaller than a size."""
    return 1 << max(size - 1, 0).bit_length()


def hadamard_sum(inputs: int, outputs: int) -> int:
    """Add up the upper left part of a Hadamard matrix of ones and minus ones."""
    first, second = sorted((inputs, outputs))
    return sum(_row_sum(row, second) for row in range(first))


def _row_sum(row: int, size: int) -> int:
    """Add up (-1)^popcount(row & column) over the first columns."""
    total, sign, whole = 0, 1, size
    while whole:
        bit = 1 << (whole.bit_length() - 1)
        # Of what is left, columns 0 … bit - 1 cancel unless row has none of their bits.
        if not row & (bit - 1):
            total += sign * bit
        sign = -sign if row & bit else sign
        whole -= bit
    return total


def hadamard_entry(law: GeneratorOptions) -> float:
    """Return the magnitude of the entries of a Hadamard weight: gain / sqrt(order)."""
    order = hadamard_order(max(rows(law.layout), columns(law.layout)))
    return float(law.option("gain")) / math.sqrt(order)


def hadamard_mean(law: GeneratorOptions) -> float:
    """Return the mean of a Hadamard weight."""
    total = hadamard_sum(rows(law.layout), columns(law.layout))
    return hadamard_entry(law) * total / matrix_size(law)


def is_widening(law: GeneratorOptions) -> bool:
    """Tell whether a layer has more outputs than inputs, so that ZerO takes a Hadamard matrix."""
    return law.layout.extent(OUT) > law.layout.extent(IN)


def zero_entry(law: GeneratorOptions) -> float:
    """Return the magnitude of what is not zero in a ZerO weight."""
    return 1.0 / math.sqrt(hadamard_order(columns(law.layout))) if is_widening(law) else 1.0


def zero_mean(law: GeneratorOptions) -> float:
    """Return the mean of a ZerO weight."""
    outputs = columns(law.layout)
    if not is_widening(law):
        return outputs / matrix_size(law)
    return zero_entry(law) * hadamard_sum(law.layout.extent(IN), outputs) / matrix_size(law)


def zero_mean_square(law: GeneratorOptions) -> float:
    """Return the mean square of a ZerO weight."""
    outputs = columns(law.layout)
    if not is_widening(law):
        return outputs / matrix_size(law)
    return zero_entry(law) ** 2 * law.layout.extent(IN) * outputs / matrix_size(law)
