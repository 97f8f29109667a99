"""The gallery: what each scheme is for, in words for readers. Nothing that is drawn needs it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources
from typing import Any, Final

from fanwise.spec.catalogue import catalogue
from fanwise.spec.errors import FanwiseError, did_you_mean
from fanwise.spec.forms import DataForm
from fanwise.spec.own_files import own_text

FORM: Final = DataForm.of_file("the gallery", "fanwise.spec", "gallery.schema.json")
_FAMILY: Final = replace(FORM, part="family")
#: The file of the families; each of the others is one of them.
_FAMILIES: Final = "families"


@dataclass(frozen=True, kw_only=True)
class GalleryEntry:
    """What is said of a scheme.

    Attributes:
        name: the catalogue's.
        title: what people call it.
        used_for: the weights that start with it, and of which models.
        when, not_when: a sentence each.
        architectures, roles, activations: in the words of the schema; no activation means any.
        formula: the law as papers write it; ``""`` where the catalogue's own says it.
        keywords: what people look for, beside all that: models, papers, functions.
        see_also: names of other schemes.
        departs: where the code of a paper differs from the paper; ``""`` where it does not.
        params: usual values of parameters whose defaults nobody wants, beside the catalogue's
            example.
    """

    name: str
    title: str
    used_for: str
    when: str
    not_when: str
    architectures: tuple[str, ...]
    roles: tuple[str, ...]
    activations: tuple[str, ...] = ()
    formula: str = ""
    keywords: tuple[str, ...] = ()
    see_also: tuple[str, ...] = ()
    departs: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class SchemeFamily:
    """Schemes that are read about together.

    Attributes:
        name: of its file.
        title, summary: in words.
        entries: by the names of the schemes, in the order of the file.
    """

    name: str
    title: str
    summary: str
    entries: Mapping[str, GalleryEntry]


@cache
def families() -> tuple[SchemeFamily, ...]:
    """Load the gallery that comes with the package, family by family.

    Raises:
        FanwiseError: where it is not that of the catalogue.
    """
    folder = resources.files("fanwise.spec").joinpath("gallery")
    files = sorted(file.name for file in folder.iterdir())
    texts = {name: own_text("fanwise.spec", f"gallery/{name}") for name in files}
    data = {name.removesuffix(".toml"): tomllib.loads(text) for name, text in texts.items()}
    return parse(data, catalogue().entries)


@cache
def gallery() -> Mapping[str, GalleryEntry]:
    """Return what is said of each scheme of the catalogue."""
    return {name: entry for family in families() for name, entry in family.entries.items()}


def words_of(kind: str) -> tuple[str, ...]:
    """Return the words that entries may use.

    Args:
        kind: ``"architecture"``, ``"role"`` or ``"activation"``.
    """
    return tuple(FORM.schema["$defs"][kind]["enum"])


def parse(
    data: Mapping[str, Mapping[str, Any]], schemes: Iterable[str]
) -> tuple[SchemeFamily, ...]:
    """Build the families from the data of their files.

    Args:
        data: of each file, by its name; ``"families"`` names the others.
        schemes: what the catalogue declares: each has one entry, and nothing else has.

    Raises:
        FanwiseError: where the data does not follow the schema, or leaves a scheme out.
    """
    heads = data[_FAMILIES]
    for name in data:
        if name not in (_FAMILIES, *heads):
            raise FanwiseError("a family of families.toml", name, did_you_mean(name, heads))
    read = []
    for name, head in heads.items():
        _FAMILY.check(head)
        rows = data.get(name, {})
        FORM.check(rows)
        entries = {scheme: _entry(scheme, row) for scheme, row in rows.items()}
        read.append(SchemeFamily(name=name, entries=entries, **head))
    told = [entry for family in read for entry in family.entries.values()]
    _check_names(told, tuple(schemes))
    return tuple(read)


def _entry(name: str, row: Mapping[str, Any]) -> GalleryEntry:
    lists = {key: tuple(value) for key, value in row.items() if isinstance(value, list)}
    return GalleryEntry(name=name, **{**row, **lists})


def _check_names(entries: Iterable[GalleryEntry], schemes: tuple[str, ...]) -> None:
    """Raise where the entries are not those of the schemes, or name another that there is not."""
    seen: set[str] = set()
    for entry in entries:
        for named in (entry.name, *entry.see_also):
            if named not in schemes:
                context = f"The gallery's {entry.name}"
                raise FanwiseError("a scheme", named, did_you_mean(named, schemes), context=context)
        if entry.name in seen:
            raise FanwiseError("one entry of the gallery", entry.name, "Leave the second out.")
        seen.add(entry.name)
    if missing := [name for name in schemes if name not in seen]:
        hint = "Write what it is for into the file of its family, in spec/gallery."
        raise FanwiseError("an entry of the gallery for each scheme", ", ".join(missing), hint)
