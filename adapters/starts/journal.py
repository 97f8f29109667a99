"""What has been written of a start, noted as it is written, so that a kill loses little of it."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from fanwise.adapters.starts.digests import TensorDigest
from fanwise.spec.errors import FanwiseError, Phrase

_SHA256: Final = re.compile("[0-9a-f]{64}")
_BOOT: Final = Path("/proc/sys/kernel/random/boot_id")


class Journal:
    """A file of lines: what is asked for, then a tensor that is finished in each.

    Args:
        path: of the file.
        request: the digest of all that decides the bytes.
    """

    def __init__(self, path: Path, request: str) -> None:
        self._path, self._request = path, request
        self._file: int | None = None

    def read(self, is_held: Callable[[str, TensorDigest, bool], bool]) -> dict[str, TensorDigest]:
        """Return what was finished before, and open the journal for what comes.

        Args:
            is_held: tells whether the bytes of a tensor are in their file; with True by reading
                them, since another run of the machine has written them, which may have ended
                before they reached the disk.

        Raises:
            FanwiseError: where it is that of another request.
        """
        lines = self._lines()
        finished: dict[str, TensorDigest] = {}
        if lines:
            head, *rest = lines
            if head.get("request") != self._request:
                raise FanwiseError(
                    "what was asked for when this was begun",
                    Phrase("another recipe, seed, model, format, dtype or size of files"),
                    f"Ask for the same again to finish it, or delete {self._path.parent}.",
                )
            is_same_boot = head.get("boot") == _boot() != ""
            for line in rest:
                if (noted := _noted(line)) is None:
                    break
                name, digest = noted
                if is_held(name, digest, not is_same_boot):
                    finished[name] = digest
        self._begin(finished)
        return finished

    def add(self, name: str, digest: TensorDigest) -> None:
        """Note that a tensor is finished."""
        assert self._file is not None
        os.write(self._file, _line({"name": name, "sha256": digest.sha256, "crc32": digest.crc32}))

    def close(self) -> None:
        """Close the file; what is closed stays closed."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _begin(self, finished: dict[str, TensorDigest]) -> None:
        """Write the journal anew, without what is doubted, and open it."""
        beside = self._path.with_suffix(".new")
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND
        self._file = os.open(beside, flags, 0o644)
        os.write(self._file, _line({"request": self._request, "boot": _boot()}))
        for name, digest in finished.items():
            self.add(name, digest)
        beside.replace(self._path)

    def _lines(self) -> list[dict[str, Any]]:
        """Read the lines up to one that was cut off or damaged, which counts for nothing."""
        try:
            text = self._path.read_text("utf-8", errors="replace")
        except FileNotFoundError:
            return []
        lines = []
        for line in text.splitlines():
            try:
                data = json.loads(line)
            except ValueError:
                data = None
            if not isinstance(data, dict):
                break
            lines.append(data)
        return lines


def _noted(line: dict[str, Any]) -> tuple[str, TensorDigest] | None:
    """Return the tensor that a line says is finished; None for a damaged one."""
    match line:
        case {"name": str(name), "sha256": str(sha256), "crc32": int() | None as crc32} if (
            _SHA256.fullmatch(sha256)
        ):
            return name, TensorDigest(sha256, crc32)
    return None


def _line(data: dict[str, Any]) -> bytes:
    return f"{json.dumps(data)}\n".encode()


def _boot() -> str:
    """Return what tells this run of the machine from others; ``""`` where nothing does."""
    try:
        return _BOOT.read_text("ascii").strip()
    except OSError:
        return ""
