"""What stands beside the chunks of an Orbax checkpoint: JSON, of each array and of the tree.

Orbax imports JAX, which takes seconds of a core, and devices: these files are written without it,
as it and tensorstore write them. Whatever reads one of the two formats reads them, zarr version 2
and Orbax's metadata of a tree.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Final

#: The name of what describes an array, in its folder; and of what describes the tree.
OF_ARRAY: Final = ".zarray"
OF_TREE: Final = "_METADATA"
#: What Orbax calls the key of a dict.
_DICT_KEY: Final = 2


def array_description(shape: Sequence[int], chunks: Sequence[int], dtype: str) -> bytes:
    """Return what describes an array whose chunks are not compressed.

    Args:
        shape: of the array.
        chunks: the shape of a chunk.
        dtype: as zarr writes it.

    Examples:
        >>> array_description((5, 2), (3, 2), "<f4")[:29]
        b'{"chunks":[3,2],"compressor":'
    """
    facts = {
        "chunks": list(chunks),
        "compressor": None,
        "dimension_separator": ".",
        "dtype": dtype,
        "fill_value": None,
        "filters": None,
        "order": "C",
        "shape": list(shape),
        "zarr_format": 2,
    }
    return json.dumps(facts, separators=(",", ":")).encode()


def tree_description(paths: Iterable[tuple[str, ...]]) -> bytes:
    """Return what describes a tree of dicts whose leaves are arrays.

    Args:
        paths: the keys of each array, from the top down.

    Examples:
        >>> print(tree_description([("up", "kernel")])[:41].decode())
        {"tree_metadata": {"('up', 'kernel')": {"
    """
    leaf = {"value_type": "np.ndarray", "skip_deserialize": False}
    leaves = {
        # As Orbax names a leaf: the text of the tuple. A dict's keys are sorted, at each level.
        str(keys): {
            "key_metadata": [{"key": key, "key_type": _DICT_KEY} for key in keys],
            "value_metadata": leaf,
        }
        for keys in sorted(paths)
    }
    tree = {
        "tree_metadata": leaves,
        "use_ocdbt": False,
        "use_zarr3": False,
        "store_array_data_equal_to_fill_value": True,
        "custom_metadata": None,
    }
    return json.dumps(tree).encode()
