"""The text of a file, and the plain data in it, TOML or JSON: or an error that says why not."""

from __future__ import annotations

import json
import re
import stat
import tomllib
from pathlib import Path
from typing import Any, Final

from fanwise.spec.errors import FanwiseError, Phrase

#: The bytes of the largest file that is read.
LARGEST: Final = 1 << 28
#: A key of more words between dots than any has: tomllib's time grows with the square of them.
_LONG_KEY: Final = re.compile(
    r"""(?<![\w.-])(?:(?:[\w-]+|"[^"\n]*"|'[^'\n]*')[ \t]*\.[ \t]*){100}"""
)


def read_text(path: str | Path, what: str, *, largest: int = LARGEST) -> str:
    """Read a file of text in UTF-8, with or without a mark of the byte order.

    Args:
        path: of the file.
        what: what it should hold, in words.
        largest: how many bytes are read at the most.

    Raises:
        FanwiseError: for what is no such file, or a larger one.
    """
    try:
        _check_regular(Path(path))
        with Path(path).open("rb") as file:
            data = file.read(largest + 1)
    except (OSError, ValueError) as error:  # a path with NUL is a ValueError
        reason = getattr(error, "strerror", None) or error
        raise FanwiseError(
            f"{what}, in a file that can be read", str(path), f"{reason}."
        ) from error
    if len(data) > largest:
        hint = "Check that it is the right file; if it is, divide it."
        raise FanwiseError(f"{what}, in at most {largest} bytes", str(path), hint)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        hint = f"Store it as UTF-8, if it is text: {error.reason} at byte {error.start}."
        raise FanwiseError(f"{what}, as text", str(path), hint) from error


def _check_regular(path: Path) -> None:
    """Raise for a pipe: if no one writes to it, reading it would never end."""
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError("It is not a regular file")


def toml_data(text: str, what: str) -> dict[str, Any]:
    """Read TOML.

    Args:
        text: the TOML.
        what: what it should hold, in words.

    Raises:
        FanwiseError: for anything else.
    """
    try:
        _check_keys(text)
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise _unread("TOML", what, text, error) from error


def json_data(text: str, what: str) -> Any:
    """Read JSON.

    Args:
        text: the JSON; NaN and infinities are not allowed.
        what: what it should hold, in words.

    Raises:
        FanwiseError: for anything else.
    """
    try:
        return json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise _unread("JSON", what, text, error) from error


def _check_keys(text: str) -> None:
    if _LONG_KEY.search(text):
        raise ValueError("a key has more than 100 words")


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not a JSON number")


def _unread(form: str, what: str, text: str, error: Exception) -> FanwiseError:
    first = text.strip().partition("\n")[0]
    reason = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
    hint = f"Correct it: {reason}."
    return FanwiseError(f"{what}, as {form}", first or Phrase("no text"), hint)
