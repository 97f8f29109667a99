"""Files of a known size, and runs of bytes in them, written past the system's cache where it can.

Nothing that is written is read again, and whoever writes waits for the disk in the end. A copy in
the cache takes a third of the processor's time that drawing and hashing take, and leaves the disk
idle until the cache is full. So whole pages go to the disk at once, from memory that lies as the
system asks for it; what is left at the ends goes the usual way.
"""

from __future__ import annotations

import contextlib
import ctypes
import mmap
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import numpy as np

#: Where what goes straight to the disk begins and ends, in the file and in memory.
PAGE: Final = 4096
#: The bytes that are gathered before they go there; a shorter run takes the usual way.
_GATHERED: Final = 1 << 20


class Sink:
    """A file of a known size that several threads write into.

    Args:
        descriptor: of the open file.
        straight: another one, of what is not to be cached; None where the system has none.
    """

    def __init__(self, descriptor: int, straight: int | None = None) -> None:
        self._descriptor, self._lock = descriptor, threading.Lock()
        self._straight = straight

    @classmethod
    @contextlib.contextmanager
    def opened(cls, path: Path, size: int) -> Iterator[Sink]:
        """Open a file, and give it its size; what is in it stays.

        Args:
            path: of the file; made where there is none.
            size: of it.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0)
        with contextlib.ExitStack() as closing:
            descriptor = os.open(path, flags, 0o644)
            closing.callback(os.close, descriptor)
            os.ftruncate(descriptor, size)
            straight = None
            if size >= _GATHERED and hasattr(os, "O_DIRECT") and hasattr(os, "pwrite"):
                # Some file systems, those in memory say, refuse it here or at the first write.
                with contextlib.suppress(OSError):
                    straight = os.open(path, os.O_WRONLY | os.O_DIRECT)
                    closing.callback(os.close, straight)
                    # Several threads write at once only where the file system has made room before.
                    _reserve(descriptor, size)
            yield cls(descriptor, straight)

    @property
    def has_straight(self) -> bool:
        """Tell whether there is a way past the cache."""
        return self._straight is not None

    def run(self, start: int, size: int) -> Callable[[int, memoryview], None]:
        """Return what writes blocks of a run of bytes, which come one after the other.

        Args:
            start: of the run in the file.
            size: of it; all of it is written when its last block is.
        """
        return SinkRun(self, start, size).store

    def write(self, offset: int, data: memoryview) -> None:
        """Write bytes at an offset, all of them."""
        while data:
            count = self._written(offset, data)
            offset, data = offset + count, data[count:]

    def write_pages(self, offset: int, data: memoryview) -> None:
        """Write whole pages, at a place and from memory that are aligned to pages.

        Args:
            offset: in the file.
            data: the pages.
        """
        if self._straight is not None:
            # What is refused, or cut short where the disk is full, goes the usual way, which
            # tells what is wrong.
            with contextlib.suppress(OSError):
                count = os.pwrite(self._straight, data, offset)
                count -= count % PAGE
                offset, data = offset + count, data[count:]
        self.write(offset, data)

    def _written(self, offset: int, data: memoryview) -> int:
        if hasattr(os, "pwrite"):
            return os.pwrite(self._descriptor, data, offset)
        with self._lock:  # Windows
            os.lseek(self._descriptor, offset, os.SEEK_SET)
            return os.write(self._descriptor, data)


class SinkRun:
    """A run of bytes in a file, on their way there.

    Args:
        sink: the file.
        start: of the run in it.
        size: of the run.
    """

    def __init__(self, sink: Sink, start: int, size: int) -> None:
        self._sink, self._at, self._left = sink, start, size
        self._is_usual = size < _GATHERED or not sink.has_straight
        self._gathered = memoryview(b"")
        self._filled = 0

    def store(self, offset: int, block: memoryview) -> None:
        """Write the next bytes.

        Args:
            offset: of the first in the run.
            block: the bytes.
        """
        del offset
        self._left -= len(block)
        if self._is_usual:
            self._write(block)
            return
        # Up to the first page, bytes are written as they come.
        head = min(-self._at % PAGE if not self._filled else 0, len(block))
        self._write(block[:head])
        block = block[head:]
        if not self._filled and _is_aligned(block):
            whole = len(block) - len(block) % PAGE
            self._write_pages(block[:whole])
            block = block[whole:]
        while block:
            block = self._gather(block)
        if not self._left:
            self._end()

    def _gather(self, block: memoryview) -> memoryview:
        """Copy what fits, write what is full, and return the rest."""
        if not self._gathered:
            self._gathered = memoryview(mmap.mmap(-1, _GATHERED))
        count = min(len(block), _GATHERED - self._filled)
        self._gathered[self._filled : self._filled + count] = block[:count]
        self._filled += count
        if self._filled == _GATHERED:
            self._write_pages(self._gathered)
            self._filled = 0
        return block[count:]

    def _end(self) -> None:
        """Write what is gathered, and let go of the memory."""
        whole = self._filled - self._filled % PAGE
        self._write_pages(self._gathered[:whole])
        self._write(self._gathered[whole : self._filled])
        self._gathered, self._filled = memoryview(b""), 0

    def _write(self, data: memoryview) -> None:
        self._sink.write(self._at, data)
        self._at += len(data)

    def _write_pages(self, data: memoryview) -> None:
        if data:
            self._sink.write_pages(self._at, data)
            self._at += len(data)


def _reserve(descriptor: int, size: int) -> None:
    """Have room made for a file, where the file system itself can; nothing in it changes.

    The function of the standard library writes a byte into each block elsewhere.
    """
    with contextlib.suppress(OSError, AttributeError):
        reserve = ctypes.CDLL(None).fallocate64
        reserve.argtypes = [ctypes.c_int, ctypes.c_int, ctypes.c_int64, ctypes.c_int64]
        reserve(descriptor, 0, 0, size)


def page_aligned(size: int) -> np.ndarray[tuple[int], np.dtype[np.uint8]]:
    """Return memory for so many bytes that begins at a page."""
    return np.frombuffer(mmap.mmap(-1, size), np.uint8)


def _is_aligned(block: memoryview) -> bool:
    return len(block) >= PAGE and np.frombuffer(block, np.uint8).ctypes.data % PAGE == 0
