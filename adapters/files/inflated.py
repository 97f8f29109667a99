"""Bytes that are compressed in a file, inflated as far as they are asked for."""

from __future__ import annotations

import zlib
from pathlib import Path
from typing import Final

from fanwise.adapters.files.faults import broken
from fanwise.adapters.files.sources import Bytes, check_range

#: How much is inflated at a time, and how much compressed data is read for it.
_STEP: Final = 1 << 20
#: What is inflated and no longer than this is kept as a whole, for readers that go back.
_WHOLE: Final = 1 << 26


class InflatedSource:
    """What a source holds, compressed by "deflate".

    It is inflated from its beginning on, as far as it is asked for, and again from the beginning
    for who goes back; what is short is kept whole. So its memory is bounded, however much a few
    bytes claim to become.

    Args:
        source: the compressed bytes.
        size: how many they become.
    """

    def __init__(self, source: Bytes, size: int) -> None:
        if not 0 <= size <= 1100 * (source.size + 1):
            raise broken(
                f"at most 1100 bytes of each of {source.size} compressed ones",
                f"a claim that they become {size}",
            )
        self._source = source
        self.size = size
        self._whole: bytes | None = None
        self._restart()

    def read(self, offset: int, length: int) -> bytes:
        """Return bytes of it."""
        check_range(self, offset, length)
        if self.size <= _WHOLE:
            if self._whole is None:
                self._whole = self._inflated(self.size)
            return self._whole[offset : offset + length]
        if offset < self._position:
            self._restart()
        while self._position < offset:
            self._inflated(min(_STEP, offset - self._position))
        return self._inflated(length)

    def place(self) -> tuple[Path, int]:
        """Refuse: what is inflated lies nowhere."""
        raise broken("a member that is not compressed", "one that is", "Unpack the archive first.")

    def _restart(self) -> None:
        self._inflate = zlib.decompressobj(-zlib.MAX_WBITS)
        self._taken = self._position = 0

    def _inflated(self, length: int) -> bytes:
        """Inflate the next bytes."""
        parts, missing = [], length
        while missing:
            waiting = self._inflate.unconsumed_tail
            if not waiting:
                count = min(_STEP, self._source.size - self._taken)
                waiting = self._source.read(self._taken, count)
                self._taken += count
            try:
                part = self._inflate.decompress(waiting, missing)
            except zlib.error as error:
                raise broken("compressed data", str(error)) from None
            ended = not waiting and self._taken == self._source.size
            if not part and (self._inflate.eof or ended):
                raise broken(f"{self.size} bytes once inflated", "fewer")
            parts.append(part)
            missing -= len(part)
        self._position += length
        return b"".join(parts)
