"""How Orbax and tensorstore describe arrays whose chunks are written: by themselves."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import numpy as np
import orbax.checkpoint as ocp
import tensorstore
from etils import epath
from orbax.checkpoint import future, type_handlers


class WrittenArray:
    """An array whose chunks lie in their place already.

    Attributes:
        shape, dtype: as Orbax asks an array for them.
    """

    def __init__(self, facts: dict[str, Any]) -> None:
        self.shape = tuple(facts["shape"])
        self.dtype = np.dtype(np.uint8)
        self.size, self.nbytes = 0, 0


class WrittenArrayHandler(type_handlers.NumpyHandler):
    """Saves nothing: what is restored is an array as any other."""

    async def serialize(self, values: Any, infos: Any, args: Any = None) -> Any:
        """Say that all is saved."""
        del values, infos, args
        return [future.CommitFutureAwaitingContractedSignals(asyncio.sleep(0), name="written")]


def describe(folder: Path, arrays: list[dict[str, Any]]) -> None:
    """Write what says of chunks which array they are, and of arrays which tree.

    Args:
        folder: of the checkpoint.
        arrays: each with its keys in the tree, its folder, shape, chunks and dtype.
    """
    tree: dict[str, Any] = {}
    for facts in arrays:
        tensorstore.open(_spec(folder, facts)).result()
        *above, last = facts["keys"]
        place = tree
        for key in above:
            place = place.setdefault(key, {})
        place[last] = WrittenArray(facts)
    registry = type_handlers.create_type_handler_registry((WrittenArray, WrittenArrayHandler()))
    handler = ocp.PyTreeCheckpointHandler(use_ocdbt=False, type_handler_registry=registry)
    handler.save(epath.Path(folder), args=ocp.args.PyTreeSave(tree))
    handler.finalize(epath.Path(folder))


def _spec(folder: Path, facts: dict[str, Any]) -> dict[str, Any]:
    return {
        "driver": "zarr",
        "kvstore": {"driver": "file", "path": f"{folder / facts['folder']}/"},
        "metadata": {
            "shape": facts["shape"],
            "chunks": facts["chunks"],
            "dtype": facts["dtype"],
            "compressor": None,
            "fill_value": None,
        },
        "create": True,
        "delete_existing": False,
    }
