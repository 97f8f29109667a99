"""What commands print to: one place for the width of a page, its colours, its tables and JSON."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Mapping
from typing import Any, Final, TextIO

from rich import box
from rich.console import Console
from rich.table import Table

#: The version of what ``--json`` prints, which each of its schemas names.
JSON_FORMAT: Final = 1
#: The width of a page where nobody says how wide it is, and the least that anyone may say.
_WIDTH, _NARROWEST = 80, 20
_WHOLE_NUMBER: Final = re.compile(r"[0-9]{1,6}")
#: What switches colours off in the environment, though it names them.
_OFF: Final = frozenset({"", "0", "false", "no"})


def console(*, stderr: bool = False) -> Console:
    """Return a console as wide as its terminal, or as ``COLUMNS`` says where there is none.

    Args:
        stderr: whether it writes to the standard error, for progress and notes.
    """
    stream = sys.stderr if stderr else sys.stdout
    coloured = is_coloured(stream)
    return Console(
        stderr=stderr,
        width=page_width(stream),
        force_terminal=coloured or is_terminal(stream),
        color_system="standard" if coloured else None,
        no_color=not coloured,
        # Names and numbers are shown as they are written, none of them lit up.
        highlight=False,
        emoji=False,
    )


def page_width(stream: TextIO) -> int:
    """Return how many columns a line that goes to a stream may have."""
    if is_terminal(stream):
        try:
            columns = os.get_terminal_size(stream.fileno()).columns
        except (OSError, ValueError):
            columns = 0
        if columns:  # some terminals do not know
            return max(columns, _NARROWEST)
    told = os.environ.get("COLUMNS", "").strip()
    if _WHOLE_NUMBER.fullmatch(told) and int(told) >= _NARROWEST:
        return int(told)
    return _WIDTH


def is_terminal(stream: TextIO) -> bool:
    """Tell whether a stream goes to a terminal, and not to a pipe or a file."""
    try:
        return stream.isatty()
    except ValueError:  # it is closed
        return False


def is_coloured(stream: TextIO) -> bool:
    """Tell whether a stream is written in colours: ``NO_COLOR`` and ``FORCE_COLOR`` say so first.

    Args:
        stream: otherwise it is, if it is a terminal that knows colours.
    """
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR", "").casefold() not in _OFF:
        return True
    return is_terminal(stream) and os.environ.get("TERM", "") not in ("dumb", "unknown")


def table(*heads: str, title: str | None = None, caption: str | None = None) -> Table:
    """Return a table for :func:`console`, which breaks what is too wide, and cuts nothing.

    Args:
        heads: the columns' names.
        title, caption: above and below it.
    """
    lined = Table(
        title=title, caption=caption, box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False
    )
    for head in heads:
        lined.add_column(head, overflow="fold")
    return lined


def facts_table() -> Table:
    """Return a table of two columns without heads: what is told, and what there is to tell."""
    lined = Table.grid(padding=(0, 2))
    lined.add_column(style="cyan", no_wrap=True)
    lined.add_column(overflow="fold")
    return lined


def print_json(value: Mapping[str, Any]) -> None:
    """Print plain data as JSON, alone, in letters that its reader has.

    Args:
        value: ``"format"`` is put before it, unless it has one of its own.
    """
    sys.stdout.write(json_text(value, sys.stdout.encoding))


def json_text(value: Mapping[str, Any], encoding: str | None = None) -> str:
    """Write plain data as JSON, in letters that an encoding has: UTF-8 if left out.

    Args:
        value: as for :func:`print_json`.
        encoding: of what it is written to.
    """
    data = {"format": JSON_FORMAT, **value}
    text = json.dumps(data, indent=1, ensure_ascii=False, allow_nan=False)
    # What a terminal would obey, or an encoding lacks, JSON has escapes for.
    if not (text.replace("\n", "").isprintable() and _is_encodable(text, encoding)):
        text = json.dumps(data, indent=1, allow_nan=False)
    return f"{text}\n"


def _is_encodable(text: str, encoding: str | None) -> bool:
    try:
        text.encode(encoding or "utf-8")
    except UnicodeEncodeError:
        return False
    return True
