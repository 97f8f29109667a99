"""Which format a file has, told by what it begins with, and the reader of it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from fanwise.adapters.files.archives import Archive
from fanwise.adapters.files.faults import broken
from fanwise.adapters.files.hdf5 import MAGIC as HDF5
from fanwise.adapters.files.keras_files import is_keras_archive, read_h5, read_keras_archive
from fanwise.adapters.files.numpy_files import MAGIC, is_npz, read_npy, read_npz
from fanwise.adapters.files.opened import TensorFile
from fanwise.adapters.files.safetensors import looks_like_safetensors, read_safetensors
from fanwise.adapters.files.sources import FileSource
from fanwise.adapters.files.torch_files import (
    is_torch_archive,
    looks_like_old_torch,
    read_old_torch,
    read_torch_archive,
)

_HEAD: Final = 64
KNOWN: Final = (
    "safetensors, torch.save, .npz and .npy, Keras's .weights.h5 and .keras, torch's distributed "
    "checkpoints, Orbax"
)


def read_file(source: FileSource, path: Path) -> TensorFile:
    """Find the tensors of a file that stands for itself.

    Raises:
        FanwiseError: where it is of no format that is known, or damaged.
    """
    head = source.read(0, min(_HEAD, source.size))
    if head.startswith(b"PK"):
        return _read_archive(Archive(source))
    if head.startswith(MAGIC):
        return read_npy(source, path.stem)
    if head.startswith(HDF5):
        return read_h5(source)
    if looks_like_old_torch(head):
        return read_old_torch(source)
    if looks_like_safetensors(head, source.size):
        return read_safetensors(source)
    raise unknown(head)


def _read_archive(archive: Archive) -> TensorFile:
    if is_torch_archive(archive):
        return read_torch_archive(archive)
    if is_keras_archive(archive):
        return read_keras_archive(archive)
    if is_npz(archive):
        return read_npz(archive)
    raise broken(
        "an archive of torch.save, numpy.savez or Keras",
        f"one of {len(archive.members)} other members",
        "Unpack it, and pass the checkpoint that is in it.",
    )


def unknown(head: bytes) -> Exception:
    """Make the error of a file of another format, with what it seems to be."""
    if not head:
        return broken(f"a checkpoint ({KNOWN})", "an empty file")
    seeming = next((name for start, name in _OTHERS.items() if head.startswith(start)), None)
    if seeming is None:
        return broken(
            f"a checkpoint ({KNOWN})",
            f"a file that begins with {head[:8]!r}",
            "Convert it to safetensors, or pass the state dict in memory.",
        )
    return broken(f"a checkpoint ({KNOWN})", *seeming)


_PICKLED: Final = (
    "a pickle",
    "Nothing is unpickled, since a pickle can run any code: save the weights as safetensors.",
)
_OTHERS: Final = {
    b"GGUF": ("a file of GGUF", "Pass the checkpoint that it was converted from."),
    b"\x80\x02": _PICKLED,
    b"\x80\x03": _PICKLED,
    b"\x80\x04": _PICKLED,
    b"\x80\x05": _PICKLED,
    b"\x1f\x8b": ("a file of gzip", "Unpack it first."),
}
