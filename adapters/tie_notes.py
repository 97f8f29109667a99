"""Tensors that a model has at several paths, told in lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from fanwise.spec.weight_groups import listed_alike


class WithTies(Protocol):
    """A row of a table about a weight."""

    @property
    def path(self) -> str:
        """The first path of the weight, by which it is set."""
        ...

    @property
    def ties(self) -> tuple[str, ...]:
        """The other paths at which the model has it."""
        ...


def tie_notes(rows: Iterable[WithTies]) -> Iterator[str]:
    """Give a line for every weight that has other paths too."""
    for row in rows:
        if row.ties:
            verb = "share" if len(row.ties) > 1 else "shares"
            yield f"tied: {listed_alike(row.ties)} {verb} the tensor of {row.path}"
