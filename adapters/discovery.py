"""Adapters by name, from the entry points of the group ``fanwise.adapters``, or from a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Final

from fanwise.adapters.foreign_code import foreign_code
from fanwise.adapters.named_functions import factory_of, users_code
from fanwise.adapters.protocol import Adapter
from fanwise.adapters.validation import checked
from fanwise.spec.errors import FanwiseError, Phrase, did_you_mean

GROUP: Final = "fanwise.adapters"


def names() -> tuple[str, ...]:
    """Name the adapters that are registered; their frameworks need not be installed."""
    return tuple(sorted({entry.name for entry in entry_points(group=GROUP)}))


@dataclass(frozen=True, kw_only=True)
class RegisteredAdapter:
    """An adapter as it is registered, and what of it is there.

    Attributes:
        name: that of its entry point.
        package: the distribution that declares it.
        version: of that distribution.
        target: the function that makes it.
        is_there: whether it could be made.
        adapter: what it calls itself; ``""`` where it is not there.
        versions: of the packages that it judges.
        devices: that it draws on.
        why: what keeps it from being made; ``""`` for nothing.
        install: the command that installs what is missing; ``""`` where none is known.
    """

    name: str
    package: str
    version: str
    target: str
    is_there: bool
    adapter: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)
    devices: tuple[str, ...] = ()
    why: str = ""
    install: str = ""


def registered(name: str) -> tuple[RegisteredAdapter, ...]:
    """Describe the adapters that are registered under a name; their frameworks are imported.

    Args:
        name: of an entry point. Of several that have it, none can be loaded by it.
    """
    return tuple(_described(entry) for entry in entry_points(group=GROUP) if entry.name == name)


def _described(entry: EntryPoint) -> RegisteredAdapter:
    owner = _owner(entry)
    about: dict[str, Any] = {
        "name": entry.name,
        "package": owner,
        "version": "" if entry.dist is None else entry.dist.version,
        "target": entry.value,
    }
    try:
        with foreign_code("an adapter that can be made", f"Correct {entry.value}."):
            loaded = load(entry.name)
            versions, devices = dict(loaded.versions()), tuple(loaded.devices())
    except FanwiseError as error:
        extra = "tensorflow" if entry.name == "keras" else entry.name
        asked = f"fanwise[{extra}]" if owner == "fanwise" else owner
        is_missing = isinstance(error.__cause__, ImportError)
        is_known = is_missing and entry.dist is not None
        return RegisteredAdapter(
            **about,
            is_there=False,
            why=str(error.__cause__ if is_missing else error),
            install=f"pip install '{asked}'" if is_known else "",
        )
    return RegisteredAdapter(
        **about, is_there=True, adapter=loaded.name, versions=versions, devices=devices
    )


def check_name(name: str) -> None:
    """Check that a name is one of an entry point, or of a function: nothing is imported.

    Raises:
        FanwiseError: if it is neither.
    """
    if ":" not in name and name not in names():
        hint = did_you_mean(name, names()) or "One of a file is named so: my_adapter.py:adapter."
        raise FanwiseError("a registered adapter", name, hint)


def load(name: str) -> Adapter:
    """Load an adapter, and with it its framework.

    Args:
        name: of an entry point; or ``"folder/file.py:function"`` or ``"package.module:function"``,
            a function without arguments, or a class, that makes it.

    Raises:
        FanwiseError: if no such adapter is registered, or several are; if its framework is
            missing; if it is not what the protocol asks for.
    """
    return checked(*made(name))


def made(name: str) -> tuple[Any, str]:
    """Make an adapter without asking it anything, and say what made it.

    A framework that runs in several processes may have to join them before it is asked for its
    devices, as :func:`load` does.

    Raises:
        FanwiseError: as :func:`load` does, but for what the adapter itself is.
    """
    check_name(name)
    if ":" in name:
        factory = factory_of(name)
        with users_code(f"an adapter that {name} makes", "Call it by itself to see why."):
            return factory(), name
    entries = [entry for entry in entry_points(group=GROUP) if entry.name == name]
    if len(entries) > 1:
        several = Phrase(", ".join(f"{entry.value} of {_owner(entry)}" for entry in entries))
        hint = "Uninstall all but one of them."
        raise FanwiseError(f"one adapter of the name {name!r}", several, hint)
    (entry,) = entries
    return _call_factory(entry), f"{entry.value} of {_owner(entry)}"


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
