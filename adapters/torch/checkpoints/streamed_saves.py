"""Tensors that torch's writer saves while they are drawn: it takes chunks, one after the other."""

from __future__ import annotations

import queue
import threading
from collections.abc import Sequence
from io import BytesIO
from typing import Any, Final

import numpy as np
import torch
from torch import Tensor
from torch.distributed.checkpoint import FileSystemWriter, SavePlanner
from torch.distributed.checkpoint.metadata import Metadata
from torch.distributed.checkpoint.planner import SavePlan, WriteItem
from torch.distributed.checkpoint.storage import WriteResult

from fanwise.adapters.files.faults import broken
from fanwise.adapters.torch.checkpoints.saved_tensors import SavedTensor, places_of

#: What is handed over when no further chunk comes.
_NONE_LEFT: Final = None


class StreamedSave:
    """One tensor on its way into a file.

    The bytes come from one thread; in another, the writer saves the chunks that they make.

    Args:
        writer: torch's.
        plan: for the tensor, as the writer has prepared it.
        saved: the tensor.
    """

    def __init__(self, writer: FileSystemWriter, plan: SavePlan, saved: SavedTensor) -> None:
        self.tensor = saved.tensor
        self._writer, self._plan, self._saved = writer, plan, saved
        self._sizes = iter(saved.sizes())
        self._chunk, self._filled = np.empty(0, np.uint8), 0
        self._chunks: queue.Queue[Any] = queue.Queue(1)
        self._failure: BaseException | None = None
        self._thread: threading.Thread | None = None

    def store(self, offset: int, block: memoryview) -> None:
        """Take the next bytes of the tensor; with the last ones it is saved.

        Raises:
            BaseException: whatever the writer raised.
        """
        if self._thread is None:
            self._thread = threading.Thread(target=self._save, name="fanwise-save")
            self._thread.start()
        end = offset + len(block)
        while len(block):
            if not len(self._chunk):
                self._chunk = np.empty(next(self._sizes), np.uint8)
            part = block[: len(self._chunk) - self._filled]
            self._chunk[self._filled : self._filled + len(part)] = part
            self._filled += len(part)
            block = block[len(part) :]
            if self._filled == len(self._chunk):
                self._chunks.put(self._chunk)
                # It is the writer's now, and kept by nobody else.
                self._chunk, self._filled = np.empty(0, np.uint8), 0
        if end == self.tensor.nbytes:
            self.close()
            if self._failure is not None:
                raise self._failure

    def close(self) -> None:
        """Wait until the writer has ended; an unfinished tensor is left as it is."""
        if self._thread is not None and self._thread.is_alive():
            self._chunks.put(_NONE_LEFT)
            self._thread.join()

    def _save(self) -> None:
        try:
            results = self._writer.write_data(self._plan, _ChunkPlanner(self._chunks)).wait()
            self._check(results)
        except BaseException as failure:  # noqa: BLE001 (raised by the thread that draws)
            self._failure = failure
        # Whoever draws is not to wait for one that has ended.
        while self._chunks.get() is not _NONE_LEFT:
            pass

    def _check(self, results: Sequence[WriteResult]) -> None:
        """Raise where chunks do not lie where the metadata will say."""
        if places_of(results) != places_of(self._saved.results()):
            raise broken("chunks where torch.save puts them", "others", "Write it again.")


class _ChunkPlanner(SavePlanner):
    """Gives the writer the chunks as they come."""

    def __init__(self, chunks: queue.Queue[Any]) -> None:
        self._chunks = chunks

    def resolve_data(self, write_item: WriteItem) -> Tensor | BytesIO:
        """Wait for the next chunk."""
        chunk = self._chunks.get()
        if chunk is _NONE_LEFT:
            self._chunks.put(_NONE_LEFT)
            raise broken("all chunks of a tensor", "some")
        data = write_item.tensor_data
        assert data is not None
        flat = torch.from_numpy(chunk).view(data.properties.dtype)
        return flat.reshape(tuple(data.chunk.sizes))

    def set_up_planner(self, *args: Any, **options: Any) -> None:
        """Do nothing: the plan is made."""

    def create_local_plan(self) -> SavePlan:
        """Refuse: the plan is made."""
        raise NotImplementedError

    def create_global_plan(self, all_plans: list[SavePlan]) -> tuple[list[SavePlan], Metadata]:
        """Refuse: the plan is made."""
        raise NotImplementedError

    def finish_plan(self, new_plan: SavePlan) -> SavePlan:
        """Leave a plan as it is."""
        return new_plan
