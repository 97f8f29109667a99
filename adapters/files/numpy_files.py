"""Files of NumPy: ``.npy``, and ``.npz``, which is an archive of these."""

from __future__ import annotations

import io
import math
from typing import Any, Final

import numpy as np

from fanwise.adapters.files.archives import Archive
from fanwise.adapters.files.faults import broken, quoted
from fanwise.adapters.files.numbers import NUMBERS, Number
from fanwise.adapters.files.opened import TensorFile
from fanwise.adapters.files.regions import refused, stored
from fanwise.adapters.files.sources import Bytes
from fanwise.adapters.stored_weights import StoredTensor

MAGIC: Final = b"\x93NUMPY"
_SUFFIX: Final = ".npy"
#: The longest header that NumPy reads, and what stands before it.
_LONGEST_HEADER: Final = 10_000 + 12


def read_npy(source: Bytes, name: str) -> TensorFile:
    """Find the tensor of a file.

    Args:
        source: the bytes of the file.
        name: of the tensor, which the file does not say.
    """
    return TensorFile({name: _tensor(source, name)}, "npy")


def read_npz(archive: Archive) -> TensorFile:
    """Find the tensors of an archive, each by the name that it was saved with."""
    tensors = {}
    for member in archive.members:
        name = member.removesuffix(_SUFFIX)
        tensors[name] = _tensor(archive.checked(member), name)
    return TensorFile(tensors, "npz")


def is_npz(archive: Archive) -> bool:
    """Whether every member of an archive, and there is one, is a file of NumPy."""
    return bool(archive.members) and all(name.endswith(_SUFFIX) for name in archive.members)


def _tensor(source: Bytes, name: str) -> StoredTensor:
    head = io.BytesIO(source.read(0, min(_LONGEST_HEADER, source.size)))
    version = np.lib.format.read_magic(head)
    if version == (1, 0):
        shape, fortran, dtype = np.lib.format.read_array_header_1_0(head)
    elif version in ((2, 0), (3, 0)):
        # Both differ in the encoding of the names of fields alone.
        shape, fortran, dtype = np.lib.format.read_array_header_2_0(head)
    else:
        raise broken("version 1, 2 or 3 of a file of NumPy", f"{version} in {quoted(name)}")
    number = _number(dtype)
    if number is None:
        return refused(name, shape, str(dtype), f"whose dtype is {quoted(dtype)}")
    strides = _column_strides(shape) if fortran else None
    tensor = stored(name, source, number, head.tell(), shape, strides)
    if head.tell() + math.prod(shape) * dtype.itemsize != source.size:
        raise broken(f"{shape} of {dtype} in {quoted(name)}", f"{source.size} bytes with header")
    return tensor


def _number(dtype: np.dtype[Any]) -> Number | None:
    """Return how the elements are read; none for objects, records, texts, complex numbers."""
    if dtype == np.dtype("V2"):
        # bfloat16 of ml_dtypes, whose name NumPy does not write down.
        return NUMBERS["bfloat16"]
    if dtype.kind == "b":
        return NUMBERS["bool"]
    return Number(dtype.name, dtype) if dtype.kind in "fiu" else None


def _column_strides(shape: tuple[int, ...]) -> tuple[int, ...]:
    strides, step = [], 1
    for size in shape:
        strides.append(step)
        step *= size
    return tuple(strides)
