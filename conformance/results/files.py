"""The files that results are written to: found writable before the work, not after it."""

from __future__ import annotations

import errno
import json
import os
import shutil
from pathlib import Path
from typing import Any, Final

from fanwise.spec.errors import FanwiseError

#: The errors of a folder where nothing can be put beside a file that can be written itself.
_FORBIDDEN: Final = (errno.EACCES, errno.EPERM, errno.EROFS)


def check_writable(path: Path) -> None:
    """Raise for a file that cannot be written, and make the folder that it is to lie in.

    Raises:
        FanwiseError: naming the file.
    """
    try:
        target = behind_links(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        new = not target.exists()
        with target.open("ab"):
            pass
        if new:
            target.unlink()
    except (OSError, ValueError) as error:  # a path with NUL is a ValueError
        raise _unwritable(path, error) from error


def is_file(path: Path) -> bool:
    """Tell whether a file is there.

    Raises:
        FanwiseError: naming a path that can be none, such as one that is too long.
    """
    try:
        return path.is_file()
    except OSError as error:
        raise _unwritable(path, error) from error


def behind_links(path: Path) -> Path:
    """Return the file that a path leads to, there or not: a link to it stays a link.

    A device or a pipe has no other path than the one that leads to it.
    """
    return path if path.exists() and not path.is_file() else Path(os.path.realpath(path))


def write_text(path: Path, text: str) -> None:
    """Write a file, all of it or nothing, and the folder that it lies in.

    Raises:
        FanwiseError: where it cannot be written.
    """
    # A lone surrogate, as in the name of a file that is no UTF-8, is written as its escape.
    write_bytes(path, text.encode("utf-8", errors="backslashreplace"))


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file, all of it or nothing, and the folder that it lies in.

    Raises:
        FanwiseError: where it cannot be written.
    """
    try:
        target = behind_links(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists() and not target.is_file():  # a device, a pipe
            target.write_bytes(content)
        else:
            _replace(target, content)
    except (OSError, ValueError) as error:
        raise _unwritable(path, error) from error


def _replace(path: Path, content: bytes) -> None:
    """Write a file beside another, then put it in its place: an interrupt leaves the old one."""
    if path.exists() or path.is_symlink():  # a link that is left leads round in a circle
        with path.open("ab"):  # may it be written?
            pass
    # Not by its name, which may be as long as a name can be.
    beside = path.with_name(f".fanwise.{os.getpid()}")
    try:
        written = beside.open("xb")
    except OSError as error:
        if error.errno not in _FORBIDDEN:
            raise
        path.write_bytes(content)
        return
    try:
        with written:
            written.write(content)
        if path.exists():
            shutil.copymode(path, beside)
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def write_json(path: Path, data: Any) -> None:
    """Write plain data as JSON.

    Raises:
        FanwiseError: where it cannot be written.
    """
    write_text(path, json.dumps(data, indent=1, ensure_ascii=False) + "\n")


def _unwritable(path: Path, error: Exception) -> FanwiseError:
    said = getattr(error, "strerror", None) or error
    hint = f"{said}. Choose another name or folder for it."
    return FanwiseError("a file that can be written", str(path), hint)
