"""Bilinear kernels: the tent along each receptive axis, and what its elements come to."""

from __future__ import annotations

import math

from fanwise.spec.generator_options import GeneratorOptions, field, matrix_size


def tent(size: int) -> tuple[float, ...]:
    """Return the weights along one axis: 1 - |i - c| / f, of f = ⌈size / 2⌉ and c = (size - 1) / 2.

    An odd size has its peak on an element, an even one between two.
    """
    factor = (size + 1) // 2
    return tuple(1.0 - abs(place - (size - 1) / 2) / factor for place in range(size))


def tent_largest(law: GeneratorOptions) -> float:
    """Return the largest element."""
    return math.prod(max(tent(size), default=0.0) for size in field(law.layout))


def tent_mean(law: GeneratorOptions) -> float:
    """Return the mean of all elements."""
    total = math.prod(math.fsum(tent(size)) for size in field(law.layout))
    return _channels(law) * total / matrix_size(law)


def tent_mean_square(law: GeneratorOptions) -> float:
    """Return the mean square of all elements."""
    total = math.prod(math.fsum(x * x for x in tent(size)) for size in field(law.layout))
    return _channels(law) * total / matrix_size(law)


def _channels(law: GeneratorOptions) -> int:
    """Count the pairs of an input and an output that the kernel joins."""
    groups: int = law.option("groups")
    return groups * min(law.layout.group_extents(groups))
