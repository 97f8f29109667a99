"""Files of the format zip, whose members are read in blocks."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from fanwise.adapters.files.faults import broken, quoted
from fanwise.adapters.files.inflated import InflatedSource
from fanwise.adapters.files.sources import Bytes, PartSource

#: The longest directory: of some 150,000 members, for which zipfile takes 100 MB.
_LONGEST_DIRECTORY: Final = 12 << 20
_LOCAL_HEADER: Final = 30


class Archive:
    """The members of a zip archive.

    Args:
        source: the bytes of the archive.
    """

    def __init__(self, source: Bytes) -> None:
        self._source = source
        # zipfile reads the directory as a whole, which is why it is handed a file that gives no
        # more than so much at a time.
        with zipfile.ZipFile(_Stream(source, _LONGEST_DIRECTORY)) as directory:
            members = directory.infolist()
        self.members: Mapping[str, zipfile.ZipInfo] = {
            member.filename: member for member in members
        }
        if len(self.members) != len(members):
            raise broken("a name for each member of the archive", "a name that is there twice")
        if sum(member.compress_size for member in members) > source.size:
            raise broken("members that lie side by side", "members that overlap")

    def open(self, name: str) -> Bytes:
        """Return the bytes of a member, which are read, and inflated, as they are asked for.

        Raises:
            FanwiseError: where there is none of the name, or it is encrypted, or compressed by
                anything but "deflate".
        """
        member = self.members.get(name)
        if member is None:
            raise broken(f"a member {quoted(name)} of the archive", "none")
        if member.flag_bits & 1:
            raise broken("a member that is not encrypted", quoted(name), "Decrypt the file first.")
        data = PartSource(self._source, self._start(member), member.compress_size)
        if member.compress_type == zipfile.ZIP_STORED:
            if member.file_size != member.compress_size:
                raise broken(f"{member.file_size} bytes of {quoted(name)}", f"{data.size}")
            return data
        if member.compress_type == zipfile.ZIP_DEFLATED:
            return InflatedSource(data, member.file_size)
        raise broken(
            f"{quoted(name)} stored as it is, or compressed by deflate",
            f"method {member.compress_type} of zip",
            "Write the file again, without compression.",
        )

    def content(self, name: str, most: int) -> bytes:
        """Return a whole member that should be short.

        Args:
            name: of the member.
            most: how long it may be.
        """
        source = self.open(name)
        if source.size > most:
            raise broken(f"at most {most} bytes of {quoted(name)}", f"{source.size}")
        return source.read(0, source.size)

    def checked(self, name: str) -> Bytes:
        """Return a member like :meth:`open`, whose checksum is compared once all is read."""
        return _SummedSource(self.open(name), self.members[name].CRC, name)

    def _start(self, member: zipfile.ZipInfo) -> int:
        """Return where the data of a member begins, behind its own header."""
        header = self._source.read(member.header_offset, _LOCAL_HEADER)
        if header[:4] != b"PK\3\4":
            raise broken(f"the header of {quoted(member.filename)}", "other bytes")
        lengths = int.from_bytes(header[26:28], "little"), int.from_bytes(header[28:30], "little")
        return member.header_offset + _LOCAL_HEADER + sum(lengths)


class _SummedSource:
    """A source whose checksum is known; it is compared by whoever reads all of it in order."""

    def __init__(self, source: Bytes, checksum: int, name: str) -> None:
        self._source, self._checksum, self._name = source, checksum, name
        self.size = source.size
        self._summed = self._sum = 0

    def read(self, offset: int, length: int) -> bytes:
        """Return bytes of it."""
        data = self._source.read(offset, length)
        if offset <= self._summed < offset + length:
            self._sum = zlib.crc32(memoryview(data)[self._summed - offset :], self._sum)
            self._summed = offset + length
        if self._summed == self.size and self._sum != self._checksum:
            raise broken(
                f"the checksum {self._checksum:08x} of {quoted(self._name)}", f"{self._sum:08x}"
            )
        return data

    def place(self) -> tuple[Path, int]:
        """Return the file that it lies in, and where it begins there."""
        return self._source.place()


class _Stream(io.RawIOBase):
    """A source as a file that gives so many bytes at a time, and refuses to give more."""

    def __init__(self, source: Bytes, most: int) -> None:
        self._source, self._most = source, most
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._source.size}[whence]
        if base + offset < 0:
            raise broken("a place in the file", "one before it")
        self._at = base + offset
        return self._at

    def tell(self) -> int:
        return self._at

    def read(self, size: int | None = -1, /) -> bytes:
        left = max(0, self._source.size - self._at)
        count = left if size is None or size < 0 else min(size, left)
        if count > self._most:
            raise broken(
                f"a directory of at most {self._most} bytes",
                f"one of {count}",
                "Write fewer tensors into one file.",
            )
        data = self._source.read(self._at, count)
        self._at += count
        return data
