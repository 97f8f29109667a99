"""Adapters by name, from the entry points of the group ``fanwise.adapters``."""

from __future__ import annotations

from importlib.metadata import entry_points
from typing import Final

from fanwise.adapters.protocol import Adapter, AdapterFactory
from fanwise.spec.errors import FanwiseError, did_you_mean

GROUP: Final = "fanwise.adapters"


def names() -> tuple[str, ...]:
    """The adapters that are registered; their frameworks need not be installed."""
    return tuple(sorted(entry.name for entry in entry_points(group=GROUP)))


def load(name: str) -> Adapter:
    """Load an adapter, and with it its framework.

    Raises:
        FanwiseError: if no such adapter is registered, or its framework is missing.
    """
    found = [entry for entry in entry_points(group=GROUP) if entry.name == name]
    if not found:
        raise FanwiseError("a registered adapter", name, did_you_mean(name, names()))
    try:
        factory: AdapterFactory = found[0].load()
    except ImportError as error:
        do = f"Install it, e.g. pip install 'fanwise[{name}]'. The import said: {error}"
        raise FanwiseError("an installed framework", name, do) from error
    return factory()
