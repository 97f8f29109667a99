"""What a format has to offer for starts to be written in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from fanwise.adapters.starts.digests import TensorDigest
from fanwise.adapters.starts.start import ModelStart

if TYPE_CHECKING:
    from fanwise.adapters.starts.work import Work


@dataclass(frozen=True)
class FileOptions:
    """What is asked of the files of a start.

    Attributes:
        name: of the one file, where the target is a file; ``""`` where it is a folder.
        shard_size: the most bytes of tensors that a file of several has.
    """

    name: str
    shard_size: int


class FormatPlan(Protocol):
    """A start laid out in the files of a format: all is checked, and nothing written."""

    @property
    def files(self) -> Mapping[str, str]:
        """The file of each tensor, below the folder, by the tensor's name."""
        ...

    @property
    def nbytes(self) -> int:
        """The bytes that all files have, for the free space to be checked; about is enough."""
        ...

    @property
    def layout(self) -> object:
        """What decides the bytes beside the start: plain data, for the journal's request."""
        ...

    def is_held(self, folder: Path, name: str, digest: TensorDigest, *, reread: bool) -> bool:
        """Tell whether the bytes of a tensor are in their file; False draws it again.

        Args:
            folder: that the files lie in.
            name: of a tensor that an earlier call has finished.
            digest: of it.
            reread: whether to read the bytes, since the machine has been started anew; otherwise
                it is enough that the file is there.
        """
        ...

    def write(self, work: Work) -> None:
        """Write all that is missing into ``work.folder``, and close the files.

        Every tensor of ``work.missing`` goes through ``work.run``, ``work.blocks`` or
        ``work.finish`` and has a digest then. The call may be another try after a kill: what the
        journal has not finished is written again, whatever lies there. The start's description is
        written by the caller.
        """
        ...


class StartFormat(Protocol):
    """A format that starts can be written in; a module of this package, or an object of one."""

    @property
    def name(self) -> str:
        """What people call it: ``"safetensors"``."""
        ...

    @property
    def suffixes(self) -> tuple[str, ...]:
        """Of targets that are one file of it; empty where it is always a folder."""
        ...

    def plan(self, start: ModelStart, options: FileOptions) -> FormatPlan:
        """Lay a start out.

        Raises:
            FanwiseError: for names, dtypes or options that the format does not have.
        """
        ...
