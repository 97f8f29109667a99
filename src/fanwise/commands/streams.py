"""What commands write to: terminals and files that may not hold every letter, nor any more."""

from __future__ import annotations

import codecs
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

#: What stands for a mark where the encoding of a terminal has none.
_MARKS: Final = {"✓": "+", "✗": "x", "△": "!", "–": "-", "…": "..."}
_NAME: Final = "fanwise.marks"
#: How Python meets what an encoding lacks: by an error, also in the locale C.
_STRICT: Final = ("strict", "surrogateescape")


@contextmanager
def lenient_streams() -> Iterator[None]:
    """Write what an encoding lacks as something else, and all of it before the command ends.

    Raises:
        OSError: where the output cannot be written, as on a full disk.
    """
    codecs.register_error(_NAME, _replaced)
    _open_closed()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and stream.errors in _STRICT:
            stream.reconfigure(errors=_NAME)
    try:
        yield
    finally:
        sys.stdout.flush()


def _open_closed() -> None:
    """Let what is written to a stream that is closed, as those of daemons are, be lost."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115


def write_error(line: str) -> None:
    """Write a line to the standard error, if that can be: the status tells the same."""
    try:
        sys.stderr.write(line)
        sys.stderr.flush()
    except OSError:
        with suppress(io.UnsupportedOperation), Path(os.devnull).open("wb") as nowhere:
            os.dup2(nowhere.fileno(), sys.stderr.fileno())


def give_up_output() -> None:
    """Drop what could not be written, so that it is not tried again at the end."""
    with suppress(io.UnsupportedOperation), Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), sys.stdout.fileno())


def _replaced(error: UnicodeError) -> tuple[str | bytes, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    letters = error.object[error.start : error.end]
    escaped = (_MARKS.get(c) or c.encode("ascii", "backslashreplace").decode() for c in letters)
    return "".join(escaped), error.end
