"""Datasets of HDF5 that lie in chunks, each maybe compressed, inflated to no more than it holds."""

from __future__ import annotations

import itertools
import math
import zlib
from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fanwise.adapters.files.faults import broken, quoted
from fanwise.adapters.files.numbers import Number
from fanwise.adapters.files.sources import Bytes
from fanwise.adapters.layer_weights import Index
from fanwise.spec.errors import FanwiseError, Phrase

_LARGEST: Final = 1 << 26
#: The numbers that HDF5 gives to its filters.
_DEFLATE, _SHUFFLE, _CHECKSUM = 1, 2, 3
#: A chunk: its first element, where its bytes begin, how many there are, which filters it skips.
Chunk = tuple[tuple[int, ...], int, int, int]


class Chunked:
    """A dataset whose chunks are read one by one.

    Args:
        name: of the dataset, for errors.
        source: the bytes of the file.
        number: what the elements are.
        shape: of the dataset.
        chunk: the shape of a chunk.
        chunks: all of them.
        filters: that a chunk went through, in order.

    Raises:
        FanwiseError: where a chunk is too large, or missing, or a filter is not known.
    """

    def __init__(
        self,
        name: str,
        source: Bytes,
        number: Number,
        shape: tuple[int, ...],
        chunk: tuple[int, ...],
        chunks: Sequence[Chunk],
        filters: Sequence[int],
    ) -> None:
        self._source, self._number, self._shape = source, number, shape
        self._chunk, self._filters = chunk, filters
        self._size = math.prod(chunk) * number.storage.itemsize
        self._places = {corner: where for corner, *where in chunks}
        if len(chunk) != len(shape) or not 0 < self._size <= _LARGEST:
            raise broken(f"chunks of at most {_LARGEST} bytes in {quoted(name)}", f"{self._size}")
        if not set(filters) <= {_DEFLATE, _SHUFFLE, _CHECKSUM}:
            raise FanwiseError(
                f"the dataset {quoted(name)} without compression, or with that of gzip",
                Phrase(f"the filters {list(filters)} of HDF5"),
                "Write the file again without compression.",
            )
        sizes = zip(shape, chunk, strict=True)
        expected = math.prod(-(-size // step) for size, step in sizes)
        if len(self._places) < expected:
            raise broken(f"{expected} chunks of {quoted(name)}", f"{len(self._places)}")

    def read(self, index: Index) -> NDArray[Any]:
        """Return a block of the dataset."""
        chosen = (*index, *[slice(None)] * (len(self._shape) - len(index)))
        ranges = [
            place.indices(size)[:2] if isinstance(place, slice) else (place, place + 1)
            for place, size in zip(chosen, self._shape, strict=True)
        ]
        values = np.empty([max(0, end - first) for first, end in ranges], self._number.decoded)
        for corner in self._corners(ranges):
            chunk = self._number.decode(self._content(corner))
            here, there = [], []
            for (first, end), start, step in zip(ranges, corner, self._chunk, strict=True):
                low, high = max(first, start), min(end, start + step)
                here.append(slice(low - first, high - first))
                there.append(slice(low - start, high - start))
            values[tuple(here)] = chunk[tuple(there)]
        whole = tuple(slice(None) if isinstance(place, slice) else 0 for place in chosen)
        return np.asarray(values[whole])

    def _corners(self, ranges: Sequence[tuple[int, int]]) -> Iterator[tuple[int, ...]]:
        """Give the first element of each chunk that a block touches."""
        if any(first >= end for first, end in ranges):
            return
        axes = [
            range(first // step * step, end, step)
            for (first, end), step in zip(ranges, self._chunk, strict=True)
        ]
        yield from itertools.product(*axes)

    def _content(self, corner: tuple[int, ...]) -> NDArray[Any]:
        """Return the elements of a chunk, undoing its filters from the last to the first."""
        if corner not in self._places:
            raise broken(f"a chunk at {corner}", "none")
        offset, size, skipped = self._places[corner]
        # What does not shrink grows by less than this.
        if size > self._size + (self._size >> 3) + 64:
            raise broken(f"a chunk of at most {self._size} bytes", f"one of {size}")
        data = self._source.read(offset, size)
        for place, kind in reversed(list(enumerate(self._filters))):
            if not skipped >> place & 1:
                data = self._undone(kind, data)
        if len(data) != self._size:
            raise broken(f"{self._size} bytes of a chunk", f"{len(data)}")
        return np.frombuffer(data, self._number.storage).reshape(self._chunk)

    def _undone(self, kind: int, data: bytes) -> bytes:
        if kind == _DEFLATE:
            try:
                # A checksum within may follow what the chunk holds.
                return zlib.decompressobj().decompress(data, self._size + 5)
            except zlib.error as error:
                raise broken("compressed data", str(error)) from None
        if kind == _SHUFFLE:
            width = self._number.storage.itemsize
            if len(data) % width:
                raise broken(f"bytes of elements of {width}", f"{len(data)} bytes")
            return np.frombuffer(data, np.uint8).reshape(width, -1).T.tobytes()
        return data[:-4]
