"""What a comparison of small calls is: the cases of each framework are made of these."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class SmallCase:
    """Two calls to compare.

    Attributes:
        name: of the function, with what it is given.
        ours, theirs: Fanwise's and the framework's own.
        weights: how many weights a call sets.
    """

    name: str
    ours: Callable[[], Any]
    theirs: Callable[[], Any]
    weights: int = 1
