"""The adapters that are registered, and what each needs."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from fanwise.commands.console import console, print_json, table
from fanwise.commands.options import JsonFlag
from fanwise.commands.progress import progress
from fanwise.spec.errors import printable

if TYPE_CHECKING:
    from fanwise.adapters.discovery import RegisteredAdapter


def adapters(*, json: JsonFlag = False) -> None:
    """List the adapters that are registered, of Fanwise and of others, and what each needs.

    Example: fanwise adapters
    """
    from fanwise.adapters.discovery import names, registered

    listed: list[RegisteredAdapter] = []
    with progress("adapters") as tick:
        every = names()
        for number, name in enumerate(every):
            tick(number, len(every), f"importing {name}")
            listed += registered(name)
    if json:
        print_json({"adapters": [asdict(adapter) for adapter in listed]})
    else:
        _print_adapters(listed)


def _print_adapters(listed: list[RegisteredAdapter]) -> None:
    from rich.text import Text

    screen = console()
    lined = table("adapter", "of", "judges", "devices")
    for adapter in listed:
        versions = ", ".join(f"{name} {version}" for name, version in adapter.versions.items())
        judged = Text(printable(versions)) if adapter.is_there else Text("not there", "yellow")
        owner = f"{adapter.package} {adapter.version}".strip()
        devices = ", ".join(adapter.devices)
        lined.add_row(*map(Text, map(printable, (adapter.name, owner))), judged, devices or "-")
    screen.print(lined)
    for adapter in listed:
        if not adapter.is_there:
            screen.print(Text(printable(f"{adapter.name}: {adapter.why}"), "yellow"))
            screen.print(Text(printable(f"    {adapter.install}")), soft_wrap=True)
