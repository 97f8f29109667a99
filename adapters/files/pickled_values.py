"""What a pickle that is read as data consists of, and what gives its names a meaning."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True)
class Name:
    """A name that a pickle refers to, which is not looked up.

    Attributes:
        module, name: as the pickle has them.
    """

    module: str
    name: str

    def __str__(self) -> str:
        return f"{self.module}.{self.name}"


@dataclass(eq=False)
class Pairs:
    """A dict of a pickle: its keys are not hashed.

    Attributes:
        items: keys and values, each pair of them a tuple; what a call made a dict of may hold
            anything else too.
    """

    items: list[Any] = field(default_factory=list)


@dataclass(eq=False)
class Instance:
    """An object of a class that the reader knows.

    Attributes:
        kind: its class.
        arguments: what it was made of.
        state: what was set on it afterwards.
    """

    kind: str
    arguments: tuple[Any, ...]
    state: Any = None


class Reader(Protocol):
    """What gives a pickle's names a meaning."""

    def call(self, name: Name, arguments: tuple[Any, ...]) -> Any:
        """Return what a call means; raise for a name that is not known."""
        ...

    def refer(self, name: Name) -> Any:
        """Return what a name stands for, the name itself where it will be called."""
        ...

    def persistent(self, key: Any) -> Any:
        """Return what is stored outside the pickle under a key."""
        ...
