"""The example of every scheme: the parameters, the shape and the axes that its entry gives it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from fanwise.adapters.protocol import Draw
from fanwise.spec.catalogue import catalogue
from fanwise.spec.registry import scheme
from fanwise.spec.scheme import Scheme

#: The version of the first schemes.
FIRST: Final = "1.0"
#: The kernel of an example that has no shape of its own, and the seed of all.
_KERNEL: Final = (8, 16)
_SEED: Final = 4000


def examples() -> Iterator[Scheme]:
    """Yield every scheme of the catalogue, with the parameters of its example."""
    for name, entry in catalogue().entries.items():
        yield scheme(name, **entry.example)


def example_of(chosen: Scheme) -> Draw:
    """Return a draw of a scheme on the shape of its example, in its own axes or as a kernel."""
    entry = chosen.entry
    return Draw(chosen, entry.shape or _KERNEL, _SEED, axes=entry.axes or "kernel")
