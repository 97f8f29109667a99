"""Folders of ``torch.distributed.checkpoint``.

torch reads their metadata with :mod:`pickle`, which runs whatever it is told to. Here it is read as
data, with the few classes that it consists of; the tensors are files of ``torch.save`` in a row.
"""

from __future__ import annotations

import contextlib
import io
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, Final

from fanwise.adapters.files.archives import Archive
from fanwise.adapters.files.faults import broken, quoted
from fanwise.adapters.files.numbers import NUMBERS
from fanwise.adapters.files.opened import TensorFile
from fanwise.adapters.files.pickled_values import Instance, Name, Pairs
from fanwise.adapters.files.pickles import unpickled
from fanwise.adapters.files.pieces import Piece, in_pieces
from fanwise.adapters.files.regions import checked_shape, refused
from fanwise.adapters.files.shards import inside
from fanwise.adapters.files.sources import FileSource, PartSource, UnopenedFile
from fanwise.adapters.files.state_dicts import weights_in
from fanwise.adapters.files.torch_files import read_torch_archive
from fanwise.adapters.files.torch_names import TorchReader
from fanwise.adapters.stored_weights import StoredTensor

METADATA: Final = ".metadata"
_LONGEST: Final = 1 << 26
_MODULES: Final = (
    "torch.distributed.checkpoint.metadata",
    "torch.distributed.checkpoint.filesystem",
)
_CLASSES: Final = frozenset(
    {
        *("Metadata", "MetadataIndex", "StorageMeta", "TensorProperties", "_MEM_FORMAT_ENCODING"),
        *("TensorStorageMetadata", "BytesStorageMetadata", "ChunkStorageMetadata", "_StorageInfo"),
    }
)
_MOST_FIELDS: Final = 16
#: Where a chunk is: the tensor and the chunk's first element; none for a tensor in one.
Place = tuple[str, tuple[int, ...] | None]


def read_distributed(folder: Path) -> TensorFile:
    """Find the tensors of a checkpoint of many processes.

    Args:
        folder: with the file ``.metadata``.

    Raises:
        FanwiseError: where the metadata holds anything but the places of tensors.
    """
    with contextlib.closing(FileSource(inside(folder, METADATA))) as source:
        content = source.read(0, min(source.size, _LONGEST))
    metadata = unpickled(io.BytesIO(content), _MetadataReader())
    if not isinstance(metadata, Instance) or metadata.kind != "Metadata":
        raise broken("the metadata of a distributed checkpoint", "something else")
    places = dict(map(_place, _pairs(_field(metadata, "storage_data"))))

    # A checkpoint of many processes has more files than one may open at a time.
    files = {name: UnopenedFile(inside(folder, name)) for name, _, _ in places.values()}

    def part(where: Place) -> PartSource:
        if where not in places and (where[0], None) not in places:
            raise broken(f"a place of {quoted(where[0])}", "none")
        name, offset, length = places.get(where) or places[where[0], None]
        return PartSource(files[name], offset, length)

    tensors = {
        name: _tensor(name, facts, part)
        for name, facts in _pairs(_field(metadata, "state_dict_metadata"))
        if isinstance(name, str)
        and isinstance(facts, Instance)
        and facts.kind == "TensorStorageMetadata"
    }
    named = weights_in(_tree(tensors, _field(metadata, "planner_data")))
    renamed = {name: replace(tensor, name=name) for name, tensor in named.items()}
    return TensorFile(renamed, "torch distributed checkpoint", "torch")


class _MetadataReader(TorchReader):
    """Knows the classes of the metadata besides."""

    def refer(self, name: Name) -> Any:
        """Return the name, if it is of a class of the metadata."""
        return name if _is_of_metadata(name) else super().refer(name)

    def call(self, name: Name, arguments: tuple[Any, ...]) -> Any:
        """Return an object of such a class."""
        if _is_of_metadata(name):
            return Instance(name.name, arguments)
        return super().call(name, arguments)


def _is_of_metadata(name: Name) -> bool:
    return name.module in _MODULES and name.name in _CLASSES


def _tensor(name: str, facts: Instance, part: Any) -> StoredTensor:
    shape = checked_shape(name, _counts(_field(facts, "size")))
    properties = _field(facts, "properties")
    match properties:
        case Instance(state=(Instance(kind="dtype", arguments=(str() as dtype,)), *_)):
            pass
        case _:
            raise broken(f"the dtype of {quoted(name)}", "none")
    number = NUMBERS.get(dtype)
    if number is None:
        return refused(name, shape, dtype, f"which is stored as {dtype}")
    pieces = [_piece(name, chunk, part) for chunk in _field(facts, "chunks") or ()]
    return in_pieces(name, number, shape, pieces)


def _piece(name: str, chunk: Any, part: Any) -> Piece:
    corner = checked_shape(name, _counts(_field(chunk, "offsets")))
    shape = checked_shape(name, _counts(_field(chunk, "sizes")))

    @cache
    def opened() -> StoredTensor:
        file = read_torch_archive(Archive(part((name, corner))))
        if list(file.tensors) != [""]:
            raise broken(f"a tensor as a piece of {quoted(name)}", "something else")
        return file.tensors[""]

    return Piece(corner, shape, opened)


def _place(item: tuple[Any, Any]) -> tuple[Place, tuple[str, int, int]]:
    """Return what a chunk's index says, and where the chunk lies."""
    index, info = item
    name, corner = _field(index, "fqn"), _field(index, "offset")
    if _field(info, "transform_descriptors"):
        raise broken(
            f"{quoted(name)} as torch.save writes it",
            "a transformed one",
            "Save the checkpoint without extensions.",
        )
    match (name, _field(info, "relative_path"), _field(info, "offset"), _field(info, "length")):
        case (str(), str() as path, int() as offset, int() as length):
            # Counts alone: hashing what is deep in itself would end the process.
            place = None if corner is None else checked_shape(name, _counts(corner))
            return (name, place), (path, offset, length)
    raise broken("the place of a tensor in a file", quoted(name))


def _tree(tensors: dict[str, StoredTensor], planned: Any) -> Pairs:
    """Return the tensors in the dicts that they were saved in, as far as these are known."""
    first: dict[str, tuple[str, str]] = {}
    for name, path in _pairs(planned) if isinstance(planned, Pairs) else ():
        match path:
            case (str() as top, *below) if isinstance(name, str) and below:
                first[name] = (top, ".".join(map(str, below)))
    parts: dict[str, Any] = {}
    for name, tensor in tensors.items():
        top, rest = first.get(name, (name, ""))
        if rest:
            parts.setdefault(top, Pairs()).items.append((rest, tensor))
        else:
            parts[name] = tensor
    return Pairs(list(parts.items()))


def _field(instance: Any, name: str) -> Any:
    """Return what an object of the metadata has under a name; none where it has nothing."""
    state = instance.state if isinstance(instance, Instance) else None
    items = state.items[:_MOST_FIELDS] if isinstance(state, Pairs) else []
    return next((value for key, value in _pairs(Pairs(items)) if key == name), None)


def _pairs(value: Any) -> list[tuple[Any, Any]]:
    items = value.items if isinstance(value, Pairs) else []
    return [item for item in items if isinstance(item, tuple) and len(item) == 2]


def _counts(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else []
