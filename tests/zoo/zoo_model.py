"""A model of the zoo, and the library that it comes from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class ZooModel:
    """A model that the zoo sets.

    Attributes:
        name: as its library calls it, with what tells it from others, e.g. ``"BertModel"``.
        build: builds it under a seed, as a user of the library does, started by the library. It
            returns what the judge of its framework takes.
        recipe: that it is set by; ``""`` for that of its framework, e.g. ``torch_default``.
        variables: of the recipe.
    """

    name: str
    build: Callable[[int], Any]
    recipe: str = ""
    variables: dict[str, Any] = field(default_factory=dict)
