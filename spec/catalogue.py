"""The catalogue, read from ``schemes.toml`` and ``schemes/``, and checked when it is loaded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final

from fanwise.spec.entries import Entry
from fanwise.spec.entry_reading import (
    is_one_of,
    is_tables,
    is_text,
    read_entry,
    read_parameter,
    require,
)
from fanwise.spec.own_files import own_text

_TABLES: Final = frozenset({"version", "parameters", "schemes"})
#: Of the catalogue's files, the folder with those of the families.
_FAMILIES: Final = (
    "parameters",
    "general",
    "scale",
    "gates",
    "state_spaces",
    "positions",
    "structured",
    "implicit",
    "adapters",
)


@dataclass(frozen=True)
class Catalogue:
    """All schemes, with the version of the specification that declares them."""

    version: str
    entries: Mapping[str, Entry]


@cache
def catalogue() -> Catalogue:
    """Load the catalogue that comes with the package."""
    import tomllib  # slow to import, and only needed here

    first = tomllib.loads(own_text("fanwise.spec", "schemes.toml"))
    families = {
        name: tomllib.loads(own_text("fanwise.spec", f"schemes/{name}.toml")) for name in _FAMILIES
    }
    return parse(first, families)


def parse(
    data: Mapping[str, Any], families: Mapping[str, Mapping[str, Any]] | None = None
) -> Catalogue:
    """Build a catalogue from its TOML data.

    Args:
        data: the schemes that each family may build on, and the version.
        families: further parameters and schemes, under the names of their families.

    Raises:
        FanwiseError: where the data does not follow the schema.
    """
    known = isinstance(data, Mapping) and set(data) == _TABLES
    require(known, "catalogue", f"the keys {sorted(_TABLES)}")
    require(is_text(data["version"]), "version", "text")
    tables: dict[str, dict[str, Any]] = {"parameters": {}, "schemes": {}}
    family_of: dict[str, str] = {}
    for family, part in {"basic": data, **(families or {})}.items():
        keys = _TABLES if part is data else _TABLES - {"version"}
        require(set(part) <= keys, family, f"the keys {sorted(keys)}")
        for table, rows in tables.items():
            more = part.get(table, {})
            require(is_tables(more), table, "tables under names of their own")
            twice = sorted(set(rows) & set(more))
            require(not twice, " ".join(twice), f"one meaning in {table}")
            rows.update(more)
        family_of |= dict.fromkeys(part.get("schemes", {}), family)
    parameters = {name: read_parameter(name, row) for name, row in tables["parameters"].items()}
    entries = {
        name: replace(read_entry(name, row, parameters), family=family_of[name])
        for name, row in tables["schemes"].items()
    }
    for entry in entries.values():
        if entry.alias_of is not None:
            require(is_one_of(entry.alias_of, entries), entry.name, "an alias of a known scheme")
    return Catalogue(data["version"], entries)
