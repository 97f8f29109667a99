"""Recipes: which there are, and what one says."""

from __future__ import annotations

import sys
from importlib import resources
from typing import Annotated

import typer

from fanwise.commands.completions import complete_recipe
from fanwise.commands.console import console, is_terminal, print_json, table
from fanwise.commands.options import JsonFlag, VarOption, read_variables
from fanwise.spec.errors import printable


def recipes(*, json: JsonFlag = False) -> None:
    """List the recipes that come with Fanwise: what each starts, and by whom.

    Examples:
        $ fanwise recipes
    """
    from fanwise.spec.recipe import recipe as read
    from fanwise.spec.recipe_sources import shipped

    known = {name: read(name) for name in shipped()}
    if json:
        rows = [
            {
                "name": name,
                "summary": chosen.summary,
                "reference": chosen.reference,
                "extends": list(chosen.extends),
                "frameworks": sorted(chosen.names),
                "variables": dict(chosen.variables),
            }
            for name, chosen in known.items()
        ]
        print_json({"recipes": rows})
        return
    lines = table("recipe", "what it starts", "first source")
    for name, chosen in known.items():
        lines.add_row(name, chosen.summary, chosen.reference.partition("; ")[0].rstrip("."))
    console().print(lines)


def recipe(
    source: Annotated[
        str,
        typer.Argument(
            metavar="NAME_OR_FILE",
            help="One that comes with Fanwise, or a file that ends in .toml.",
            autocompletion=complete_recipe,
        ),
    ],
    *,
    flat: Annotated[
        bool, typer.Option("--flat", help="With all that it extends, in one piece.")
    ] = False,
    var: VarOption = None,
    json: JsonFlag = False,
) -> None:
    """Print a recipe as TOML: its rules, and its names of each framework's weights.

    With --var and --json it is printed as with --flat.

    Examples:
        $ fanwise recipe gpt2
        $ fanwise recipe gemma --flat > mine.toml
        $ fanwise recipe gpt2 --var layers=24
    """
    from fanwise.spec.recipe import recipe as read

    variables = read_variables(var)
    chosen = read(source).with_vars(**variables)
    if json:
        extends = list(chosen.extends)
        print_json({"name": chosen.source, "extends": extends, "recipe": chosen.to_dict()})
        return
    text = chosen.to_toml() if flat or variables else _text_of(source)
    if is_terminal(sys.stdout):
        # A file may be anyone's: a terminal is to show its letters, not to obey them.
        text = "\n".join(map(printable, text.expandtabs().split("\n")))
    sys.stdout.write(text if text.endswith("\n") else f"{text}\n")


def _text_of(source: str) -> str:
    """Return the text of a recipe that has been read, as its author wrote it."""
    from fanwise.spec.documents import read_text

    if "\n" in source:
        return source
    if source.endswith(".toml"):
        return read_text(source, "a recipe")
    file = resources.files("fanwise.spec").joinpath("recipes", f"{source}.toml")
    return file.read_text("utf-8")
