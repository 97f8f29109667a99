"""What was written of a start, or would have been."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Written:
    """A start that is written, or that was drawn and hashed alone.

    Attributes:
        digest: SHA-256 of the sorted lines of its tensors' names and digests: the same for the
            same bytes, whatever the files that they lie in.
        tensors: the SHA-256 of each tensor's bytes, by its name.
        to: the file or the folder; None where nothing was written.
        files: the names of the files that hold tensors.
        nbytes: of all tensors.
        elements: of all tensors.
        kept: how many tensors an earlier call had finished.
        left_out: what the model has, and the start has not.
    """

    digest: str
    tensors: Mapping[str, str] = field(repr=False)
    to: Path | None
    files: tuple[str, ...]
    nbytes: int
    elements: int
    kept: int = 0
    left_out: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "digest": self.digest,
            "to": None if self.to is None else str(self.to),
            "files": list(self.files),
            "bytes": self.nbytes,
            "elements": self.elements,
            "kept": self.kept,
            "left_out": list(self.left_out),
            "tensors": dict(self.tensors),
        }

    def __str__(self) -> str:
        where = "drawn and hashed" if self.to is None else f"written to {self.to}"
        files = f" in {len(self.files)} files" if len(self.files) > 1 else ""
        counts = f"{len(self.tensors)} tensors, {self.elements:,} elements, {self.nbytes:,} bytes"
        lines = [f"{counts}, {where}{files}", f"digest {self.digest}"]
        if self.kept:
            lines.insert(1, f"{self.kept} of them were complete before")
        if self.left_out:
            lines.append(f"left out: {', '.join(self.left_out)}")
        return "\n".join(lines)
