"""Adapters by name, from the entry points of the group ``fanwise.adapters``."""

from __future__ import annotations

from importlib.metadata import EntryPoint, entry_points
from typing import Any, Final

from fanwise.adapters.protocol import Adapter
from fanwise.adapters.validation import checked
from fanwise.spec.errors import FanwiseError, Phrase, did_you_mean

GROUP: Final = "fanwise.adapters"


def names() -> tuple[str, ...]:
    """Name the adapters that are registered; their frameworks need not be installed."""
    return tuple(sorted(entry.name for entry in entry_points(group=GROUP)))


def load(name: str) -> Adapter:
    """Load an adapter, and with it its framework.

    Raises:
        FanwiseError: if no such adapter is registered, or several are; if its framework is
            missing; if it is not what the protocol asks for.
    """
    entries = [entry for entry in entry_points(group=GROUP) if entry.name == name]
    if not entries:
        raise FanwiseError("a registered adapter", name, did_you_mean(name, names()))
    if len(entries) > 1:
        several = Phrase(", ".join(f"{entry.value} of {_owner(entry)}" for entry in entries))
        hint = "Uninstall all but one of them."
        raise FanwiseError(f"one adapter of the name {name!r}", several, hint)
    (entry,) = entries
    return checked(_call_factory(entry), f"{entry.value} of {_owner(entry)}")


def _call_factory(entry: EntryPoint) -> Any:
    """Call the entry point's function. Its own errors come out as they are."""
    try:
        factory = entry.load()
    except ImportError as error:
        is_ours = _owner(entry) == "fanwise"
        hint = f"Install it, e.g. pip install 'fanwise[{entry.name}]'." if is_ours else (
            f"Install what {_owner(entry)} needs, or correct its entry point."
        )  # fmt: skip
        hint += f" The import of {entry.value} said: {error}"
        raise FanwiseError("an installed framework", entry.name, hint) from error
    except AttributeError as error:
        hint = f"Correct the entry point of {_owner(entry)}. The import said: {error}"
        raise FanwiseError(f"a function at {entry.value}", Phrase("none"), hint) from error
    if not callable(factory):
        hint = "Let the entry point name a function without arguments that returns the adapter."
        raise FanwiseError(f"a function at {entry.value}", factory, hint)
    return factory()


def _owner(entry: EntryPoint) -> str:
    """Return the distribution that declares an entry point."""
    return entry.dist.name if entry.dist is not None else "an unknown distribution"
