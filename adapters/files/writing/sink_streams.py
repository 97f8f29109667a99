"""Files of a known size as streams, for libraries that write into what is open."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fanwise.adapters.files.writing.sinks import Sink


class SinkStream(io.RawIOBase):
    """A file that is written once, from its beginning to its end.

    Args:
        sink: the file.
        size: how many bytes will be written; the last ones are in the file when all of them are.
    """

    def __init__(self, sink: Sink, size: int) -> None:
        super().__init__()
        self._store, self._at = sink.run(0, size), 0

    @classmethod
    @contextlib.contextmanager
    def opened(cls, path: Path, size: int) -> Iterator[SinkStream]:
        """Open a file anew.

        Args:
            path: of the file.
            size: of it.
        """
        path.unlink(missing_ok=True)
        with Sink.opened(path, size) as sink, cls(sink, size) as stream:
            yield stream

    def writable(self) -> bool:
        """Tell that it can be written."""
        return True

    def write(self, data: Any) -> int:
        """Write the next bytes."""
        block = memoryview(data).cast("B")
        self._store(self._at, block)
        self._at += len(block)
        return len(block)

    def tell(self) -> int:
        """Return how many bytes were written."""
        return self._at
