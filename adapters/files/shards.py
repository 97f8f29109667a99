"""Checkpoints in several files, with an index file that says which tensor lies where."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path, PurePosixPath
from typing import Any, Final

from fanwise.adapters.files.faults import broken, quoted
from fanwise.adapters.files.opened import Closing, TensorFile
from fanwise.adapters.stored_weights import StoredTensor

#: More shards than any checkpoint has, and fewer than the files that a process may open.
MOST_SHARDS: Final = 512


def inside(folder: Path, name: object) -> Path:
    """Return the path of a file that another one names, if it lies in the same folder.

    Args:
        folder: which the file may not leave.
        name: relative to the folder. A link is followed within the folder, and to the blobs of the
            cache of the Hugging Face hub, whose snapshots consist of such links.

    Raises:
        FanwiseError: for a name that leads elsewhere.
    """
    words = PurePosixPath(name).parts if isinstance(name, str) else ()
    if not words or "\0" in str(name) or "\\" in str(name) or words[0] == "/" or ".." in words:
        raise _outside(folder, name)
    path = folder / Path(*words)
    try:
        target, home = path.resolve(), folder.resolve()
    except (OSError, RuntimeError, ValueError):
        raise _outside(folder, name) from None
    blobs = home.parent.parent / "blobs"
    cached = home.parent.name == "snapshots" and target.parent == blobs.resolve()
    if not (target.is_relative_to(home) or cached):
        raise _outside(folder, name)
    return path


def read_shards(
    index: dict[str, Any],
    folder: Path,
    open_shard: Callable[[Path], TensorFile],
    closing: Closing,
) -> TensorFile:
    """Find the tensors of all the files that an index names.

    Args:
        index: as it is read.
        folder: that it lies in.
        open_shard: opens one of the files.
        closing: closes them.

    Raises:
        FanwiseError: where a file is missing, lies elsewhere, or lacks a tensor that the index
            promises.
    """
    places = index.get("weight_map")
    if not isinstance(places, dict) or not places:
        raise broken("the names of files by those of tensors as 'weight_map'", "none")
    names = {name for name in places.values() if isinstance(name, str)}
    if len(names) > MOST_SHARDS:
        raise broken(f"at most {MOST_SHARDS} shards", f"{len(names)}")
    shards = {name: closing.enter_context(open_shard(inside(folder, name))) for name in names}
    tensors: dict[str, StoredTensor] = {}
    for name, place in places.items():
        if not isinstance(place, str):
            raise _outside(folder, place)
        if name not in shards[place].tensors:
            raise broken(f"the tensor {quoted(name)} in {quoted(place)}, as the index says", "none")
        tensors[name] = shards[place].tensors[name]
    _check_none_left(shards.items(), tensors)
    anyone = next(iter(shards.values()))
    return TensorFile(tensors, anyone.format, anyone.framework, anyone.metadata)


def _check_none_left(
    shards: Iterable[tuple[str, TensorFile]], tensors: dict[str, StoredTensor]
) -> None:
    """Refuse tensors that the index does not name: nobody would look at them."""
    for place, shard in shards:
        for name in shard.tensors:
            if name not in tensors:
                raise broken(f"every tensor of {quoted(place)} in the index", quoted(name))


def _outside(folder: Path, name: object) -> Exception:
    return broken(
        f"the name of a file in {quoted(folder)}",
        quoted(name),
        "An index may name files of its own folder alone; do not trust this one.",
    )
