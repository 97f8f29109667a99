"""Starts as checkpoints of Orbax: an array's chunks are files of their own, without compression.

Each chunk is written as it is drawn, in place, so that no array is ever in memory, and described in
the end. Nothing in the folder tells of the time or the machine.
"""

from __future__ import annotations

import contextlib
import hashlib
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from fanwise.adapters.files.numbers import NUMBERS
from fanwise.adapters.files.writing.boxes import box_shape, boxes_of, size_of
from fanwise.adapters.files.writing.orbax_description import (
    OF_ARRAY,
    OF_TREE,
    array_description,
    tree_description,
)
from fanwise.adapters.files.writing.protocol import FileOptions
from fanwise.adapters.files.writing.sinks import Sink
from fanwise.adapters.starts.digests import TensorDigest
from fanwise.adapters.starts.pipeline import TensorJob
from fanwise.adapters.starts.start import ModelStart
from fanwise.adapters.starts.start_tensors import StartTensor
from fanwise.adapters.starts.work import Work
from fanwise.adapters.stored_weights import Where
from fanwise.spec.errors import FanwiseError

#: The bytes of a chunk at most: what a process restores is read by chunks, whole ones.
CHUNK: Final = 64 << 20
_READ: Final = 1 << 20
_DESCRIPTION: Final = 4096
#: The bytes of a folder's name at the most, on all file systems that are common.
_LONGEST: Final = 255


@dataclass(frozen=True)
class WrittenFolder:
    """Where the chunks of a tensor lie.

    Attributes:
        tensor: the tensor.
        keys: of the tree, down to it.
        chunks: the shape of a chunk.
    """

    tensor: StartTensor
    keys: tuple[str, ...]
    chunks: tuple[int, ...]

    @classmethod
    def of(cls, tensor: StartTensor) -> WrittenFolder:
        """Lay a tensor out."""
        most = CHUNK // tensor.storage.itemsize
        return cls(tensor, tuple(tensor.name.split("/")), box_shape(tensor.shape, most))

    @property
    def folder(self) -> str:
        """Of its chunks, as Orbax calls it."""
        return ".".join(self.keys)

    @property
    def chunk_bytes(self) -> int:
        """The bytes of a chunk's file; one at the end is as long, with zeros behind."""
        return math.prod(self.chunks) * self.tensor.storage.itemsize

    def runs(self) -> Iterator[tuple[str, int]]:
        """Give the name of each chunk's file, and how many bytes of the tensor it has, in order."""
        for box in boxes_of(self.tensor.shape, self.chunks):
            yield self._file(box), size_of(box) * self.tensor.storage.itemsize

    @property
    def description(self) -> bytes:
        """What describes it."""
        tensor, number = self.tensor, NUMBERS[self.tensor.dtype]
        dtype = "|b1" if tensor.dtype == "bool" else number.storage.str
        is_plain = number.values is None or dtype == "|b1"
        return array_description(tensor.shape, self.chunks, dtype if is_plain else tensor.dtype)

    def _file(self, box: Where) -> str:
        numbers = (part.start // step for part, step in zip(box, self.chunks, strict=True))
        return ".".join(map(str, numbers)) or "0"


@dataclass(frozen=True)
class OrbaxPlan:
    """A start as a checkpoint: see :class:`fanwise.adapters.files.writing.protocol.FormatPlan`.

    Attributes:
        arrays: by the names of the tensors.
    """

    arrays: Mapping[str, WrittenFolder]

    @property
    def files(self) -> Mapping[str, str]:
        """The folder of each tensor's chunks."""
        return {tensor: array.folder for tensor, array in self.arrays.items()}

    @cached_property
    def nbytes(self) -> int:
        """The bytes of all files, about."""
        chunks = (
            _DESCRIPTION + array.chunk_bytes * sum(1 for _ in array.runs())
            for array in self.arrays.values()
        )
        return sum(chunks)

    @property
    def layout(self) -> object:
        """What decides the bytes beside the start."""
        return {"chunk": CHUNK}

    def is_held(self, folder: Path, name: str, digest: TensorDigest, *, reread: bool) -> bool:
        """Tell whether the chunks of a tensor are in their files."""
        array, sha = self.arrays[name], hashlib.sha256()
        for file, size in array.runs():
            path = folder / array.folder / file
            if not path.is_file() or path.stat().st_size != array.chunk_bytes:
                return False
            if not reread:
                continue
            with path.open("rb") as stream:
                for first in range(0, size, _READ):
                    sha.update(stream.read(min(_READ, size - first)))
        return not reread or sha.hexdigest() == digest.sha256

    def write(self, work: Work) -> None:
        """Write the chunks that are missing, and then what describes all of them."""
        stores = [_ChunkFiles(work.folder, self.arrays[tensor.name]) for tensor in work.missing]
        try:
            work.run([TensorJob(chunks.tensor, chunks.store) for chunks in stores])
        finally:
            for chunks in stores:
                chunks.close()
        for array in self.arrays.values():
            place = work.folder / array.folder
            place.mkdir(parents=True, exist_ok=True)
            (place / OF_ARRAY).write_bytes(array.description)
        paths = (array.keys for array in self.arrays.values())
        (work.folder / OF_TREE).write_bytes(tree_description(paths))


@dataclass(frozen=True)
class Orbax:
    """The format: see :class:`fanwise.adapters.files.writing.protocol.StartFormat`."""

    name: str = "orbax"
    suffixes: tuple[str, ...] = ()

    def plan(self, start: ModelStart, options: FileOptions) -> OrbaxPlan:
        """Lay a start out.

        Raises:
            FanwiseError: for names that no tree has.
        """
        del options
        arrays = {tensor.name: WrittenFolder.of(tensor) for tensor in start.tensors}
        _check_names(arrays)
        return OrbaxPlan(arrays)


FORMAT: Final = Orbax()


class _ChunkFiles:
    """The files of a tensor's chunks, which are written one after the other."""

    def __init__(self, folder: Path, array: WrittenFolder) -> None:
        self.tensor = array.tensor
        self._folder, self._whole = folder / array.folder, array.chunk_bytes
        self._runs = array.runs()
        self._open_file = contextlib.ExitStack()
        self._store: Callable[[int, memoryview], None] | None = None
        self._size = self._done = 0

    def store(self, offset: int, block: memoryview) -> None:
        """Write the next bytes of the tensor."""
        del offset
        while block:
            if self._store is None:
                self._store = self._begun()
            part = block[: self._size - self._done]
            self._store(self._done, part)
            self._done += len(part)
            block = block[len(part) :]
            if self._done == self._size:
                self.close()

    def close(self) -> None:
        """Close the file of a chunk."""
        self._open_file.close()
        self._store = None

    def _begun(self) -> Callable[[int, memoryview], None]:
        """Begin the next chunk; a shorter one, at the end, has zeros behind it."""
        name, self._size = next(self._runs)
        self._done = 0
        path = self._folder / name
        # What lay behind a chunk is gone with the file.
        path.unlink(missing_ok=True)
        sink = self._open_file.enter_context(Sink.opened(path, self._whole))
        return sink.run(0, self._size)


def _check_names(arrays: Mapping[str, WrittenFolder]) -> None:
    """Raise for names that are no keys of one tree, or no names of folders."""
    folders: dict[str, str] = {}
    inner = {array.keys[:depth] for array in arrays.values() for depth in range(len(array.keys))}
    hint = "Rename it in the recipe's [names], or write it as safetensors."
    for tensor, array in arrays.items():
        plain = all(key not in ("", ".", "..") and key.isprintable() for key in array.keys)
        is_short = plain and len(array.folder.encode()) <= _LONGEST
        if not is_short or "\\" in tensor or array.folder.startswith("_"):
            raise FanwiseError("a name that a folder may have", tensor, hint)
        other = folders.setdefault(array.folder, tensor)
        if other != tensor or array.keys in inner:
            raise FanwiseError("names of different arrays of one tree", tensor, hint)
