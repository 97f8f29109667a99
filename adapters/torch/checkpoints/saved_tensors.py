"""What a distributed checkpoint says of a tensor: its chunks, and where their bytes lie."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Final

import torch
from torch.distributed.checkpoint import FileSystemWriter
from torch.distributed.checkpoint.filesystem import FileSystem, _StorageInfo
from torch.distributed.checkpoint.metadata import (
    ChunkStorageMetadata,
    MetadataIndex,
    StorageMeta,
    TensorProperties,
    TensorStorageMetadata,
)
from torch.distributed.checkpoint.planner import (
    SavePlan,
    TensorWriteData,
    WriteItem,
    WriteItemType,
)
from torch.distributed.checkpoint.storage import WriteResult

from fanwise.adapters.files.writing.boxes import box_shape, boxes_of, size_of
from fanwise.adapters.files.writing.sink_streams import SinkStream
from fanwise.adapters.starts.start_tensors import StartTensor
from fanwise.adapters.stored_weights import Where

#: The bytes of a chunk at most: each lane that writes has a few of them in memory.
CHUNK: Final = 4 << 20


class TimelessWriter(FileSystemWriter):
    """torch's writer, without the folder and the random name that it would note.

    Args:
        folder: of the checkpoint.
        sizes: of the files of tensors, by their names.
    """

    def __init__(self, folder: Path, sizes: Mapping[str, int]) -> None:
        super().__init__(folder, sync_files=False, thread_count=1, per_thread_copy_ahead=0)
        self.fs = _SizedFiles(sizes)

    def storage_meta(self) -> StorageMeta:
        """Say nothing of when and where."""
        return StorageMeta()


class _SizedFiles(FileSystem):
    """Files whose sizes are known before, which need not be cached.

    Args:
        sizes: of files, by their names; others are opened as always.
    """

    def __init__(self, sizes: Mapping[str, int]) -> None:
        self._sizes = sizes

    @contextlib.contextmanager
    def create_stream(self, path: str | os.PathLike[str], mode: str) -> Iterator[Any]:
        """Open a file."""
        size = self._sizes.get(Path(path).name) if mode == "wb" else None
        if size is None:
            with super().create_stream(path, mode) as stream:
                yield stream
        else:
            with SinkStream.opened(Path(path), size) as stream:
                yield stream


@dataclass(frozen=True)
class SavedTensor:
    """A tensor of a distributed checkpoint, in a file of its own.

    Attributes:
        tensor: the tensor.
        number: its place among all, which is that of its file.
    """

    tensor: StartTensor
    number: int

    @property
    def file(self) -> str:
        """The name of its file, as the writer gives it to the process of its number."""
        return f"__{self.number}_0.distcp"

    @property
    def dtype(self) -> torch.dtype:
        """What torch calls its dtype."""
        found: torch.dtype = getattr(torch, self.tensor.dtype)
        return found

    @cached_property
    def boxes(self) -> tuple[Where, ...]:
        """Its chunks, in the order of their elements."""
        most = CHUNK // self.tensor.storage.itemsize
        return tuple(boxes_of(self.tensor.shape, box_shape(self.tensor.shape, most)))

    def sizes(self) -> list[int]:
        """Return how many bytes of numbers each chunk has."""
        return [size_of(box) * self.tensor.storage.itemsize for box in self.boxes]

    def plan(self) -> SavePlan:
        """Return what the writer is to save."""
        return SavePlan([self._item(number) for number in range(len(self.boxes))])

    def metadata(self) -> TensorStorageMetadata:
        """Return what the checkpoint says of it."""
        chunks = [_chunk(box) for box in self.boxes]
        return TensorStorageMetadata(self._properties(), torch.Size(self.tensor.shape), chunks)

    def results(self) -> list[WriteResult]:
        """Return where the chunks lie in the file, without looking at it."""
        results, offset = [], 0
        for number, box in enumerate(self.boxes):
            length = _saved_length(tuple(_chunk(box).sizes), self.dtype)
            info = _StorageInfo(self.file, offset, length)
            results.append(WriteResult(self._index(number), length, info))
            offset += length
        return results

    def _item(self, number: int) -> WriteItem:
        data = TensorWriteData(
            _chunk(self.boxes[number]), self._properties(), torch.Size(self.tensor.shape)
        )
        return WriteItem(self._index(number), WriteItemType.SHARD, tensor_data=data)

    def _index(self, number: int) -> MetadataIndex:
        offsets = _chunk(self.boxes[number]).offsets
        return MetadataIndex(self.tensor.name, offsets, number)

    def _properties(self) -> TensorProperties:
        return TensorProperties(dtype=self.dtype)


def places_of(results: Sequence[WriteResult]) -> list[Any]:
    """Return what the writer notes of chunks, to be compared."""
    return [(result.index, result.storage_data) for result in results]


def _chunk(box: Where) -> ChunkStorageMetadata:
    offsets = torch.Size([part.start for part in box])
    return ChunkStorageMetadata(offsets, torch.Size([part.stop - part.start for part in box]))


@cache
def _saved_length(shape: tuple[int, ...], dtype: torch.dtype) -> int:
    """Return how many bytes ``torch.save`` writes of a tensor: they depend on its shape alone."""
    counter = _ByteCounter()
    torch.save(torch.zeros(shape, dtype=dtype), counter)
    return counter.count


class _ByteCounter:
    """A file that counts what is written into it."""

    def __init__(self) -> None:
        self.count = 0

    def write(self, data: Any) -> int:
        """Count some bytes."""
        size = memoryview(data).nbytes
        self.count += size
        return size

    def flush(self) -> None:
        """Do nothing."""
