"""The page of the command line: every command with its help, by Typer."""

from __future__ import annotations

import re
from typing import Final

import typer
from typer.cli import get_docs_for_click
from typer.core import TyperGroup
from typer.main import get_command

from fanwise.__main__ import app

HEAD: Final = """\
# Command line

What each command says of itself with `--help`. `python -m fanwise` is the same as `fanwise`; both
come with the extra `cli`.

| command | does |
| --- | --- |
"""
#: Calls that a help text ends with, in a line or several.
EXAMPLES: Final = re.compile(r"^Examples?:((?:\s+(?:\$ )?fanwise .*)+)$", re.MULTILINE)


def page() -> str:
    """Return the text of the page."""
    group = get_command(app)
    assert isinstance(group, TyperGroup)
    context = typer.Context(group, info_name="fanwise")
    rows, parts = [], []
    for name, command in group.commands.items():
        does = (command.help or "").partition("\n\n")[0].replace("\n", " ")
        rows.append(f"| [`{name}`](#fanwise-{name}) | {does} |\n")
        text = get_docs_for_click(obj=command, ctx=context, indent=1, call_prefix="fanwise")
        parts.append(EXAMPLES.sub(_console, text))
    return HEAD + "".join(rows) + "\n" + "\n".join(parts)


def _console(examples: re.Match[str]) -> str:
    calls = (line.strip().removeprefix("$ ") for line in examples[1].strip().splitlines())
    return "\n".join(["**For example**:\n", "```console", *(f"$ {call}" for call in calls), "```"])
