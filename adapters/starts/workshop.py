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
#: What a workshop has in it.
_FILES: Final = "files"
_OWN: Final = frozenset({"lock", "journal", "journal.new", _FILES, "complete"})
_ROOM: Final = "Make room, write to another disk, or pass digest_only=True."
#: What systems count the size of files on the disk in.
_BLOCK: Final = 512


class Workshop:
    """A folder of one writer, to be used in a ``with`` block.

    Args:
        target: what it is to become: a file, or a folder.
        manifest: the name of the start's description.
        is_file: whether the target is one file; its description stands beside it then.

    Raises:
        FanwiseError: where another process writes there, or where something else has its place.
    """

    def __init__(self, target: Path, manifest: str, *, is_file: bool) -> None:
        self.target, self.manifest = target, manifest
        self._beside = manifest_beside(target, manifest) if is_file else None
        self.root = target.with_name(f"{target.name}{SUFFIX}")
        self.files = self.root / _FILES
        self.journal = self.root / "journal"
        self._complete = self.root / "complete"
        self._lock: Any = None
        self._process = 0

    def __enter__(self) -> Self:
        self._check_own()
        self._process = os.getpid()
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
        # The lock goes with the file, and with the process, however that ends; but a process that
        # was forked meanwhile has the file too, and would keep the lock.
        if os.getpid() == self._process:
            _unlock(self._lock)
        self._lock.close()

    @property
    def is_complete(self) -> bool:
        """Whether all is written, and some of it may be in its place already."""
        return self._complete.exists()

    def check_free(self) -> None:
        """Raise where something has the place of the target, but for an empty folder."""
        if self.is_complete:
            return
        for place in filter(None, (self.target, self._beside)):
            if _is_there(place) and not _is_empty(place):
                hint = "Delete it, or write to another place."
                raise FanwiseError("a target that is not there yet", Phrase(f"{place}"), hint)

    def _check_own(self) -> None:
        """Raise where somebody else's file, link or folder has the name of the workshop."""
        if not os.path.lexists(self.root):
            return
        if not self.root.is_symlink() and self.root.is_dir():
            others = sorted(p.name for p in self.root.iterdir() if not _is_own(p))
            if not others:
                return
            received = f"a folder with {', '.join(others[:5])} in it at {self.root}"
        else:
            received = f"a link or a file at {self.root}"
        hint = "It would be cleared away: rename it, or write to another place."
        raise FanwiseError("a folder that an earlier call began", Phrase(received), hint)

    def check_space(self, nbytes: int) -> None:
        """Raise where the disk has no room for so many bytes, with those that are there."""
        files = [file.stat() for file in self.files.rglob("*") if file.is_file()]
        held = sum(getattr(state, "st_blocks", 0) * _BLOCK for state in files)
        free = shutil.disk_usage(self.root).free
        if nbytes > held + free:
            if not files:
                # Nothing is begun: the next call may ask for something smaller.
                shutil.rmtree(self.root, ignore_errors=True)
            raise FanwiseError(f"{nbytes:,} bytes of free space", Phrase(f"{free:,}"), _ROOM)

    def publish(self) -> None:
        """Bring what is complete to its place, by renaming, and clear up."""
        if not self.is_complete:
            self.check_free()
            for file in sorted(self.files.rglob("*")):
                sync(file)
            sync(self.files)
            self._complete.touch()
            sync(self.root)
        if self._beside is None:
            self._rename(self.files, self.target)
        else:
            # The description comes first, so that no file is ever without.
            self._rename(self.files / self.manifest, self._beside)
            self._rename(self.files / self.target.name, self.target)
        sync(self.target.parent)
        shutil.rmtree(self.root, ignore_errors=True)

    def _rename(self, here: Path, there: Path) -> None:
        """Bring something to its place, unless an earlier call has done that."""
        if not here.exists() or _is_empty(here):
            return
        if _is_empty(there):
            there.rmdir()
        here.replace(there)


def check_disk(target: Path, nbytes: int) -> None:
    """Raise where a disk is smaller than so many bytes, before files for them are planned.

    Args:
        target: a path with a root; it and some of its folders may not be there yet.
        nbytes: of the start.
    """
    folder = next((folder for folder in target.parents if folder.is_dir()), target)
    with contextlib.suppress(OSError):  # where writing to it will say what is wrong
        total = shutil.disk_usage(folder).total
        if nbytes > total:
            received = Phrase(f"a disk of {total:,} bytes")
            raise FanwiseError(f"a disk of {nbytes:,} bytes", received, _ROOM)


def manifest_beside(target: Path, manifest: str) -> Path:
    """Return where the description of a start stands that is one file.

    The file's whole name is in it: ``model.npz`` beside it has one of its own.

    Examples:
        >>> manifest_beside(Path("out/model.safetensors"), "start.json").name
        'model.safetensors.start.json'
    """
    return target.with_name(f"{target.name}.{manifest}")


def sync(path: Path) -> None:
    """Bring a file or a folder to the disk, where the system can."""
    with contextlib.suppress(OSError):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _is_there(path: Path) -> bool:
    """Tell whether something has a name; OSError where it is one that the disk cannot have."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True


def _is_empty(path: Path) -> bool:
    """Tell whether a path is a folder with nothing in it; a link to one is somebody's."""
    return not path.is_symlink() and path.is_dir() and not any(path.iterdir())


def _is_own(path: Path) -> bool:
    """Tell whether what lies in a workshop is as a writer puts it there: no link leads out."""
    if path.name not in _OWN or path.is_symlink():
        return False
    return path.is_dir() if path.name == _FILES else path.is_file()


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


def _unlock(file: Any) -> None:
    """Let go of the lock of a file, where closing one of its copies does not."""
    with contextlib.suppress(ImportError, OSError):
        import fcntl

        fcntl.flock(file, fcntl.LOCK_UN)
