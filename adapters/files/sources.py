"""Bytes at offsets: of a file, of a part of one.

Files are read by plain reads, never mapped: the pages of a mapped file count as the memory of the
process that looks at them.
"""

from __future__ import annotations

import contextlib
import os
import stat
import threading
from pathlib import Path
from typing import Protocol

from fanwise.adapters.files.faults import broken, quoted
from fanwise.spec.errors import FanwiseError, Phrase


class Bytes(Protocol):
    """Something that bytes are read from."""

    @property
    def size(self) -> int:
        """The number of its bytes."""
        ...

    def read(self, offset: int, length: int) -> bytes:
        """Return bytes of it; all lie within it, or an error is raised."""
        ...

    def place(self) -> tuple[Path, int]:
        """Return the file that it lies in, and where it begins there.

        Raises:
            FanwiseError: where its bytes lie in no file, since they are compressed there.
        """
        ...


class FileSource:
    """A regular file that is open for reading.

    Args:
        path: of the file. A pipe, a device or a socket is refused: reading one may never end, or
            do something.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            if not stat.S_ISREG(path.stat().st_mode):
                raise _not_regular(path)
            self._file = open(path, "rb", buffering=0, opener=_opened_at_once)  # noqa: SIM115
        except (OSError, ValueError) as error:
            if isinstance(error, FanwiseError):
                raise
            reason = getattr(error, "strerror", None) or str(error)
            raise FanwiseError(
                "a file that can be opened",
                Phrase(f"{quoted(path)} ({reason})"),
                "Check the path, and the rights on it.",
            ) from None
        state = os.fstat(self._file.fileno())
        if not stat.S_ISREG(state.st_mode):
            self.close()
            raise _not_regular(path)
        self.size = state.st_size
        self._lock = threading.Lock()

    def read(self, offset: int, length: int) -> bytes:
        """Return bytes of it."""
        check_range(self, offset, length)
        if self._file.closed:
            raise FanwiseError(
                "an open file",
                Phrase(f"{quoted(self.path)}, which was closed"),
                "Read the tensors inside the 'with' block of open_tensors.",
            )
        parts, missing = [], length
        while missing:
            part = self._part(offset + length - missing, missing)
            if not part:
                raise broken(
                    f"{self.size} bytes in {quoted(self.path)}",
                    "fewer: it was cut off while it was read",
                )
            parts.append(part)
            missing -= len(part)
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def place(self) -> tuple[Path, int]:
        """Return the file itself."""
        return self.path, 0

    def _part(self, offset: int, length: int) -> bytes:
        """Read at most so many bytes: the place of a file is one for all threads."""
        try:
            with self._lock:
                self._file.seek(offset)
                return self._file.read(length) or b""
        except OSError as error:
            raise broken(
                f"{quoted(self.path)}, readable", f"{error.strerror}", "Check the disk."
            ) from None

    def close(self) -> None:
        """Close the file; what is closed stays closed."""
        self._file.close()


class UnopenedFile:
    """A regular file that is opened for each read, where too many would be open otherwise."""

    def __init__(self, path: Path) -> None:
        with contextlib.closing(FileSource(path)) as file:
            self.path, self.size = path, file.size

    def read(self, offset: int, length: int) -> bytes:
        """Return bytes of it."""
        with contextlib.closing(FileSource(self.path)) as file:
            return file.read(offset, length)

    def place(self) -> tuple[Path, int]:
        """Return the file itself."""
        return self.path, 0


class PartSource:
    """A part of another source."""

    def __init__(self, source: Bytes, offset: int, size: int) -> None:
        check_range(source, offset, size)
        self._source, self._offset = source, offset
        self.size = size

    def read(self, offset: int, length: int) -> bytes:
        """Return bytes of it."""
        check_range(self, offset, length)
        return self._source.read(self._offset + offset, length)

    def place(self) -> tuple[Path, int]:
        """Return the file that it lies in, and where it begins there."""
        path, offset = self._source.place()
        return path, offset + self._offset


def check_range(source: Bytes, offset: int, length: int) -> None:
    """Refuse bytes that are not in a source."""
    if not (offset >= 0 and length >= 0 and offset + length <= source.size):
        raise broken(
            f"offsets within the {source.size} bytes that there are",
            f"bytes {offset} to {offset + length}",
        )


def _opened_at_once(path: str, flags: int) -> int:
    """Open a file without waiting: what has become a pipe would wait for a writer."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _not_regular(path: Path) -> FanwiseError:
    return FanwiseError(
        "a regular file or a folder",
        Phrase(f"{quoted(path)}, which is a pipe, a device or the like"),
        "Write its contents to a file first.",
    )
