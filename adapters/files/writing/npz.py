"""Starts as .npz: an archive that is not compressed, with an .npy of each tensor.

Whatever opens such archives reads it, ``numpy.load`` for one. Its dates are the first that it can
have, so that the same start has the same bytes.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from fanwise.adapters.files.faults import quoted
from fanwise.adapters.files.writing.protocol import FileOptions
from fanwise.adapters.files.writing.regions import FileRegion, RegionFile, RegionPlan
from fanwise.adapters.starts.digests import TensorDigest
from fanwise.adapters.starts.start import ModelStart
from fanwise.adapters.starts.start_tensors import StartTensor
from fanwise.spec.errors import FanwiseError, Phrase

#: What is said of sizes and offsets that have 64 bits, in a field of their own.
_LARGE: Final = 0xFFFFFFFF
_VERSION: Final = 45  # the first with 64 bits
_UTF8: Final = 1 << 11
#: 1980-01-01, 00:00, as a time and a date of MS-DOS.
_TIME, _DATE = 0, 33
_REGULAR_FILE: Final = 0o100644 << 16
_UNIX: Final = 3 << 8
#: Of which ".npy" is the end.
_LONGEST_NAME: Final = 0xFFFF - 4
#: An .npy begins its numbers at a multiple of so many bytes.
_ALIGNED: Final = 64


@dataclass(frozen=True)
class Npz:
    """The format: see :class:`fanwise.adapters.files.writing.protocol.StartFormat`."""

    name: str = "npz"
    suffixes: tuple[str, ...] = (".npz",)

    def plan(self, start: ModelStart, options: FileOptions) -> RegionPlan:
        """Lay a start out."""
        for tensor in start.tensors:
            if tensor.dtype == "bfloat16":
                hint = "Pass dtype='float32', or another format."
                received = Phrase(f"{tensor.dtype} of {tensor.name}")
                raise FanwiseError("a dtype that NumPy has", received, hint)
            if "\0" in tensor.name or len(tensor.name.encode()) > _LONGEST_NAME:
                hint = "Write another format, or rename the tensor."
                expected = f"names without NUL of at most {_LONGEST_NAME:,} bytes, as archives have"
                raise FanwiseError(expected, Phrase(quoted(tensor.name)), hint)
        members, at = [], 0
        for tensor in start.tensors:
            member = _Member.of(tensor, at)
            members.append(member)
            at = member.end
        regions = {m.tensor.name: FileRegion(m.begin, m.tensor.nbytes, m.crc) for m in members}
        directory = sum(len(member.entry(0)) for member in members)
        name = options.name or "model.npz"
        size = at + directory + len(_end(len(members), directory, at))

        def frame(digests: Mapping[str, TensorDigest]) -> Sequence[tuple[int, bytes]]:
            return list(_frame(members, digests, at))

        return RegionPlan((RegionFile(name, size, regions, frame),))


FORMAT: Final = Npz()


@dataclass(frozen=True)
class _Member:
    """One file of the archive.

    Attributes:
        tensor: what it holds.
        offset: of its header in the archive.
        name: of it, as bytes.
        head: what stands before the numbers in an .npy.
    """

    tensor: StartTensor
    offset: int
    name: bytes
    head: bytes

    @classmethod
    def of(cls, tensor: StartTensor, offset: int) -> _Member:
        name = f"{tensor.name}.npy".encode()
        return cls(tensor, offset, name, npy_head(tensor.shape, tensor.dtype, tensor.storage))

    @property
    def size(self) -> int:
        return len(self.head) + self.tensor.nbytes

    @property
    def begin(self) -> int:
        return self.offset + len(self.local(0))

    @property
    def end(self) -> int:
        return self.begin + self.tensor.nbytes

    @property
    def crc(self) -> int:
        return zlib.crc32(self.head)

    def local(self, crc: int) -> bytes:
        """Return what stands before its numbers."""
        extra = struct.pack("<HHQQ", 1, 16, self.size, self.size)
        fields = (_VERSION, _UTF8, 0, _TIME, _DATE, crc, _LARGE, _LARGE)
        head = struct.pack("<4sHHHHHIIIHH", b"PK\3\4", *fields, len(self.name), len(extra))
        return head + self.name + extra + self.head

    def entry(self, crc: int) -> bytes:
        """Return its entry in the directory at the end."""
        extra = struct.pack("<HHQQQ", 1, 24, self.size, self.size, self.offset)
        fields = (_UNIX | _VERSION, _VERSION, _UTF8, 0, _TIME, _DATE, crc, _LARGE, _LARGE)
        lengths = (len(self.name), len(extra), 0, 0, 0, _REGULAR_FILE, _LARGE)
        return struct.pack("<4sHHHHHHIIIHHHHHII", b"PK\1\2", *fields, *lengths) + self.name + extra


def npy_head(shape: tuple[int, ...], dtype: str, storage: np.dtype[Any]) -> bytes:
    """Return what stands before the numbers in an .npy, as NumPy writes it.

    Args:
        shape: of the array.
        dtype: by its name.
        storage: what NumPy has it in.
    """
    descr = {"bool": "|b1", "int8": "|i1", "uint8": "|u1"}.get(dtype, "")
    if not descr:
        descr = f"<{storage.kind}{storage.itemsize}"
    text = f"{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}".encode()
    long = len(text) + 1 + 10 > 0xFFFF
    start = b"\x93NUMPY\2\0" if long else b"\x93NUMPY\1\0"
    before = len(start) + (4 if long else 2)
    text += b" " * (-(before + len(text) + 1) % _ALIGNED) + b"\n"
    return start + struct.pack("<I" if long else "<H", len(text)) + text


def _frame(
    members: Sequence[_Member], digests: Mapping[str, TensorDigest], at: int
) -> list[tuple[int, bytes]]:
    """Return the headers of all members, and the directory."""
    crcs = [digests[member.tensor.name].crc32 or 0 for member in members]
    heads = [(member.offset, member.local(crc)) for member, crc in zip(members, crcs, strict=True)]
    directory = b"".join(m.entry(crc) for m, crc in zip(members, crcs, strict=True))
    return [*heads, (at, directory + _end(len(members), len(directory), at))]


def _end(count: int, size: int, offset: int) -> bytes:
    """Return what ends an archive of any size."""
    versions = (_UNIX | _VERSION, _VERSION, 0, 0)
    large = struct.pack("<4sQHHIIQQQQ", b"PK\6\6", 44, *versions, count, count, size, offset)
    locator = struct.pack("<4sIQI", b"PK\6\7", 0, offset + size, 1)
    short = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, _LARGE, _LARGE, 0)
    return large + locator + short
