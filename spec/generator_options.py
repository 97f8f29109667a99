"""A generator with its options on a shape, and how large its matrices are."""

from __future__ import annotations

from typing import Any, Protocol

from fanwise.spec.axes import IN, OUT, RECEPTIVE, Layout


class GeneratorOptions(Protocol):
    """A generator with its options, on one shape; a law is one."""

    @property
    def layout(self) -> Layout:
        """The weight's shape, and how it lies in canonical order."""

    def option(self, key: str) -> Any:
        """Return the value of one of the generator's keys."""


def rows(layout: Layout) -> int:
    """Count the rows of the matrices that a weight is in canonical order."""
    return layout.extent(RECEPTIVE) * layout.extent(IN)


def columns(layout: Layout) -> int:
    """Count their columns."""
    return layout.extent(OUT)
