"""Files in which every tensor has a place of its own, known before anything is drawn."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from fanwise.adapters.files.writing.sinks import Sink
from fanwise.adapters.starts.digests import TensorDigest
from fanwise.adapters.starts.pipeline import TensorJob
from fanwise.adapters.starts.work import Work

_READ: Final = 1 << 20


@dataclass(frozen=True)
class FileRegion:
    """The bytes of a tensor in a file.

    Attributes:
        offset: of the first.
        size: how many there are.
        crc: the CRC-32 of what it begins with, for formats that have one; None for others.
    """

    offset: int
    size: int
    crc: int | None = None


#: Gives what a file has beside its tensors, at their offsets, from the digests of these.
Frame = Callable[[Mapping[str, TensorDigest]], Sequence[tuple[int, bytes]]]


@dataclass(frozen=True)
class RegionFile:
    """One file.

    Attributes:
        name: of it.
        size: of all of it.
        regions: of its tensors, by their names.
        frame: what else is in it.
    """

    name: str
    size: int
    regions: Mapping[str, FileRegion]
    frame: Frame = field(repr=False)


@dataclass(frozen=True)
class RegionPlan:
    """A start in such files: see :class:`fanwise.adapters.files.writing.protocol.FormatPlan`.

    Attributes:
        every: the files.
        extra: further files, by their names: their bytes.
    """

    every: tuple[RegionFile, ...]
    extra: Mapping[str, bytes] = field(default_factory=dict, repr=False)

    @property
    def files(self) -> Mapping[str, str]:
        """The file of each tensor."""
        return {name: file.name for file in self.every for name in file.regions}

    @property
    def nbytes(self) -> int:
        """The bytes of all files."""
        return sum(file.size for file in self.every) + sum(map(len, self.extra.values()))

    @property
    def layout(self) -> object:
        """The sizes of the files, and where the tensors lie in them."""
        return [
            [file.name, file.size, [[n, r.offset, r.size] for n, r in file.regions.items()]]
            for file in self.every
        ]

    def is_held(self, folder: Path, name: str, digest: TensorDigest, *, reread: bool) -> bool:
        """Tell whether the bytes of a tensor are in their file."""
        place = next(((f, f.regions[name]) for f in self.every if name in f.regions), None)
        if place is None:
            return False
        file, region = place
        path = folder / file.name
        if not path.is_file() or path.stat().st_size != file.size:
            return False
        return not reread or _sha256(path, region) == digest.sha256

    def write(self, work: Work) -> None:
        """Write all that is missing."""
        missing = {tensor.name: tensor for tensor in work.missing}
        with contextlib.ExitStack() as closing:
            jobs = []
            for file in self.every:
                sink = closing.enter_context(Sink.opened(work.folder / file.name, file.size))
                jobs += [
                    TensorJob(missing[name], sink.run(region.offset, region.size), region.crc)
                    for name, region in file.regions.items()
                    if name in missing
                ]
            work.run(jobs)
        for file in self.every:
            with Sink.opened(work.folder / file.name, file.size) as sink:
                for offset, data in file.frame(work.digests):
                    sink.write(offset, memoryview(data))
        for name, data in self.extra.items():
            (work.folder / name).write_bytes(data)


def _sha256(path: Path, region: FileRegion) -> str:
    """Hash the bytes of a tensor as they lie in a file."""
    sha, left = hashlib.sha256(), region.size
    with path.open("rb", buffering=0) as file:
        file.seek(region.offset)
        while left:
            block = file.read(min(_READ, left))
            if not block:
                return ""
            sha.update(block)
            left -= len(block)
    return sha.hexdigest()
