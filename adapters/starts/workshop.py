"""The folder beside the target that a start is written in, until it is complete."""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from fanwise.spec.errors import FanwiseError, Phrase

#: What a target's name is followed by while it is being written.
SUFFIX: Final = ".writing"
#: What systems count the size of files on the disk in.
_BLOCK: Final = 512


class Workshop:
    """A folder of one writer, to be used in a ``with`` block.

    Args:
        target: what it is to become: a file, or a folder.

    Raises:
        FanwiseError: where another process writes there.
    """

    def __init__(self, target: Path) -> None:
        self.target = target
        self.root = target.with_name(f"{target.name}{SUFFIX}")
        self.files = self.root / "files"
        self.journal = self.root / "journal"
        self._complete = self.root / "complete"
        self._lock: Any = None

    def __enter__(self) -> Self:
        self.root.mkdir(parents=True, exist_ok=True)
        self.files.mkdir(exist_ok=True)
        self._lock = (self.root / "lock").open("a", encoding="ascii")
        try:
            _lock(self._lock)
        except OSError:
            self._lock.close()
            hint = "Wait for it, or write to another place."
            received = Phrase(f"another process at work in {self.root}")
            raise FanwiseError("one writer", received, hint) from None
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # The lock goes with the file, and with the process, however that ends.
        self._lock.close()

    @property
    def is_complete(self) -> bool:
        """Whether all is written, and some of it may be in its place already."""
        return self._complete.exists()

    def check_free(self) -> None:
        """Raise where the target is there already, before anything is made."""
        if self.is_complete or not os.path.lexists(self.target) or _is_empty(self.target):
            return
        hint = "Delete it, or write to another place."
        raise FanwiseError("a target that is not there yet", Phrase(f"{self.target}"), hint)

    def check_space(self, nbytes: int) -> None:
        """Raise where the disk has no room for so many bytes, with those that are there."""
        files = [file.stat() for file in self.files.rglob("*") if file.is_file()]
        held = sum(getattr(state, "st_blocks", 0) * _BLOCK for state in files)
        free = shutil.disk_usage(self.root).free
        if nbytes > held + free:
            hint = "Make room, write to another disk, or pass digest_only=True."
            raise FanwiseError(f"{nbytes:,} bytes of free space", Phrase(f"{free:,}"), hint)

    def publish(self, manifest: str) -> None:
        """Bring what is complete to its place, by renaming, and clear up.

        Args:
            manifest: the name of the start's description. Of a target that is one file it stands
                beside it, and comes first, so that none is ever without.
        """
        if not self.is_complete:
            for file in sorted(self.files.rglob("*")):
                sync(file)
            sync(self.files)
            self._complete.touch()
            sync(self.root)
        one = self.files / self.target.name
        if self.target.is_dir() and _is_empty(self.target):
            self.target.rmdir()
        if one.is_file():
            if (self.files / manifest).exists():
                (self.files / manifest).replace(manifest_beside(self.target, manifest))
            one.replace(self.target)
        elif not os.path.lexists(self.target):
            self.files.replace(self.target)
        sync(self.target.parent)
        shutil.rmtree(self.root, ignore_errors=True)


def manifest_beside(target: Path, manifest: str) -> Path:
    """Return where the description of a start stands that is one file.

    Examples:
        >>> manifest_beside(Path("out/model.safetensors"), "start.json").name
        'model.start.json'
    """
    return target.with_name(f"{target.stem}.{manifest}")


def sync(path: Path) -> None:
    """Bring a file or a folder to the disk, where the system can."""
    flags = os.O_RDONLY
    with contextlib.suppress(OSError, PermissionError):
        descriptor = os.open(path, flags)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _is_empty(path: Path) -> bool:
    return path.is_dir() and not any(path.iterdir())


def _lock(file: Any) -> None:
    """Take the lock of a file, or raise OSError."""
    try:
        import fcntl
    except ImportError:  # Windows
        import importlib

        windows: Any = importlib.import_module("msvcrt")
        windows.locking(file.fileno(), windows.LK_NBLCK, 1)
        return
    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
