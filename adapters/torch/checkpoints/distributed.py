"""Starts as distributed checkpoints of torch, which ``dcp.load`` reads into any sharding.

torch's own writer saves each tensor in a file of its own, in chunks, as they are drawn, so that no
tensor is ever in memory. The metadata names neither the folder nor the time.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

import torch
from torch.distributed.checkpoint.metadata import Metadata

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
        return DistributedPlan({one.tensor.name: one for one in saved})


@dataclass(frozen=True)
class DistributedPlan:
    """A start as a checkpoint: see :class:`fanwise.adapters.files.writing.protocol.FormatPlan`.

    Attributes:
        saved: the tensors, by their names.
    """

    saved: Mapping[str, SavedTensor]

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
        writer = TimelessWriter(
            work.folder, sync_files=False, thread_count=1, per_thread_copy_ahead=0
        )
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
        metadata = {name: saved.metadata() for name, saved in self.saved.items()}
        results = [saved.results() for saved in self.saved.values()]
        names = {name: (name,) for name in self.saved}
        writer.finish(Metadata(metadata, planner_data=names), results)


FORMAT: Final = DistributedCheckpoint()


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
