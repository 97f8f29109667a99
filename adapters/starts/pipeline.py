"""Tensors drawn, hashed and stored by blocks, several at a time.

The bytes of one tensor are hashed one after the other, so that several tensors are under way at
once, each in a lane of its own. A lane hashes and stores one block while the next ones are drawn.
Blocks are few and small: the memory is the same whatever the size of the tensors.
"""

from __future__ import annotations

import hashlib
import os
import threading
import zlib
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fanwise.adapters.files.writing.sinks import page_aligned
from fanwise.adapters.starts.budget import MemoryBudget
from fanwise.adapters.starts.cells import step_of
from fanwise.adapters.starts.digests import TensorDigest
from fanwise.adapters.starts.start_tensors import StartTensor

#: The bytes of a block, and how many blocks of a lane are drawn ahead.
BLOCK: Final = 2 << 20
_AHEAD: Final = 3
#: While some lanes wait for the disk, others hash; and the memory of all is bounded.
_LANES_OF_A_CORE: Final = 2
MOST_LANES: Final = 16
#: What elements that are made together take at most while they are, measured; and for how many of
#: them several tensors are made at once. Most use all cores for one.
_MADE: Final = 64
_MOST_MADE: Final = 128 << 20
#: Memory of a block.
Block = NDArray[np.uint8]


@dataclass(frozen=True)
class TensorJob:
    """A tensor, and what is done with its bytes.

    Attributes:
        tensor: to be drawn.
        store: is given the offset of a block in the tensor's bytes, and the block; None to hash it
            alone.
        crc: the CRC-32 of what the file has before it; None where none is asked for.
    """

    tensor: StartTensor
    store: Callable[[int, memoryview], None] | None = None
    crc: int | None = None


class Pipeline:
    """Draws tensors on all cores.

    Args:
        finished: is told of each tensor that is done, and of its digest, by one thread at a time.
        advanced: is told how many bytes have been done, likewise.
    """

    def __init__(
        self,
        finished: Callable[[StartTensor, TensorDigest], None],
        advanced: Callable[[int], None],
    ) -> None:
        self._finished, self._advanced = finished, advanced
        self._telling, self._taking = threading.Lock(), threading.Lock()
        self._budget = MemoryBudget(_MOST_MADE)
        self._failures: list[BaseException] = []
        self._stopped = threading.Event()

    def run(self, jobs: Sequence[TensorJob], lanes: int = MOST_LANES) -> None:
        """Do all jobs, the largest tensors first.

        Args:
            jobs: the tensors.
            lanes: how many of them are under way at once, at most.

        Raises:
            BaseException: what the first of them raised, or an interrupt; no thread is at work
                then.
        """
        waiting = deque(sorted(jobs, key=lambda job: -job.tensor.nbytes))
        cores = cores_available()
        count = min(_LANES_OF_A_CORE * cores, lanes, len(waiting))
        with ThreadPoolExecutor(cores, "fanwise-draw") as drawing:
            every = [
                threading.Thread(target=self._lane, args=(waiting, drawing), name="fanwise-lane")
                for _ in range(count)
            ]
            try:
                for lane in every:
                    lane.start()
                for lane in every:
                    # An interrupt reaches the main thread between two waits.
                    while lane.is_alive():
                        lane.join(0.2)
            finally:
                self._stopped.set()
                for lane in every:
                    if lane.ident is not None:
                        lane.join()
        if self._failures:
            raise self._failures[0]

    def _lane(self, waiting: deque[TensorJob], drawing: ThreadPoolExecutor) -> None:
        try:
            memory = [page_aligned(BLOCK) for _ in range(_AHEAD)]
            while not self._stopped.is_set():
                with self._taking:
                    if not waiting:
                        return
                    job = waiting.popleft()
                made = job.tensor.size * _MADE if job.tensor.is_whole else 0
                with self._budget.taken(made):
                    self._do(job, drawing, memory)
        except BaseException as failure:  # noqa: BLE001 (raised by the caller's thread)
            self._failures.append(failure)
            self._stopped.set()

    def _do(self, job: TensorJob, drawing: ThreadPoolExecutor, memory: Sequence[Block]) -> None:
        tensor, sha, crc = job.tensor, hashlib.sha256(), job.crc
        blocks = _drawn_ahead(tensor, drawing, memory)
        try:
            for offset, block in blocks:
                if self._stopped.is_set():
                    return
                sha.update(block)
                if crc is not None:
                    crc = zlib.crc32(block, crc)
                if job.store is not None:
                    job.store(offset, block)
                with self._telling:
                    self._advanced(len(block))
        finally:
            blocks.close()
            tensor.release()
        with self._telling:
            self._finished(tensor, TensorDigest(sha.hexdigest(), crc))


def blocks_of_bytes(tensor: StartTensor) -> Iterator[Block]:
    """Draw a tensor block by block, as its file has it, in memory that the next block overwrites.

    Args:
        tensor: to be drawn.
    """
    memory = np.empty(BLOCK, np.uint8)
    for first, size in _runs(tensor):
        yield _drawn(tensor, first, memory[: size * tensor.storage.itemsize])
    tensor.release()


def cores_available() -> int:
    """Count the cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _drawn_ahead(
    tensor: StartTensor, drawing: ThreadPoolExecutor, memory: Sequence[Block]
) -> Generator[tuple[int, memoryview], None, None]:
    """Give the blocks of a tensor in order, the next ones being drawn meanwhile."""
    itemsize = tensor.storage.itemsize
    free, under_way = (
        deque(memory),
        deque[tuple[int, Block, Future[Block]]](),
    )
    runs = _runs(tensor)
    try:
        while True:
            while free and (run := next(runs, None)) is not None:
                first, size = run
                room = free.popleft()
                future = drawing.submit(_drawn, tensor, first, room[: size * itemsize])
                under_way.append((first * itemsize, room, future))
            if not under_way:
                return
            offset, room, future = under_way.popleft()
            yield offset, future.result().data
            free.append(room)
    finally:
        for _, _, future in under_way:
            future.cancel()


def _runs(tensor: StartTensor) -> Iterator[tuple[int, int]]:
    """Divide a tensor into runs of elements that fit a block."""
    step = step_of(tensor.shape, BLOCK // tensor.storage.itemsize)
    for first in range(0, tensor.size, step):
        yield first, min(step, tensor.size - first)


def _drawn(tensor: StartTensor, first: int, room: Block) -> Block:
    tensor.fill(first, room.view(tensor.storage))
    return room
