"""The work of writing a start: what is to be drawn, what is there, and where it goes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fanwise.adapters.progress import Progress
from fanwise.adapters.starts.digests import TensorDigest
from fanwise.adapters.starts.pipeline import MOST_LANES, Pipeline, TensorJob, blocks_of_bytes
from fanwise.adapters.starts.start import ModelStart
from fanwise.adapters.starts.start_tensors import StartTensor


class Work:
    """What a writer is given: see :class:`fanwise.adapters.files.writing.protocol.FormatPlan`.

    Args:
        start: what is written.
        folder: where its files go; what a kill has left of them is there.
        kept: the tensors that an earlier call has finished, with their digests.
        note: is told of each tensor that is finished.
        progress: is told how many bytes have been done, of how many.

    Attributes:
        start, folder: as they were given.
        digests: of all tensors that are finished, by their names.
    """

    def __init__(
        self,
        start: ModelStart,
        folder: Path,
        kept: Mapping[str, TensorDigest],
        note: Callable[[StartTensor, TensorDigest], None],
        progress: Progress,
    ) -> None:
        self.start, self.folder = start, folder
        self.digests = dict(kept)
        self._note, self._progress = note, progress
        sizes = {tensor.name: tensor.nbytes for tensor in start.tensors}
        self._total = sum(sizes.values())
        self._done = sum(sizes[name] for name in kept)

    @property
    def missing(self) -> tuple[StartTensor, ...]:
        """The tensors that are not finished yet, in order."""
        return tuple(t for t in self.start.tensors if t.name not in self.digests)

    def run(self, jobs: Sequence[TensorJob], lanes: int = MOST_LANES) -> None:
        """Draw, hash and store tensors on all cores; each is finished then.

        Args:
            jobs: for tensors that are :attr:`missing`.
            lanes: how many of them are under way at once, at most.
        """
        Pipeline(self.finish, self._advance).run(jobs, lanes)

    def blocks(self, tensor: StartTensor) -> Iterator[NDArray[np.uint8]]:
        """Draw a tensor for a writer that takes bytes in order; it is finished with its last block.

        Args:
            tensor: one that is :attr:`missing`.

        Yields:
            Its bytes as a file has them, in memory that the next block overwrites.
        """
        sha = hashlib.sha256()
        for block in blocks_of_bytes(tensor):
            sha.update(block.data)
            yield block
            self._advance(block.size)
        self.finish(tensor, TensorDigest(sha.hexdigest()))

    def finish(self, tensor: StartTensor, digest: TensorDigest) -> None:
        """Note that all bytes of a tensor are in its file."""
        self.digests[tensor.name] = digest
        self._note(tensor, digest)

    def _advance(self, count: int) -> None:
        self._done += count
        self._progress(self._done, self._total, "")
