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


@contextmanager
def lenient_streams() -> Iterator[None]:
    """Write what an encoding lacks as something else, and all of it before the command ends.

    Raises:
        OSError: where the output cannot be written, as on a full disk.
    """
    codecs.register_error(_NAME, _replaced)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and stream.errors == "strict":
            stream.reconfigure(errors=_NAME)
    try:
        yield
    finally:
        sys.stdout.flush()


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
