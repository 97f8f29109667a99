"""Folders of Orbax, read by its library tensorstore in a process of its own."""

from __future__ import annotations

import contextlib
import importlib.util
import math
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fanwise.adapters.files import orbax_serving
from fanwise.adapters.files.faults import broken, quoted
from fanwise.adapters.files.headers import LONGEST, parsed
from fanwise.adapters.files.libraries import missing
from fanwise.adapters.files.numbers import NUMBERS, Number
from fanwise.adapters.files.opened import Closing, TensorFile
from fanwise.adapters.files.orbax_server import OrbaxServer
from fanwise.adapters.files.regions import checked_shape, refused
from fanwise.adapters.files.shards import inside
from fanwise.adapters.files.sources import FileSource
from fanwise.adapters.files.state_dicts import is_beside_weights
from fanwise.adapters.layer_weights import Index
from fanwise.adapters.stored_weights import StoredTensor

METADATA: Final = "_METADATA"
_MOST_ARRAYS: Final = 100_000
_MOST_FILES: Final = 200_000
#: Zeros shrink to a few thousandths; more than this is no array that was written.
_MOST_INFLATED: Final = 1 << 16


def read_orbax(folder: Path, closing: Closing) -> TensorFile:
    """Find the arrays of a checkpoint.

    Args:
        folder: of an item, with the file ``_METADATA``.
        closing: ends the process that reads them.

    Raises:
        FanwiseError: where tensorstore is missing, the folder is damaged, or has links in it.
    """
    if importlib.util.find_spec("tensorstore") is None:
        raise missing("tensorstore", "a folder of Orbax")
    size = _checked_size(folder)
    source = FileSource(inside(folder, METADATA))
    with contextlib.closing(source):
        metadata = parsed(source.read(0, min(source.size, LONGEST + 1)), "the metadata")
    driver = "zarr3" if metadata.get("use_zarr3") else "zarr"
    store = "ocdbt" if metadata.get("use_ocdbt", True) else "files"
    server = OrbaxServer(folder, driver, store)
    closing.callback(server.close)
    tensors = {}
    paths = list(_paths(metadata))
    for words in [words for words in paths if not is_beside_weights(words[0])] or paths:
        name = "/".join(words)
        tensors[name] = _tensor(server, name, ".".join(words))
    claimed = sum(math.prod(tensor.shape) for tensor in tensors.values())
    if claimed > _MOST_INFLATED * size:
        raise broken(f"arrays that {size} bytes hold", f"{claimed} elements")
    if not tensors:
        raise broken("arrays", "a checkpoint without any")
    return TensorFile(tensors, "orbax", "flax")


def _paths(metadata: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    """Give the paths of the arrays in the tree that was saved."""
    tree = metadata.get("tree_metadata")
    if not isinstance(tree, dict) or len(tree) > _MOST_ARRAYS:
        raise broken("the tree that was saved as 'tree_metadata'", "none, or too large a one")
    for entry in tree.values():
        match entry:
            case {"key_metadata": list() as keys, "value_metadata": dict() as value}:
                words = tuple(key.get("key") for key in keys if isinstance(key, dict))
                if not words or not all(isinstance(w, str) and _is_plain(w) for w in words):
                    raise broken("the path of an array", quoted(str(words)))
                if not value.get("skip_deserialize") and value.get("value_type") != "string":
                    yield words  # type: ignore[misc]
            case _:
                raise broken("the path of an array", quoted(str(entry)))


def _is_plain(word: str) -> bool:
    """Whether a key leads nowhere else, where it is a part of the path of a file."""
    return "\0" not in word and ".." not in word.replace("\\", "/").split("/")


def _tensor(server: OrbaxServer, name: str, array: str) -> StoredTensor:
    facts = server.facts(array)
    shape = checked_shape(name, facts.get("shape"))
    dtype = str(facts.get("dtype"))
    if dtype not in NUMBERS:
        return refused(name, shape, dtype, f"which is stored as {dtype}")
    if "chunk" in facts:
        most = orbax_serving.LARGEST_CHUNK
        reason = (
            f"which lies in chunks of {facts['chunk']} bytes, more than the {most} that are read "
            "within bounded memory: save it with a chunk_byte_size, or pass the restored arrays"
        )
        return refused(name, shape, dtype, reason)
    return StoredTensor(name, shape, dtype, _Array(server, array, NUMBERS[dtype], shape).read)


class _Array:
    """An array that is read block by block."""

    def __init__(
        self, server: OrbaxServer, array: str, number: Number, shape: tuple[int, ...]
    ) -> None:
        self._server, self._array, self._number, self._shape = server, array, number, shape

    def read(self, index: Index) -> NDArray[Any]:
        """Return a block of the array."""
        chosen = (*index, *[slice(None)] * (len(self._shape) - len(index)))
        ranges = [
            place.indices(size)[:2] if isinstance(place, slice) else (place, place + 1)
            for place, size in zip(chosen, self._shape, strict=True)
        ]
        sizes = [max(0, end - first) for first, end in ranges]
        if 0 in sizes:
            data = b""
        else:
            length = math.prod(sizes) * self._number.storage.itemsize
            data = self._server.block(self._array, ranges, length)
        values = self._number.decode(np.frombuffer(data, self._number.storage).reshape(sizes))
        return np.asarray(
            values[tuple(slice(None) if isinstance(place, slice) else 0 for place in chosen)]
        )


def _checked_size(folder: Path) -> int:
    """Return how many bytes the files of a folder have, none of which may lie elsewhere."""
    size = count = 0
    waiting = [folder]
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                count += 1
                state = entry.stat(follow_symlinks=False)
                if stat.S_ISDIR(state.st_mode):
                    waiting.append(Path(entry.path))
                elif not stat.S_ISREG(state.st_mode) or count > _MOST_FILES:
                    raise broken(
                        f"regular files in {quoted(folder)}, at most {_MOST_FILES}",
                        quoted(entry.name),
                        "A checkpoint of Orbax has no links in it: do not trust this one.",
                    )
                else:
                    size += state.st_size
    return size
