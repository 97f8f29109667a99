"""Files of safetensors that may end with their header: the first bytes of one are enough."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from pathlib import Path
from typing import Final

from fanwise.adapters.files.faults import broken, explained, quoted
from fanwise.adapters.files.headers import LONGEST, parsed
from fanwise.adapters.files.opened import Closing, TensorFile
from fanwise.adapters.files.safetensors import looks_like_safetensors, read_safetensors
from fanwise.adapters.files.shards import read_shards
from fanwise.adapters.files.sources import Bytes, FileSource
from fanwise.adapters.shape_sources.valueless import valueless

_HEAD: Final = 64


def is_header_file(path: Path) -> bool:
    """Tell whether a file is one of safetensors of which tensors are missing."""
    with contextlib.closing(FileSource(path)) as source:
        if not looks_like_safetensors(source.read(0, min(_HEAD, source.size)), source.size):
            return False
        length = int.from_bytes(source.read(0, 8), "little")
        return length <= min(LONGEST, source.size - 8) and _whole_size(source) > source.size


def read_header_file(path: Path) -> TensorFile:
    """Find the tensors that the header of a file describes.

    Raises:
        FanwiseError: where the header is not right.
    """
    with explained(path, "the header of a safetensors file"), _closing(path) as source:
        file = read_safetensors(_Lengthened(source, _whole_size(source)))
    tensors = {name: valueless(name, t.shape, t.dtype) for name, t in file.tensors.items()}
    return replace(file, tensors=tensors)


def read_index_of_headers(path: Path) -> TensorFile:
    """Find the tensors of an index whose files may end with their headers.

    Raises:
        FanwiseError: where one of them is missing: the index itself has no shapes.
    """
    with explained(path, "an index of shards"), Closing() as closing, _closing(path) as source:
        index = parsed(source.read(0, min(LONGEST + 1, source.size)), "the index")
        return read_shards(index, path.parent, read_header_file, closing)


def _closing(path: Path) -> contextlib.closing[FileSource]:
    return contextlib.closing(FileSource(path))


def _whole_size(source: Bytes) -> int:
    """Return how many bytes the file has that a header is of."""
    length = int.from_bytes(source.read(0, 8), "little")
    if length > min(LONGEST, source.size - 8):
        raise broken(f"a whole header, of {length} bytes", f"{source.size - 8} bytes")
    header = parsed(source.read(8, length), "the header")
    ends = [
        entry["data_offsets"][1]
        for name, entry in header.items()
        if name != "__metadata__" and _has_offsets(entry)
    ]
    return 8 + length + max(ends, default=0)


def _has_offsets(entry: object) -> bool:
    match entry:
        case {"data_offsets": [int(), int()]}:
            return True
    return False


class _Lengthened:
    """A source that is as long as its header says; what is missing cannot be read."""

    def __init__(self, source: FileSource, size: int) -> None:
        self._source, self.size = source, max(size, source.size)

    def read(self, offset: int, length: int) -> bytes:
        """Return bytes of what is there."""
        return self._source.read(offset, length)

    def place(self) -> tuple[Path, int]:
        """Return the file itself."""
        raise broken("all bytes", f"a part of {quoted(self._source.path)}")
