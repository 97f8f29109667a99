"""Recipes that build on others: what ``extends`` names, read and merged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from fanwise.spec.errors import FanwiseError, Phrase
from fanwise.spec.recipe_sources import data_of, shipped

Data = Mapping[str, Any]


def merged_data(source: object) -> tuple[Data, tuple[Data, ...]]:
    """Read the data of a recipe, and those of all that it extends.

    Args:
        source: as :func:`fanwise.recipe` takes it.

    Returns:
        The recipe's own data; and of its bases the data, each before those that it extends itself.

    Raises:
        FanwiseError: for what does not follow the form, and for recipes that extend themselves.
    """
    data = data_of(source)
    return data, tuple(_bases(data, _folder_of(source), (_name_of(source),)))


def _bases(data: Data, folder: Path, way: Sequence[str]) -> Iterable[Data]:
    given = data.get("extends", ())
    for name in (given,) if isinstance(given, str) else given:
        source = _located(name, folder)
        key = str(source)
        if key in way:
            circle = Phrase(" → ".join([*way[way.index(key) :], key]))
            expected = "recipes that do not extend themselves"
            raise FanwiseError(expected, circle, "Break the circle.")
        try:
            base = data_of(source)
        except FanwiseError as error:
            raise error.within(f"{name!r} cannot be extended") from error
        yield base
        yield from _bases(base, _folder_of(source), (*way, key))


def _located(name: str, folder: Path) -> str | Path:
    """Return the name of one that comes with Fanwise, or the path of a file beside this one."""
    if "\n" in name:
        hint = "Write the name of one that comes with Fanwise, or the path of a TOML file."
        raise FanwiseError("the name or the path of a recipe in extends", name, hint)
    return (folder / name).resolve() if name.endswith(".toml") else name


def _name_of(source: object) -> str:
    """Return what a recipe is called in a chain of recipes."""
    if isinstance(source, str) and (source in shipped() or "\n" in source):
        return source if source in shipped() else "this recipe"
    return str(Path(source).resolve()) if isinstance(source, str | Path) else "this recipe"


def _folder_of(source: object) -> Path:
    """Return the folder to which paths in a recipe are relative: that of its file."""
    if isinstance(source, str) and source.endswith(".toml") and "\n" not in source:
        source = Path(source)
    return source.parent if isinstance(source, Path) else Path()
