"""What Keras calls the variables of a model in the files that it saves their values in."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

import keras
from keras.src.saving import saving_lib

from fanwise.adapters.keras.layers.process_state import unchanged_process

#: What a file has in each of its groups.
_VARIABLES = "vars"


class _Names(saving_lib.NpzIOStore):
    """A store that keeps what it is given, and writes nothing."""

    def __init__(self) -> None:
        self.groups: dict[str, dict[str, Any]] = {}

    def make(self, path: str, metadata: Any = None) -> MutableMapping[str, Any]:
        """Give the place for the variables of a layer."""
        del metadata
        return self.groups.setdefault(path, {})


def saved_names(model: keras.layers.Layer) -> dict[int, str]:
    """Return the names that the variables of a model have in ``.weights.h5``, by their ids.

    Args:
        model: a model or a layer; built. Nothing is written.
    """
    store = _Names()
    # Keras makes layers to compare with, and counts their names.
    with unchanged_process():
        saving_lib._save_state(model, store, None, "", set())  # noqa: SLF001 (it has no other name)
    return {
        id(variable): f"{path}/{_VARIABLES}/{key}".lstrip("/")
        for path, group in store.groups.items()
        for key, variable in group.items()
    }
