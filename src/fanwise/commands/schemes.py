"""What there is to draw by, and which of it fits what someone has."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase
from typing import Annotated

import typer
from rich.text import Text

from fanwise.commands.arguments import shape_of
from fanwise.commands.completions import complete_scheme, complete_word
from fanwise.commands.console import console, print_json, table
from fanwise.commands.options import JsonFlag
from fanwise.commands.scheme_data import data_of
from fanwise.spec.catalogue import catalogue
from fanwise.spec.entries import Entry
from fanwise.spec.errors import FanwiseError
from fanwise.spec.gallery_entries import families
from fanwise.spec.registry import unknown_scheme


def schemes(
    pattern: Annotated[
        str,
        typer.Argument(
            metavar="[PATTERN]",
            help="Of names: 'he_*', or a part of them.",
            autocompletion=complete_scheme,
            show_default=False,
        ),
    ] = "*",
    *,
    search: Annotated[
        str | None,
        typer.Option(metavar="WORDS", help="What you have, in your words, or a name to look for."),
    ] = None,
    role: Annotated[
        str | None,
        typer.Option(
            metavar="ROLE",
            help="Of the weight: mlp.down, embedding or bias, say.",
            autocompletion=complete_word("role"),
        ),
    ] = None,
    architecture: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Of the model: transformer, cnn or state_space, say.",
            autocompletion=complete_word("architecture"),
        ),
    ] = None,
    activation: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="That follows: relu, tanh or swiglu, say.",
            autocompletion=complete_word("activation"),
        ),
    ] = None,
    shape: Annotated[
        str | None, typer.Option(metavar="SHAPE", help="Of the weight, e.g. 4096,11008.")
    ] = None,
    layers: Annotated[
        int | None, typer.Option(metavar="LAYERS", min=1, help="How deep the model is.")
    ] = None,
    json: JsonFlag = False,
) -> None:
    """List the schemes, family by family; or find those for what you have.

    Examples:
        $ fanwise schemes
        $ fanwise schemes 'he_*'
        $ fanwise schemes --search "a SwiGLU block of depth 32"
        $ fanwise schemes --role embedding --architecture transformer
    """
    entries = _matching(pattern)
    asked = {"role": role, "architecture": architecture, "activation": activation}
    if search is None and shape is None and layers is None and not any(asked.values()):
        _list(entries, json=json)
        return
    from fanwise.commands.found_schemes import print_found
    from fanwise.commands.search_words import wanted_of

    wanted = wanted_of(search, asked, layers)
    on = shape or wanted.shape
    sizes = None if on is None else shape_of(on)
    print_found(wanted, sizes, {entry.name for entry in entries}, json=json)


def _list(entries: Iterable[Entry], *, json: bool) -> None:
    listed = {entry.name: entry for entry in entries}
    if json:
        print_json({"schemes": [data_of(entry) for entry in listed.values()]})
        return
    screen, width = console(), max(map(len, listed))
    for family in families():
        of_family = [listed[name] for name in family.entries if name in listed]
        if of_family:
            screen.print(Text(family.title, "bold cyan"))
            lines = table("scheme", "what is drawn")
            lines.columns[0].min_width = width
            for entry in of_family:
                lines.add_row(entry.name, entry.summary)
            screen.print(lines)
            screen.print()


def _matching(pattern: str) -> list[Entry]:
    entries = catalogue().entries
    glob = pattern if any(letter in pattern for letter in "*?[") else f"*{pattern}*"
    fitting = [entry for name, entry in entries.items() if fnmatchcase(name, glob)]
    if not fitting:
        hint = unknown_scheme(pattern, entries)
        hint = f"{hint} To look for anything else, pass --search.".strip()
        raise FanwiseError("a pattern of the names of schemes", pattern, hint)
    return fitting
