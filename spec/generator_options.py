"""What a generator is told: its options, on one shape."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

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


def rows(layout: Layout) -> int:
    """Count the rows of the matrices that a weight is in canonical order."""
    return layout.extent(RECEPTIVE) * layout.extent(IN)


def columns(layout: Layout) -> int:
    """Count their columns."""
    return layout.extent(OUT)


def matrix_size(law: GeneratorOptions) -> int:
    """Count the elements of one of the matrices, or 1 if there are none, to divide by."""
    return max(rows(law.layout) * columns(law.layout), 1)


def field(layout: Layout) -> tuple[int, ...]:
    """Return the sizes of the receptive axes, in canonical order."""
    pairs = zip(layout.canonical, layout.canonical_roles, strict=True)
    return tuple(size for size, role in pairs if role == RECEPTIVE)
