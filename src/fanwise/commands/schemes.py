"""What there is to draw by."""

from __future__ import annotations

from rich.markup import escape as escape_markup
from rich.table import Table

from fanwise.commands.console import console
from fanwise.spec import catalogue


def schemes() -> None:
    """List the schemes of the catalogue."""
    table = Table("scheme", "meaning", "parameters", "reference")
    for entry in catalogue().entries.values():
        parameters = ", ".join(f"{p.name}={p.default!r}" for p in entry.parameters.values())
        cells = (entry.name, entry.summary, parameters, entry.reference)
        table.add_row(*map(escape_markup, cells))
    console().print(table)
