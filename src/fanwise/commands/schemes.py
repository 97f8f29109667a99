"""What there is to draw by."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Annotated, Any

import typer

from fanwise.commands.completions import complete_scheme
from fanwise.commands.console import console, print_json, table
from fanwise.commands.options import JsonFlag
from fanwise.spec.catalogue import catalogue
from fanwise.spec.entries import Entry
from fanwise.spec.errors import FanwiseError, did_you_mean
from fanwise.spec.registry import SYNONYMS


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
    json: JsonFlag = False,
) -> None:
    """List the schemes: their names, and what is drawn by each.

    Examples:
        $ fanwise schemes
        $ fanwise schemes 'he_*'
    """
    entries = _matching(pattern)
    if json:
        print_json({"schemes": [_data(entry) for entry in entries]})
        return
    lines = table("scheme", "what is drawn")
    for entry in entries:
        lines.add_row(entry.name, entry.summary)
    console().print(lines)


def _matching(pattern: str) -> list[Entry]:
    entries = catalogue().entries
    glob = pattern if any(letter in pattern for letter in "*?[") else f"*{pattern}*"
    fitting = [entry for name, entry in entries.items() if fnmatchcase(name, glob)]
    if not fitting:
        hint = did_you_mean(pattern, entries, SYNONYMS)
        raise FanwiseError("a pattern of the names of schemes", pattern, hint)
    return fitting


def _data(entry: Entry) -> dict[str, Any]:
    return {
        "name": entry.name,
        "summary": entry.summary,
        "reference": entry.reference,
        "structured": entry.structured,
        "counts_fans": entry.uses_fan,
        "parameters": {
            name: {
                "kind": parameter.kind,
                "summary": parameter.summary,
                "default": parameter.default,
                "bounds": parameter.bounds,
            }
            for name, parameter in entry.parameters.items()
        },
    }
