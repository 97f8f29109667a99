"""Recipes that build on others: what ``extends`` names, read and merged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from fanwise.spec.errors import FanwiseError, Phrase, short_repr
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
    """Give what a recipe extends, in order; what is extended twice counts where it is first."""
    waiting = _extended_by(data, folder, way)
    seen: set[str] = set()
    while waiting:
        name, source, way = waiting.pop()
        key = str(source)
        if key in way:
            circle = Phrase(" → ".join([*way[way.index(key) :], key]))
            expected = "recipes that do not extend themselves"
            raise FanwiseError(expected, circle, "Break the circle.")
        if key in seen:
            continue
        seen.add(key)
        try:
            base = data_of(source)
            yield base
            waiting += _extended_by(base, _folder_of(source), (*way, key))
        except FanwiseError as error:
            raise error.within(f"{short_repr(name)} cannot be extended") from error


def _extended_by(
    data: Data, folder: Path, way: Sequence[str]
) -> list[tuple[str, str | Path, Sequence[str]]]:
    """List what a recipe itself extends, the last first: names, sources, the way to them."""
    given = data.get("extends", ())
    names = (given,) if isinstance(given, str) else given
    return [(name, _located(name, folder), way) for name in reversed(names)]


def _located(name: str, folder: Path) -> str | Path:
    """Return the name of one that comes with Fanwise, or the path of a file beside this one."""
    if "\n" in name:
        hint = "Write the name of one that comes with Fanwise, or the path of a TOML file."
        raise FanwiseError("the name or the path of a recipe in extends", name, hint)
    if not name.endswith(".toml"):
        return name
    try:
        return (folder / name).resolve()
    except (OSError, RuntimeError, ValueError) as error:  # a loop of links, NUL, lone surrogates
        raise FanwiseError("the path of a file in extends", name, f"{error}.") from error


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
