"""The schemes that fit what someone has, on a page or as data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from rich.padding import Padding
from rich.text import Text

from fanwise.commands.code_lines import scheme_line
from fanwise.commands.console import console, print_json
from fanwise.commands.scheme_data import data_of
from fanwise.commands.scheme_search import FittingScheme, search_schemes
from fanwise.commands.search_words import Wanted
from fanwise.spec.errors import FanwiseError, Phrase
from fanwise.spec.gallery_entries import gallery


def print_found(
    wanted: Wanted, shape: Sequence[int] | None, names: Iterable[str], *, json: bool
) -> None:
    """Print the schemes that fit, the best first, each with its reasons and the line to use.

    Raises:
        FanwiseError: where none fits.
    """
    found = search_schemes(wanted, shape=shape, names=names)
    if not found:
        asked = ", ".join((*wanted.meanings, *wanted.words)) or Phrase("a depth and a shape alone")
        hint = "Say it in other words, or see 'fanwise schemes'."
        raise FanwiseError("something that a scheme is for", asked, hint)
    if json:
        print_json({"schemes": [{**data_of(one.scheme.entry), **_data(one)} for one in found]})
        return
    screen = console()
    for roles, ones in _grouped(found):
        if any(roles):
            screen.print(Text(", ".join(roles), "bold cyan"))
        for one in ones:
            told = gallery()[one.scheme.family]
            screen.print(Text.assemble((one.scheme.name, "bold"), f": {one.scheme.entry.summary}"))
            # Code is copied: it is not broken, however wide.
            screen.print(Text(f"  {scheme_line(one.scheme)}"), soft_wrap=True)
            screen.print(Padding(Text(f"For {told.used_for}."), (0, 0, 0, 2)))
            if reasons := _reasons(one):
                screen.print(Padding(Text(f"Why: {reasons}."), (0, 0, 0, 2)))
        screen.print()
    _print_advice(found[0], shape, screen)


def _grouped(found: Iterable[FittingScheme]) -> Iterator[tuple[list[str], list[FittingScheme]]]:
    """Put roles together that one list of schemes is for."""
    lists = [(role, list(ones)) for role, ones in groupby(found, key=lambda one: one.role)]
    for _, same in groupby(lists, key=lambda pair: [one.scheme for one in pair[1]]):
        pairs = list(same)
        yield [role for role, _ in pairs], pairs[0][1]


def _reasons(one: FittingScheme) -> str:
    # The role stands above.
    reasons = [reason for reason in one.reasons if not reason.startswith("role ")]
    if one.assumed:
        values = ", ".join(f"{name}={value}" for name, value in one.assumed.items())
        reasons.append(f"{values} as an example")
    return "; ".join(reasons)


def _print_advice(best: FittingScheme, shape: Sequence[int] | None, screen: Any) -> None:
    params = "".join(f" {name}={value}" for name, value in best.scheme.to_dict()["params"].items())
    on = "" if shape is None else f" --shape {','.join(map(str, shape))}"
    screen.print("The law, and the line for each framework:", style="cyan")
    screen.print(Text(f"  fanwise show {best.scheme.name}{params}{on}"), soft_wrap=True)


def _data(one: FittingScheme) -> dict[str, Any]:
    return {
        "role": one.role,
        "points": one.points,
        "reasons": list(one.reasons),
        "assumed": dict(one.assumed),
        "code": scheme_line(one.scheme),
    }
