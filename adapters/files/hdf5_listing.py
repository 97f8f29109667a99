"""The program that lists what a file of HDF5 holds, for a process that does not trust the file.

    python hdf5_listing.py PATH OFFSET SIZE

HDF5 believes what it reads: a length in a damaged file makes it clear 4 GiB, and others have made
it crash. So h5py runs in a process of its own, with bounds on memory and time, and says where the
numbers lie; it reads none of them. What refers to other files is named, and not followed.

Writes a line of JSON for each group and dataset, the root first.
"""

from __future__ import annotations

import base64
import contextlib
import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, Final

#: What the process may take: of memory, in bytes, and of time, in seconds.
MEMORY: Final = 384 << 20
SECONDS: Final = 60
#: How many bytes the list may have.
LONGEST: Final = 1 << 25
_MOST_OBJECTS: Final = 200_000
_MOST_CHUNKS: Final = 200_000
_DEEPEST: Final = 64
_LONGEST_TEXT: Final = 1000
#: Datasets that lie in a header are short, and are given with their bytes.
_COMPACT: Final = 1 << 16


class _Window(io.RawIOBase):
    """A part of a file, as the file that h5py reads."""

    def __init__(self, file: BinaryIO, offset: int, size: int) -> None:
        self._file, self._offset, self._size = file, offset, size
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._at = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        return self._at

    def readinto(self, buffer: Any, /) -> int:
        view = memoryview(buffer).cast("B")
        self._file.seek(self._offset + self._at)
        data = self._file.read(max(0, min(len(view), self._size - self._at)))
        view[: len(data)] = data
        self._at += len(data)
        return len(data)


def listed(h5py: Any, file: Any) -> Iterator[dict[str, Any]]:
    """Describe the groups and datasets of a file.

    Yields:
        what a line of the output holds: the path, and of a group its ``title`` and the names of its
        ``attributes``; of a dataset its ``shape``, its ``dtype`` (``""`` where NumPy's is not what
        is stored), and ``offset``, ``data`` or ``chunks``; a ``fault`` where something is refused.
    """
    waiting: list[tuple[tuple[str, ...], Any]] = [((), file)]
    seen, count = {_address(h5py, file)}, 1
    while waiting:
        path, group = waiting.pop()
        count += len(group)
        if count > _MOST_OBJECTS or len(path) > _DEEPEST:
            yield {"path": path, "fault": "too many objects, or too deep in each other"}
            return
        yield {"path": path, "title": _text(group, "name"), "attributes": list(group.attrs)}
        groups = []
        for name in group:
            place = (*path, name)
            if not isinstance(group.get(name, getlink=True), h5py.HardLink):
                yield {"path": place, "fault": "a link to elsewhere"}
                return
            node = group[name]
            if _address(h5py, node) in seen:
                yield {"path": place, "fault": "an object that lies in two groups, or in itself"}
                return
            seen.add(_address(h5py, node))
            if isinstance(node, h5py.Dataset):
                yield {"path": place, **_dataset(h5py, node)}
            elif isinstance(node, h5py.Group):
                groups.append((place, node))
        waiting += reversed(groups)


def _dataset(h5py: Any, dataset: Any) -> dict[str, Any]:
    if dataset.is_virtual or dataset.external:
        return {"fault": "values that lie in other files"}
    shape = list(dataset.shape or ())
    facts = {"shape": shape, "dtype": _dtype(h5py, dataset) if dataset.shape is not None else ""}
    settings = dataset.id.get_create_plist()
    layout = settings.get_layout()
    if layout == h5py.h5d.CHUNKED:
        return facts | _chunks(dataset, settings)
    if not facts["dtype"]:
        return facts
    size = dataset.id.get_storage_size()
    if layout == h5py.h5d.COMPACT and size <= _COMPACT:
        return facts | {"data": base64.b64encode(dataset[()].tobytes()).decode("ascii")}
    return facts | {"offset": dataset.id.get_offset()}


def _chunks(dataset: Any, settings: Any) -> dict[str, Any]:
    count = dataset.id.get_num_chunks()
    if count > _MOST_CHUNKS:
        return {"fault": f"{count} chunks"}
    found: list[Any] = []
    dataset.id.chunk_iter(found.append)
    chunks = [[list(c.chunk_offset), c.byte_offset, c.size, c.filter_mask] for c in found]
    filters = [settings.get_filter(i)[0] for i in range(settings.get_nfilters())]
    return {"chunk": list(dataset.chunks), "chunks": chunks, "filters": filters}


def _dtype(h5py: Any, dataset: Any) -> str:
    """Return how the elements are stored, as NumPy writes it; ``""`` where it cannot."""
    try:
        dtype = dataset.dtype
    except TypeError:
        return ""
    kind = dataset.id.get_type()
    if kind.get_size() != dtype.itemsize:
        return ""
    if dtype.kind == "V" and dtype.itemsize == 2 and dtype.names is None:
        return "bfloat16"
    if dtype.kind == "b":
        return "bool"
    return dtype.str if dtype.kind in "fiu" and h5py.h5t.py_create(dtype) == kind else ""


def _text(group: Any, attribute: str) -> str:
    """Return a short text that is an attribute of a group; ``""`` where there is none."""
    if attribute not in group.attrs:
        return ""
    identity = group.attrs.get_id(attribute)
    if identity.shape != () or identity.get_type().get_size() > _LONGEST_TEXT:
        return ""
    value = group.attrs[attribute]
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else value
    return text[:_LONGEST_TEXT] if isinstance(text, str) else ""


def _address(h5py: Any, node: Any) -> Any:
    return h5py.h5o.get_info(node.id).addr


def _bound_this_process() -> None:
    """Bound memory and time, where the system can."""
    with contextlib.suppress(ImportError):
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main(path: str, offset: int, size: int) -> None:
    """List a part of a file."""
    import h5py

    _bound_this_process()
    try:
        with Path(path).open("rb") as file, h5py.File(_Window(file, offset, size), "r") as root:
            left = LONGEST
            for entry in listed(h5py, root):
                line = json.dumps(entry) + "\n"
                left -= len(line)
                if left < 0:
                    line = json.dumps({"path": [], "fault": "more than can be listed"})
                sys.stdout.write(line)
                if left < 0:
                    return
    except Exception as error:  # noqa: BLE001 - h5py raises anything over a damaged file
        sys.stdout.write(json.dumps({"path": [], "error": f"{type(error).__name__}: {error}"}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
