"""An array that is too large to be made in memory, in a file that nothing else sees."""

from __future__ import annotations

import mmap
import os
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterable, Sequence
from typing import IO, Any, Final

import numpy as np
from numpy.typing import NDArray

from fanwise.adapters.starts.cells import Where
from fanwise.spec.errors import FanwiseError, Phrase

#: Bytes of the file that are in memory at a time.
_HELD: Final = 16 << 20


class SpilledBlocks:
    """An array that is made once, by blocks, and is in a temporary file while it is read.

    Args:
        shape: of the array.
        storage: the dtype of its elements.
        blocks: gives the blocks that it is made in.
        draw: writes one of them into memory.
    """

    is_whole = True

    def __init__(
        self,
        shape: Sequence[int],
        storage: np.dtype[Any],
        blocks: Callable[[], Iterable[Where]],
        draw: Callable[[Where, NDArray[Any]], None],
    ) -> None:
        self._shape, self._storage = tuple(shape), storage
        self._blocks, self._draw = blocks, draw
        self._lock = threading.Lock()
        self._spill: _Spill | None = None

    def write(self, where: Where, out: NDArray[Any]) -> None:
        """Write a block: see :class:`fanwise.adapters.starts.start_tensors.Blocks`.

        Raises:
            FanwiseError: where the folder of temporary files has no room for the array.
        """
        with self._lock:
            if self._spill is None:
                self._spill = self._make()
            self._spill.read(where, out)

    def release(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._spill = None

    def _make(self) -> _Spill:
        spill = _Spill(self._shape, self._storage)
        for where in self._blocks():
            block = np.empty([part.stop - part.start for part in where], self._storage)
            self._draw(where, block)
            spill.write(where, block)
        return spill


class _Spill:
    """A temporary file as an array, of which little is in memory. It goes when this does."""

    def __init__(self, shape: tuple[int, ...], storage: np.dtype[Any]) -> None:
        self._size = int(np.prod(shape, dtype=np.int64)) * storage.itemsize
        with tempfile.TemporaryFile(prefix="fanwise-") as file:
            _reserve(file, self._size)
            self._map = mmap.mmap(file.fileno(), self._size)
        self._array = np.frombuffer(self._map, storage).reshape(shape)

    def write(self, where: Where, block: NDArray[Any]) -> None:
        """Write a block, some rows at a time."""
        view = self._array[where]
        axis = next((axis for axis, length in enumerate(view.shape) if length > 1), 0)
        view, block = np.moveaxis(view, axis, 0), np.moveaxis(block, axis, 0)
        step = max(1, _HELD // view.strides[0])
        for start in range(0, len(view), step):
            view[start : start + step] = block[start : start + step]
            self._drop()

    def read(self, where: Where, out: NDArray[Any]) -> None:
        """Read a block."""
        out[...] = self._array[where]
        self._drop()

    def _drop(self) -> None:
        """Let go of the memory; what was written stays in the file. Not all systems can."""
        if hasattr(mmap, "MADV_DONTNEED"):
            self._map.madvise(mmap.MADV_DONTNEED)


def _reserve(file: IO[bytes], size: int) -> None:
    """Give a file its size, with room on the disk: else a write to its memory ends the process."""
    try:
        if hasattr(os, "posix_fallocate"):
            os.posix_fallocate(file.fileno(), 0, size)
        else:
            file.truncate(size)
    except OSError as error:
        folder = tempfile.gettempdir()
        free = shutil.disk_usage(folder).free
        hint = "Make room there, or set TMPDIR to a folder on a larger disk."
        received = Phrase(f"{free:,} ({error})")
        raise FanwiseError(f"{size:,} bytes free in {folder}", received, hint) from None
