"""Files that this user alone can have written: what is in them may be run.

A folder is opened before it is looked at, and a file through the folder: whatever is put in their
places meanwhile is not what was looked at. On Windows, where files have no owner and mode of this
kind, the folders of a user are that user's by themselves.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_POSIX: Final = os.name == "posix"
#: Not through a link, and not to wait for whoever opens the other end of a pipe.
_CAREFULLY: Final = (
    getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
)


def read_file(path: Path, most: int) -> bytes | None:
    """Read a file.

    Args:
        path: where it is.
        most: bytes; a longer file is not ours.

    Returns:
        None where there is no such file, or where another user could have written it.
    """
    try:
        with _opened_folder(path.parent) as folder, _opened_file(path, folder) as handle:
            size = os.fstat(handle).st_size
            if size > most:
                return None
            with os.fdopen(handle, "rb", closefd=False) as file:
                return file.read(size)
    except OSError:
        return None


def is_there(path: Path) -> bool:
    """Tell whether there is a file that could be read."""
    try:
        with _opened_folder(path.parent) as folder, _opened_file(path, folder):
            return True
    except OSError:
        return False


def write_file(path: Path, content: bytes) -> None:
    """Write a file whole or not at all; not, where another user could write it.

    Raises:
        OSError: where it cannot be written.
    """
    new = Path(f"{path}.{secrets.token_hex(8)}")
    with _opened_folder(path.parent) as folder:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _CAREFULLY
        handle = os.open(_within(new, folder), flags, 0o600, dir_fd=folder)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            source, target = _within(new, folder), _within(path, folder)
            os.replace(source, target, src_dir_fd=folder, dst_dir_fd=folder)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(_within(new, folder), dir_fd=folder)
            raise


def make_folder(folder: Path) -> bool:
    """Make a folder if there is none, and tell whether files can be written to it."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with _opened_folder(folder):
            return os.access(folder, os.W_OK)
    except OSError:
        return False


@contextlib.contextmanager
def _opened_folder(folder: Path) -> Iterator[int | None]:
    """Open a folder of one's own; None where a folder cannot be opened."""
    if not _POSIX:
        yield None
        return
    with _opened(os.open(folder, os.O_RDONLY | os.O_DIRECTORY | _CAREFULLY)) as handle:
        _check_owner(os.fstat(handle))
        yield handle


@contextlib.contextmanager
def _opened_file(path: Path, folder: int | None) -> Iterator[int]:
    """Open a file of one's own, to be read."""
    flags = os.O_RDONLY | _CAREFULLY
    with _opened(os.open(_within(path, folder), flags, dir_fd=folder)) as handle:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            raise PermissionError(path)
        _check_owner(status)
        yield handle


@contextlib.contextmanager
def _opened(handle: int) -> Iterator[int]:
    try:
        yield handle
    finally:
        os.close(handle)


def _within(path: Path, folder: int | None) -> str:
    """Return the path as seen from the opened folder that it is in."""
    return str(path) if folder is None else path.name


def _check_owner(status: os.stat_result) -> None:
    """Raise unless this user owns what was opened, and no one else can write to it."""
    if _POSIX and (status.st_uid != os.geteuid() or status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)):
        raise PermissionError
