"""The files of folders: those of Python, without those that others put there."""

from __future__ import annotations

import fnmatch
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from fanwise.spec.errors import FanwiseError

#: Folders that hold what was installed, built or kept, by their names.
EXCLUDED: Final = (
    ".*",
    "__pycache__",
    "__pypackages__",
    "_build",
    "build",
    "dist",
    "node_modules",
    "site-packages",
    "venv",
)


def files_of(paths: Iterable[str], exclude: Sequence[str] = ()) -> Iterator[Path]:
    """Name the files to read: those that are given, and the ``*.py`` of folders that are.

    Links to folders are not followed, and nothing is opened.

    Args:
        paths: files and folders.
        exclude: patterns of names, or of paths from a given folder, of files and folders that
            are left out beside :data:`EXCLUDED`.

    Raises:
        FanwiseError: if nothing is there.
    """
    seen: set[str] = set()
    for given in paths:
        place = Path(given)
        if "\0" in given or not os.path.lexists(place):
            raise FanwiseError("a file or folder", given, "Nothing of that name is there.")
        for file in _python_files(place, exclude) if place.is_dir() else (place,):
            real = os.path.realpath(file)
            if real not in seen:
                seen.add(real)
                yield file


def _python_files(root: Path, exclude: Sequence[str]) -> Iterator[Path]:
    for folder, folders, files in os.walk(root):
        inside = Path(folder).relative_to(root)
        folders[:] = sorted(
            name
            for name in folders
            if not _is_excluded(inside / name, (*EXCLUDED, *exclude))
            and not Path(folder, name, "pyvenv.cfg").exists()
        )
        for name in sorted(files):
            if name.endswith(".py") and not _is_excluded(inside / name, exclude):
                yield Path(folder, name)


def _is_excluded(inside: Path, patterns: Sequence[str]) -> bool:
    return any(
        fnmatch.fnmatchcase(inside.name, pattern) or fnmatch.fnmatchcase(inside.as_posix(), pattern)
        for pattern in patterns
    )
