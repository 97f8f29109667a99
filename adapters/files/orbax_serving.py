"""The program that reads the arrays of a folder of Orbax, for a process that does not trust them.

    python orbax_serving.py FOLDER DRIVER OCDBT

Its library, tensorstore, inflates whatever a chunk holds, and ends the process where there is no
memory for it. So it runs in a process of its own, with a bound on memory.

Answers lines of JSON, ``{"array": NAME, "index": [[START, END], …]}`` or without index, by a line
of JSON and, where there was an index, the bytes of the block.
"""

from __future__ import annotations

import contextlib
import json
import math
import sys
from typing import Any, Final

#: What the process may take of memory, in bytes.
MEMORY: Final = 450 << 20
#: The largest chunk: it is in memory as it is stored, and inflated.
LARGEST_CHUNK: Final = 160 << 20


def opened(context: Any, folder: str, driver: str, *, database: bool, array: str) -> Any:
    """Open an array of a folder.

    Args:
        context: what it shares with others.
        folder: the folder.
        driver: of tensorstore.
        database: whether all arrays lie in one of OCDBT.
        array: its name.
    """
    import tensorstore

    if database:
        base = {"driver": "file", "path": f"{folder}/"}
        store = {"driver": "ocdbt", "base": base, "path": f"{array}/"}
    else:
        store = {"driver": "file", "path": f"{folder}/{array}/"}
    spec = {"driver": driver, "kvstore": store}
    return tensorstore.open(spec, read=True, open=True, context=context).result()


def facts_of(array: Any) -> dict[str, Any]:
    """Describe an array."""
    chunk = math.prod(array.chunk_layout.read_chunk.shape or ()) * array.dtype.numpy_dtype.itemsize
    facts = {"shape": list(array.shape), "dtype": array.dtype.name}
    return facts | ({"chunk": chunk} if chunk > LARGEST_CHUNK else {})


def main(folder: str, driver: str, database: str) -> None:
    """Answer requests until there are no more."""
    import tensorstore

    with contextlib.suppress(ImportError):
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # All arrays share one memory of chunks: what one has left there is given up with delay. A chunk
    # that was inflated stays for the next block of it.
    context = tensorstore.Context(
        {
            "cache_pool": {"total_bytes_limit": LARGEST_CHUNK},
            "data_copy_concurrency": {"limit": 1},
            "file_io_concurrency": {"limit": 1},
        }
    )
    arrays: dict[str, Any] = {}
    for line in sys.stdin:
        request, data = json.loads(line), b""
        name = request["array"]
        try:
            if name not in arrays:
                options = {"database": database == "ocdbt", "array": name}
                arrays = {name: opened(context, folder, driver, **options)}
            if "index" not in request:
                answer = facts_of(arrays[name])
            else:
                block = tuple(slice(*place) for place in request["index"])
                data = arrays[name][block].read().result().tobytes()
                answer = {"length": len(data)}
        except Exception as error:  # noqa: BLE001 - what is damaged raises anything
            answer = {"error": f"{type(error).__name__}: {error}"}
        sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + data)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
