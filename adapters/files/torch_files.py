"""Files of ``torch.save``: zip archives, and the form that was before them.

Nothing of them is unpickled: what their pickles say of tensors is read as data, and the numbers
where they lie. So torch is not needed, and a file of any size is read in blocks.
"""

from __future__ import annotations

import io
from functools import cache
from typing import Any, Final

from fanwise.adapters.files.archives import Archive
from fanwise.adapters.files.faults import broken, quoted
from fanwise.adapters.files.numbers import NUMBERS
from fanwise.adapters.files.opened import TensorFile
from fanwise.adapters.files.pickled_values import Name
from fanwise.adapters.files.pickles import unpickled
from fanwise.adapters.files.sources import Bytes, PartSource
from fanwise.adapters.files.state_dicts import weights_in
from fanwise.adapters.files.torch_names import Storage, TorchReader
from fanwise.adapters.files.torch_tensors import stored_tensors

_PICKLE: Final = "data.pkl"
#: The longest pickle: of a million tensors.
_LONGEST_PICKLE: Final = 1 << 26
_MAGIC: Final = 0x1950A86A20F9469CFC6C
_PROTOCOL: Final = 1001
_COUNT: Final = 8


def is_torch_archive(archive: Archive) -> bool:
    """Whether an archive has the pickle of ``torch.save``."""
    return _pickle_of(archive) is not None


def read_torch_archive(archive: Archive) -> TensorFile:
    """Find the tensors of an archive of ``torch.save``.

    Raises:
        FanwiseError: where its pickle refers to anything but tensors and plain data.
    """
    name = _pickle_of(archive) or _PICKLE
    folder = name.removesuffix(_PICKLE)
    if f"{folder}constants.pkl" in archive.members:
        raise broken(
            "the state dict of a model",
            "a program of TorchScript",
            "Save model.state_dict() of the scripted model.",
        )
    order = f"{folder}byteorder"
    if order in archive.members and archive.content(order, 16) != b"little":
        raise broken("numbers in little-endian order", "another order", "Save it again on x86.")
    content = archive.content(name, _LONGEST_PICKLE)
    weights = weights_in(unpickled(io.BytesIO(content), TorchReader()))
    opened = cache(archive.open)

    def source_of(storage: Storage) -> Bytes:
        source = opened(f"{folder}data/{storage.key}")
        _check_count(storage, source.size)
        return source

    return TensorFile(stored_tensors(weights, source_of), "torch", "torch")


def looks_like_old_torch(head: bytes) -> bool:
    """Whether a file begins with the magic number of the form before archives."""
    return head[:2] in (b"\x80\x02", b"\x80\x03", b"\x80\x04") and (
        _MAGIC.to_bytes(10, "little") in head[:32]
    )


def read_old_torch(source: Bytes) -> TensorFile:
    """Find the tensors of a file of the form before archives.

    It is a row of pickles (a magic number, a version, the machine, what was saved, the keys of
    the storages), and then the storages, each behind its count of elements.
    """
    stream = io.BytesIO(source.read(0, min(_LONGEST_PICKLE, source.size)))
    reader = _KeepingReader()
    magic, protocol, machine, content, keys = (unpickled(stream, reader) for _ in range(5))
    del machine
    if magic != _MAGIC or protocol != _PROTOCOL:
        raise broken(f"version {_PROTOCOL} of torch.save", quoted(protocol))
    weights = weights_in(content)
    places = _places(source, stream.tell(), keys, reader.storages)

    def source_of(storage: Storage) -> Bytes:
        if storage.key not in places:
            raise broken(f"the storage {quoted(storage.key)}", "none")
        whole = reader.storages[storage.key]
        size = whole.count * _size_of(whole)
        return PartSource(source, places[storage.key], size)

    return TensorFile(stored_tensors(weights, source_of), "torch", "torch")


class _KeepingReader(TorchReader):
    """Keeps the storages that a pickle refers to, whose counts say where the next one lies."""

    def __init__(self) -> None:
        self.storages: dict[str, Storage] = {}

    def persistent(self, key: Any) -> Any:
        """Return the storage that a key of the pickle stands for."""
        match key:
            case (b"module" | "module", *_):
                raise broken("a state dict", "a pickled model", "Save model.state_dict().")
            case (str() as kind, Name() as name, str() as label, place, count, *_):
                whole = super().persistent((kind, name, label, place, count))
                self.storages.setdefault(label, whole)
        return super().persistent(key)


def _places(source: Bytes, at: int, keys: Any, storages: dict[str, Storage]) -> dict[str, int]:
    """Find where each storage begins."""
    places: dict[str, int] = {}
    for key in keys if isinstance(keys, list) else ():
        if not isinstance(key, str) or key not in storages or key in places:
            raise broken("the keys of the storages", quoted(key))
        storage = storages[key]
        count = int.from_bytes(source.read(at, _COUNT), "little")
        if count != storage.count:
            raise broken(f"{storage.count} elements of the storage {quoted(key)}", f"{count}")
        places[key] = at + _COUNT
        at += _COUNT + count * _size_of(storage)
        if at > source.size:
            raise broken(f"a storage within {source.size} bytes", f"one that ends at {at}")
    return places


def _size_of(storage: Storage) -> int:
    """Return how many bytes an element has."""
    sizes = {"": 1, "complex64": 8, "complex128": 16, "qint8": 1, "quint8": 1, "qint32": 4}
    number = NUMBERS.get(storage.dtype)
    size = number.storage.itemsize if number else sizes.get(storage.dtype)
    if size is None:
        raise broken("storages of whole bytes", quoted(storage.dtype))
    return size


def _check_count(storage: Storage, size: int) -> None:
    if storage.count * _size_of(storage) > size:
        raise broken(
            f"{storage.count} elements of the storage {quoted(storage.key)}", f"{size} bytes"
        )


def _pickle_of(archive: Archive) -> str | None:
    """Return the name of the pickle of an archive: in its one folder, whatever that is called."""
    names = [name for name in archive.members if name.count("/") == 1]
    return next((name for name in names if name.endswith(f"/{_PICKLE}")), None)
