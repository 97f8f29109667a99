"""The door: from a path to tensors that can be read."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from numpy.typing import NDArray

from fanwise.adapters.files.faults import explained, quoted
from fanwise.adapters.files.folders import checkpoint_of, orbax_item
from fanwise.adapters.files.formats import KNOWN, read_file
from fanwise.adapters.files.headers import LONGEST, parsed
from fanwise.adapters.files.keras_files import read_keras_shards
from fanwise.adapters.files.opened import Closing, TensorFile
from fanwise.adapters.files.orbax import read_orbax
from fanwise.adapters.files.shards import read_shards
from fanwise.adapters.files.sources import FileSource
from fanwise.adapters.files.torch_distributed import METADATA, read_distributed
from fanwise.adapters.layer_weights import Index
from fanwise.adapters.stored_weights import StoredTensor
from fanwise.spec.errors import FanwiseError, Phrase

_KERAS_INDEX: Final = ".weights.json"
_INDEXES: Final = (".index.json", _KERAS_INDEX)


def open_tensors(path: str | os.PathLike[str]) -> TensorFile:
    """Open a checkpoint, and find its tensors, without reading their values.

    Nothing that the file holds is run, and no more than some hundred MiB is in memory, whatever
    it claims.

    Args:
        path: of a file of safetensors, ``torch.save``, NumPy or Keras; of an index file of shards;
            or of a folder with one of these, or that is a checkpoint of torch's
            ``distributed.checkpoint`` or of Orbax.

    Returns:
        its tensors, to be read inside a ``with`` block.

    Raises:
        FanwiseError: where there is no such file, it is of another format, or damaged.

    Examples:
        >>> import tempfile
        >>> import numpy as np
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     np.savez(f"{folder}/start.npz", kernel=np.ones((2, 3), np.float32))
        ...     with open_tensors(f"{folder}/start.npz") as file:
        ...         tensor = file.tensors["kernel"]
        ...         print(file.format, tensor.shape, tensor.dtype, tensor.read((0,)))
        npz (2, 3) float32 [1. 1. 1.]
    """
    try:
        place = Path(path)
        exists = place.exists()
    except (TypeError, ValueError, OSError):
        raise FanwiseError("a path", path, "Pass the path of a checkpoint.") from None
    if not exists:
        raise FanwiseError(
            f"a checkpoint ({KNOWN})",
            Phrase(f"{quoted(place)}, where there is no file"),
            "Check the path.",
        )
    if place.is_dir():
        return _opened_folder(place)
    return _opened(place)


def _opened(path: Path) -> TensorFile:
    if path.name.casefold().endswith(_INDEXES):
        return _opened_index(path)
    return _opened_file(path)


def _opened_folder(folder: Path) -> TensorFile:
    if (folder / METADATA).exists():
        with _opening(folder, "a distributed checkpoint of torch") as (finish, _):
            return finish(read_distributed(folder))
    item = orbax_item(folder)
    if item is not None:
        with _opening(item, "a checkpoint of Orbax") as (finish, closing):
            return finish(read_orbax(item, closing))
    return _opened(checkpoint_of(folder))


def _opened_file(path: Path) -> TensorFile:
    with _opening(path, "a checkpoint") as (finish, closing):
        return finish(read_file(_opened_source(path, closing), path))


def _opened_index(path: Path) -> TensorFile:
    with _opening(path, "an index of shards") as (finish, closing):
        text = _opened_source(path, closing)
        index = parsed(text.read(0, min(LONGEST + 1, text.size)), "the index")
        if path.name.casefold().endswith(_KERAS_INDEX):
            shards = read_keras_shards(
                index, path.parent, lambda place: _opened_source(place, closing)
            )
        else:
            shards = read_shards(index, path.parent, _opened_file, closing)
        return finish(shards)


@contextlib.contextmanager
def _opening(path: Path, form: str) -> Iterator[tuple[Callable[[TensorFile], TensorFile], Closing]]:
    """Say what is wrong with a file, now or once its tensors are read; close it if it is now."""

    def explained_tensor(tensor: StoredTensor) -> StoredTensor:
        def read(index: Index) -> NDArray[Any]:
            with explained(path, form):
                return tensor.read(index)

        return replace(tensor, read=read)

    def finish(file: TensorFile) -> TensorFile:
        tensors = {name: explained_tensor(tensor) for name, tensor in file.tensors.items()}
        return replace(file, tensors=tensors, _closing=closing.pop_all().close)

    with explained(path, form), Closing() as closing:
        yield finish, closing


def _opened_source(path: Path, closing: Closing) -> FileSource:
    source = FileSource(path)
    closing.callback(source.close)
    return source
