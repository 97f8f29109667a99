"""Starts as distributed checkpoints of torch, which ``dcp.load`` reads into any sharding.

torch's own writer saves each tensor in a file of its own, in chunks, as they are drawn, so that no
tensor is ever in memory. The metadata names neither the folder nor the time.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Final

import torch
from torch.distributed.checkpoint.metadata import Metadata
from torch.distributed.checkpoint.storage import WriteResult

from fanwise.adapters.files.writing.protocol import FileOptions
from fanwise.adapters.starts.digests import TensorDigest
from fanwise.adapters.starts.pipeline import TensorJob
from fanwise.adapters.starts.start import ModelStart
from fanwise.adapters.starts.work import Work
from fanwise.adapters.torch.checkpoints.saved_tensors import CHUNK, SavedTensor, TimelessWriter
from fanwise.adapters.torch.checkpoints.streamed_saves import StreamedSave
from fanwise.spec.errors import FanwiseError, Phrase

#: So many tensors are written at once, each with some chunks in memory.
_LANES: Final = 8


@dataclass(frozen=True)
class DistributedCheckpoint:
    """The format: see :class:`fanwise.adapters.files.writing.protocol.StartFormat`."""

    name: str = "dcp"
    suffixes: tuple[str, ...] = ()

    def plan(self, start: ModelStart, options: FileOptions) -> DistributedPlan:
        """Lay a start out.

        Raises:
            FanwiseError: for a dtype that torch lacks.
        """
        del options
        for tensor in start.tensors:
            if not isinstance(getattr(torch, tensor.dtype, None), torch.dtype):
                hint = "Pass dtype=, or leave the tensor out of the model."
                received = Phrase(f"{tensor.dtype} of {tensor.name}")
                raise FanwiseError("a dtype that torch has", received, hint)
        saved = (SavedTensor(tensor, number) for number, tensor in enumerate(start.tensors))
        return DistributedPlan({one.tensor.name: one for one in saved}, start.ties)


@dataclass(frozen=True)
class DistributedPlan:
    """A start as a checkpoint: see :class:`fanwise.adapters.files.writing.protocol.FormatPlan`.

    Attributes:
        saved: the tensors, by their names.
        ties: further names of them, each with the one that it is tied to.
    """

    saved: Mapping[str, SavedTensor]
    ties: Mapping[str, str] = field(default_factory=dict)

    @property
    def files(self) -> Mapping[str, str]:
        """The file of each tensor."""
        return {name: saved.file for name, saved in self.saved.items()}

    @cached_property
    def nbytes(self) -> int:
        """The bytes of all files but the metadata."""
        return sum(_size(saved) for saved in self.saved.values())

    @property
    def layout(self) -> object:
        """What decides the bytes beside the start: torch's version decides those of its files."""
        return {"chunk": CHUNK, "torch": torch.__version__}

    def is_held(self, folder: Path, name: str, digest: TensorDigest, *, reread: bool) -> bool:
        """Tell whether the chunks of a tensor are in its file."""
        saved = self.saved[name]
        path = folder / saved.file
        size = _size(saved)
        if (path.stat().st_size if path.is_file() else 0) != size:
            return False
        return not reread or _sha256(path, saved) == digest.sha256

    def write(self, work: Work) -> None:
        """Write the tensors that are missing, and then the metadata."""
        work.folder.mkdir(parents=True, exist_ok=True)
        sizes = {saved.file: _size(saved) for saved in self.saved.values()}
        writer = TimelessWriter(work.folder, sizes)
        plans = writer.prepare_global_plan([saved.plan() for saved in self.saved.values()])
        missing = [self.saved[tensor.name] for tensor in work.missing]
        saves = [StreamedSave(writer, plans[saved.number], saved) for saved in missing]
        try:
            work.run([TensorJob(save.tensor, save.store) for save in saves], lanes=_LANES)
        except RuntimeError as error:
            # torch's archive says that its end is not where it should be, not that a disk is full.
            if isinstance(error.__context__, OSError):
                raise error.__context__ from error
            raise
        finally:
            for save in saves:
                save.close()
        # All of it is made anew, whatever an earlier call has written, so that its bytes are one.
        # The state dict of a model with ties has all of their names, and torch loads no other: each
        # is another entry for the same chunks.
        named = {**self.saved, **{alias: self.saved[tied] for alias, tied in self.ties.items()}}
        metadata = {name: saved.metadata() for name, saved in named.items()}
        results = [_results_as(name, saved) for name, saved in named.items()]
        names = {name: (name,) for name in named}
        writer.finish(Metadata(metadata, planner_data=names), results)


FORMAT: Final = DistributedCheckpoint()


def _results_as(name: str, saved: SavedTensor) -> list[WriteResult]:
    """Return where the chunks of a tensor lie, under one of its names."""
    return [replace(result, index=replace(result.index, fqn=name)) for result in saved.results()]


def _size(saved: SavedTensor) -> int:
    return sum(result.size_in_bytes for result in saved.results())


def _sha256(path: Path, saved: SavedTensor) -> str:
    """Hash the numbers of a tensor as they lie in its file."""
    sha = hashlib.sha256()
    with path.open("rb") as file:
        for result in saved.results():
            file.seek(result.storage_data.offset)
            chunk = torch.load(io.BytesIO(file.read(result.size_in_bytes)), weights_only=True)
            sha.update(memoryview(chunk.reshape(-1).view(torch.uint8).numpy()))
    return sha.hexdigest()
