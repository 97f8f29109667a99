"""The files that results are written to: found writable before the work, not after it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from fanwise.spec.errors import FanwiseError


def check_writable(path: Path) -> None:
    """Raise for a file that cannot be written, and make the folder that it is to lie in.

    Raises:
        FanwiseError: naming the file.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        new = not path.exists()
        with path.open("ab"):
            pass
        if new:
            path.unlink()
    except (OSError, ValueError) as error:  # a path with NUL is a ValueError
        raise _unwritable(path, error) from error


def write_text(path: Path, text: str) -> None:
    """Write a file, and the folder that it lies in.

    Raises:
        FanwiseError: where it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # A lone surrogate, as in the name of a file that is no UTF-8, is written as its escape.
        path.write_text(text, "utf-8", errors="backslashreplace")
    except (OSError, ValueError) as error:
        raise _unwritable(path, error) from error


def write_json(path: Path, data: Any) -> None:
    """Write plain data as JSON.

    Raises:
        FanwiseError: where it cannot be written.
    """
    write_text(path, json.dumps(data, indent=1, ensure_ascii=False) + "\n")


def _unwritable(path: Path, error: Exception) -> FanwiseError:
    return FanwiseError("a file that can be written", str(path), f"{error}.")
