"""The tensors of a file of HDF5: another process lists them, and they are read where they lie."""

from __future__ import annotations

import base64
import importlib.util
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from fanwise.adapters.files import hdf5_listing
from fanwise.adapters.files.chunks import Chunked
from fanwise.adapters.files.faults import broken, quoted
from fanwise.adapters.files.libraries import missing, program_environment
from fanwise.adapters.files.numbers import NUMBERS, Number
from fanwise.adapters.files.regions import checked_shape, refused, stored
from fanwise.adapters.files.sources import Bytes
from fanwise.adapters.stored_weights import StoredTensor

MAGIC: Final = b"\x89HDF\r\n\x1a\n"
#: Longer than the process may compute.
_PATIENCE: Final = 3 * hdf5_listing.SECONDS


@dataclass(frozen=True)
class H5Entry:
    """A group or a dataset of a file.

    Attributes:
        path: the names of the groups that it lies in, and its own.
        title: of a group: its attribute ``name``.
        attributes: of a group: the names of all.
        tensor: where it is a dataset.
    """

    path: tuple[str, ...]
    title: str = ""
    attributes: frozenset[str] = frozenset()
    tensor: StoredTensor | None = None


def entries_of(source: Bytes) -> list[H5Entry]:
    """Find all groups and datasets of a file, the root first.

    Raises:
        FanwiseError: where h5py is missing, or the file is damaged, or refers to other files.
    """
    if importlib.util.find_spec("h5py") is None:
        raise missing("h5py", "a file of HDF5")
    return [_entry(source, json.loads(line)) for line in _listing(source).splitlines()]


def _listing(source: Bytes) -> bytes:
    """Let another process list the file, which dies in the place of this one."""
    path, offset = source.place()
    program = Path(hdf5_listing.__file__)
    command = [sys.executable, "-P", str(program), str(path.absolute()), str(offset)]
    try:
        done = subprocess.run(  # noqa: S603 - a program of this package, without a shell
            [*command, str(source.size)],
            env=program_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise broken("a file of HDF5", "one that takes minutes to list") from None
    if done.returncode:
        raise broken(
            "a file of HDF5", "one that HDF5 fails on, or that takes too much memory or time"
        )
    return done.stdout


def _entry(source: Bytes, facts: dict[str, Any]) -> H5Entry:
    path = tuple(facts["path"])
    name = "/".join(path)
    if "error" in facts:
        raise broken("a file of HDF5", quoted(facts["error"]))
    if "fault" in facts:
        raise broken(
            "groups and datasets of the file itself",
            f"{quoted(facts['fault'])} in {quoted(name)}",
            "A checkpoint has none: do not trust this file.",
        )
    if "shape" not in facts:
        return H5Entry(path, facts["title"], frozenset(facts["attributes"]))
    return H5Entry(path, tensor=_tensor(source, name, facts))


def _tensor(source: Bytes, name: str, facts: dict[str, Any]) -> StoredTensor:
    shape = checked_shape(name, facts["shape"])
    if not facts["dtype"]:
        return refused(name, shape, "unknown", "whose type is no plain number of NumPy")
    number = _number(facts["dtype"])
    if "chunks" in facts:
        chunks = [(tuple(corner), *where) for corner, *where in facts["chunks"]]
        chunked = Chunked(
            name, source, number, shape, tuple(facts["chunk"]), chunks, facts["filters"]
        )
        return StoredTensor(name, shape, number.name, chunked.read)
    if "data" in facts:
        bits = np.frombuffer(base64.b64decode(facts["data"]), number.storage)
        return StoredTensor(
            name, shape, number.name, number.decode(bits.reshape(shape)).__getitem__
        )
    if facts["offset"] is None and 0 not in shape:
        raise broken(f"the values of {quoted(name)}", "a dataset that was never written")
    return stored(name, source, number, facts["offset"] or 0, shape)


def _number(dtype: str) -> Number:
    if dtype in NUMBERS:
        return NUMBERS[dtype]
    kind = np.dtype(dtype)
    return Number(kind.newbyteorder("=").name, kind)
