"""The catalogue, read from ``schemes.toml`` and ``schemes/``, and checked when it is read.

Most programs ask for a few schemes of ``schemes.toml``. The files of the families, which are ten
times as long, are read when a scheme of them is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
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
    with_members,
)
from fanwise.spec.own_files import own_text

_TABLES: Final = frozenset({"version", "parameters", "schemes"})
#: The family of ``schemes.toml``.
_BASIC: Final = "basic"
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


#: How a family's file begins the table of a scheme.
_HEADER: Final = re.compile(r"^\[schemes\.(\w+)\]$", re.MULTILINE)


@dataclass(frozen=True)
class Catalogue:
    """All schemes, with the version of the specification that declares them.

    Attributes:
        version: of the specification, *major.minor*.
        basic: the schemes that every program may need, by their names.
        entries: all schemes.
    """

    version: str
    basic: Mapping[str, Entry]
    entries: Mapping[str, Entry]


@cache
def catalogue() -> Catalogue:
    """Load the catalogue that comes with the package."""
    data = _read("schemes.toml")
    basic = parse(data).entries
    return Catalogue(data["version"], basic, _Entries(basic))


class _Entries(Mapping[str, Entry]):
    """All entries, of which the basic ones are read, and of the others the names."""

    def __init__(self, basic: Mapping[str, Entry]) -> None:
        self._basic = basic

    def __getitem__(self, name: str) -> Entry:
        return self._basic[name] if name in self._basic else _whole()[name]

    def __contains__(self, name: object) -> bool:
        return name in self._basic or name in _later_names()

    def __iter__(self) -> Iterator[str]:
        return iter((*self._basic, *_later_names()))

    def __len__(self) -> int:
        return len(self._basic) + len(_later_names())


@cache
def _later_names() -> Mapping[str, None]:
    """Return the names of the schemes of the families, without all that is said of them."""
    texts = (own_text("fanwise.spec", f"schemes/{family}.toml") for family in _FAMILIES)
    return dict.fromkeys(name for text in texts for name in _HEADER.findall(text))


@cache
def _whole() -> Mapping[str, Entry]:
    families = {family: _read(f"schemes/{family}.toml") for family in _FAMILIES}
    return parse(_read("schemes.toml"), families).entries


@cache
def _read(name: str) -> dict[str, Any]:
    import tomllib  # slow to import, and only needed here

    return tomllib.loads(own_text("fanwise.spec", name))


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
    for family, part in {_BASIC: data, **(families or {})}.items():
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
        for name, row in with_members(tables["schemes"]).items()
    }
    for entry in entries.values():
        if entry.alias_of is not None:
            require(is_one_of(entry.alias_of, entries), entry.name, "an alias of a known scheme")
    basic = {name: entry for name, entry in entries.items() if entry.family == _BASIC}
    return Catalogue(data["version"], basic, entries)
